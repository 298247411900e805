"""ask_php: settings.php run by PHP, with its answer taken or its failure said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from drupalsync.php.settings_from_php import AskPhpError, ask_php

needs_php = pytest.mark.skipif(shutil.which("php") is None, reason="php is not installed")


def settings_php(tmp_path: Path, source: str) -> Path:
    folder = tmp_path / "sites" / "default"
    folder.mkdir(parents=True)
    (folder / "settings.php").write_text(source)
    return folder / "settings.php"


@needs_php
def test_what_only_php_can_compute_is_known(tmp_path: Path) -> None:
    source = """noise before the tag <?php
        ob_start(function ($text) { return ''; });
        echo "noise\\n";
        foreach (array('a', 'b') as $n) { $conf[$n] = strtoupper($n); }
        $conf[5] = "\\xff";
        $conf['root'] = DRUPAL_ROOT . '|' . getcwd() . '|' . conf_path();
        $databases['default']['default'] = json_decode('{"driver": "mysql", "database": "d", "port": 3307}', TRUE);
    """
    settings = ask_php(settings_php(tmp_path, source))
    assert settings.conf == {"a": "A", "b": "B", "5": b"\xff", "root": f"{tmp_path}|{tmp_path}|sites/default"}
    assert settings.databases["default"]["default"].port == 3307
    assert settings.unread == []


@needs_php
def test_a_value_that_php_cannot_write_down_does_not_hide_the_others(tmp_path: Path) -> None:
    settings = ask_php(settings_php(tmp_path, "<?php $conf['f'] = function () {}; $conf['x'] = 1;"))
    assert settings.conf == {"x": 1}
    assert [unread.what for unread in settings.unread] == ["$conf['f'] holds what PHP cannot write down"]


@needs_php
@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param("<?php $conf['x'] = ;", "syntax error", id="broken"),
        pytest.param("<?php throw new Exception('no');", "Uncaught Exception: no", id="an exception"),
        pytest.param("<?php no_such_function();", "no_such_function", id="a function of Drupal's"),
    ],
)
def test_error_settings_that_fail(tmp_path: Path, source: str, said: str) -> None:
    with pytest.raises(AskPhpError, match=said):
        ask_php(settings_php(tmp_path, source))


def test_error_php_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AskPhpError, match="there is no program no-such-php here"):
        ask_php(settings_php(tmp_path, "<?php"), php="no-such-php")
