"""read_settings: settings.php as it is found in the wild, read without PHP; what needs PHP is said, never guessed.

Every case that PHP can run is also given to PHP, which must come to the same settings.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from drupalsync.php import Value, same
from drupalsync.php.settings import DatabaseInfo, Settings, read_settings
from drupalsync.php.settings_data import SettingsSyntaxError
from drupalsync.php.settings_from_php import ask_php

ENVIRON = {"DB_NAME": "from_env", "FLAG": "1", "EMPTY": ""}
PHP_IS_HERE = shutil.which("php") is not None


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A docroot's sites/default, and an environment that holds ENVIRON."""
    folder = tmp_path / "docroot" / "sites" / "default"
    folder.mkdir(parents=True)
    for name in ("DB_PASS", "NOT_SET", "IS_DDEV_PROJECT", "DDEV_PHP_VERSION", "HTTP_HOST"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    return folder


def read(site: Path, source: str | bytes, **files: str) -> Settings:
    """Writes settings.php and files beside it (`local` is settings.local.php), and reads them."""
    for name, text in files.items():
        (site / f"settings.{name}.php").write_text(text)
    raw = source if isinstance(source, bytes) else source.encode()
    (site / "settings.php").write_bytes(raw if b"<?" in raw[:5] else b"<?php\n" + raw)
    return read_settings(site / "settings.php", os.environ)


def agrees_with_php(site: Path, settings: Settings) -> bool:
    if not PHP_IS_HERE:
        return True
    quick = site / "php"
    quick.write_text('#!/bin/sh\nexec php -n "$@"\n')  # without its extensions it starts five times as fast
    quick.chmod(0o755)
    asked = ask_php(site / "settings.php", str(quick))
    return asked == settings and all(same(value, settings.conf[name]) for name, value in asked.conf.items())


MAIN = DatabaseInfo(driver="mysql", database="drupal", username="u", password="p", host="db", port=3307)

CONNECTIONS = [
    pytest.param(
        """$databases = array('default' => array('default' => array('driver' => 'mysql', 'database' => 'drupal',
           'username' => 'u', 'password' => 'p', 'host' => 'db', 'port' => '3307', ), ), );""",
        id="as Drupal's installer writes it",
    ),
    pytest.param(
        """$databases = ['default' => ['default' => ['driver' => "mysql", 'database' => 'drupal', 'username' => 'u',
           'password' => 'p', 'host' => 'db', 'port' => 3307]]];""",
        id="short arrays",
    ),
    pytest.param(
        """$databases['default']['default'] = array('driver' => 'mysql', 'database' => 'other', 'password' => 'p');
           $databases['default']['default']['database'] = 'dru' . 'pal';
           $databases['default']['default'] += array('username' => 'u', 'password' => 'ignored', 'host' => 'db');
           $databases["default"]['default']["port"] = 3307;""",
        id="part by part, the later value wins",
    ),
    pytest.param(
        """$host = "db"; $port = 3300 + 7; $driver = "mysql";
           $databases['default']['default']['host'] = $host;
           $databases['default']['default']['port'] = $port;
           $databases['default']['default']['driver'] = $driver;
           $login = ['username' => 'u', 'password' => 'p'];
           $databases['default']['default'] += $login;
           $login['password'] = 'later';
           $databases['default']['default']['database'] = "${driver}" === 'x' ? 'no' : "drupal";""".replace(
            '"${driver}"', '"{$driver}"'
        ),
        id="by way of local variables",
    ),
    pytest.param(
        """function helper($databases) { $databases = NULL; return "}"; }
           class Helper { const A = 1; function f() { $GLOBALS['conf'] = 1; } }
           $GLOBALS['databases']['default']['default'] = array('driver' => 'mysql', 'database' => 'drupal',
             'username' => 'u', 'password' => 'p', 'host' => 'db', 'port' => (int) '3307');""",
        id="among functions and classes",
    ),
]


@pytest.mark.parametrize("source", CONNECTIONS)
def test_the_connection_is_read(site: Path, source: str) -> None:
    settings = read(site, source)
    assert settings.databases == {"default": {"default": MAIN}}
    assert settings.unread == []
    assert agrees_with_php(site, settings)


def test_several_keys_targets_replicas_and_prefixes_are_read(site: Path) -> None:
    settings = read(
        site,
        """
        $databases['default']['default'] = array('driver' => 'mysql', 'database' => 'a', 'prefix' => 'main_');
        $databases['default']['slave'][] = array('driver' => 'mysql', 'database' => 'a', 'host' => 'r1');
        $databases['default']['slave'][] = array('driver' => 'mysql', 'database' => 'a', 'host' => 'r2');
        $databases['legacy']['default'] = array('driver' => 'sqlite', 'database' => '/srv/old.sqlite',
          'prefix' => array('default' => 'old_', 'users' => 'shared.', 'sessions' => 'shared.'));
        $databases['tls']['default'] = array('driver' => 'mysql', 'unix_socket' => '/run/x.sock', 'charset' => 'utf8mb4',
          'collation' => 'utf8mb4_general_ci', 'pdo' => array(1009 => __DIR__ . '/ca.pem'));
        """,
    )
    assert settings.databases == {
        "default": {
            "default": DatabaseInfo(driver="mysql", database="a", prefix="main_"),
            "slave": DatabaseInfo(driver="mysql", database="a", host="r1"),
            "slave/2": DatabaseInfo(driver="mysql", database="a", host="r2"),
        },
        "legacy": {
            "default": DatabaseInfo(
                driver="sqlite",
                database="/srv/old.sqlite",
                prefix="old_",
                prefixes={"users": "shared.", "sessions": "shared."},
            )
        },
        "tls": {
            "default": DatabaseInfo(
                driver="mysql",
                unix_socket="/run/x.sock",
                charset="utf8mb4",
                collation="utf8mb4_general_ci",
                other={"pdo": {1009: f"{site}/ca.pem"}},
            )
        },
    }
    assert agrees_with_php(site, settings)


def test_pdo_s_constants_are_known(site: Path) -> None:
    settings = read(site, "$databases['a']['default'] = array('pdo' => array(PDO::MYSQL_ATTR_SSL_CA => 'ca.pem'));")
    assert settings.databases["a"]["default"].other == {"pdo": {1009: "ca.pem"}}


CONF: list[object] = [
    pytest.param("$conf['x'] = 'it\\'s \\\\ \\n';", "it's \\ \\n", id="single quotes"),
    pytest.param(r"""$conf['x'] = "a\tb\n\$c \"q\" \x41\102\u{1F600} \q";""", 'a\tb\n$c "q" AB😀 \\q', id="double quotes"),
    pytest.param(r"""$conf['x'] = "\xc3\xa9";""", "é", id="two escapes that are one letter"),
    pytest.param(r"""$conf['x'] = "\xff";""", b"\xff", id="an escape that is no UTF-8"),
    pytest.param(b"$conf['x'] = '\xff';", b"\xff", id="a byte that is no UTF-8"),
    pytest.param("$v = 'b'; $conf['x'] = \"a $v {$v}c\";", "a b bc", id="variables in a string"),
    pytest.param("$v = ['k' => 'b', 3 => 'd']; $conf['x'] = \"$v[k]{$v['k']}$v[3]{$v[\"k\"]}\";", "bbdb", id="items in a string"),
    pytest.param("$v = 'V';\n$conf['x'] = <<<EOT\none $v \"q\" \\\"\n  two\\t\nEOT;\n", 'one V "q" \\"\n  two\t', id="heredoc"),
    pytest.param("$conf['x'] = <<<'EOT'\none $v \\t\nEOT;\n", "one $v \\t", id="nowdoc"),
    pytest.param("$conf['x'] = <<<EOT\n    one\n      two\n    EOT . '!';\n", "one\n  two!", id="heredoc with indentation"),
    pytest.param("$conf['x'] = <<<EOT\nEOT;\n", "", id="empty heredoc"),
    pytest.param("$conf['x'] = TRUE;", True, id="true"),
    pytest.param("$conf['x'] = null;", None, id="null"),
    pytest.param("$conf['x'] = -5;", -5, id="a negative int"),
    pytest.param("$conf['x'] = 60 * 60 * 24;", 86400, id="a product"),
    pytest.param("$conf['x'] = 0x1F + 017 + 0b11 + 1_000;", 0x1F + 0o17 + 3 + 1000, id="ints in other notations"),
    pytest.param("$conf['x'] = -0.5e3;", -500.0, id="a float"),
    pytest.param("$conf['x'] = 900.0;", 900.0, id="a whole float stays one"),
    pytest.param("$conf['x'] = 9223372036854775808;", 9223372036854775808.0, id="an int that is too large"),
    pytest.param("$conf['x'] = 'n' . 5 . 1.5 . TRUE . NULL;", "n51.51", id="joined with numbers"),
    pytest.param("$conf['x'] = 'a'; $conf['x'] .= 'b';", "ab", id="appended to"),
    pytest.param("$conf['x'] = array('5' => 1, '05' => 2, TRUE => 3, 7 => 4, 5);", {5: 1, "05": 2, 1: 3, 7: 4, 8: 5}, id="keys"),
    pytest.param("$conf['x'] = array(0 => 'a', 1 => 'b',);", ["a", "b"], id="a list"),
    pytest.param("$conf['x']['a']['b'][] = 1; $conf['x']['a']['b'][] = 2;", {"a": {"b": [1, 2]}}, id="nested"),
    pytest.param("$conf = array('x' => 1); $conf += array('x' => 2, 'y' => 3); unset($conf['y']);", 1, id="a union, and unset"),
    pytest.param("$conf['x'] = $other['x'] = 'both';", "both", id="two at once"),
    pytest.param("$conf['x'] = 'a'; // $conf['x'] = 'b';\n# $conf['x'] = 'c';\n/* $conf['x'] = 'd'; */", "a", id="comments"),
    pytest.param("$conf['x'] = 'a'; // so ?>\n $conf['x'] = 'b';\n<?php $conf['y'] = 1;", "a", id="a comment ends the PHP"),
    pytest.param("$conf['x'] = 'a // b # c /* d';", "a // b # c /* d", id="a comment's signs in a string"),
    pytest.param("$conf['x'] = __DIR__;", "{site}", id="the folder"),
    pytest.param("$conf['x'] = dirname(__FILE__) . '/f';", "{site}/f", id="the folder, as PHP 5.2 wrote it"),
    pytest.param("$conf['x'] = DRUPAL_ROOT . '/' . conf_path();", "{site}", id="Drupal's own folders"),
    pytest.param("$conf['x'] = dirname(__DIR__, 2);", "{root}", id="some folders up"),
    pytest.param("define('MINE', 'm'); const YOURS = 'y'; $conf['x'] = MINE . YOURS;", "my", id="constants"),
    pytest.param("$conf['x'] = getenv('DB_NAME');", "from_env", id="environment"),
    pytest.param("$conf['x'] = getenv('NOT_SET') ?: 'default';", "default", id="a default where the environment says nothing"),
    pytest.param("$conf['x'] = $_ENV['NOT_SET'] ?? 'default';", "default", id="a default for null"),
    pytest.param("$conf['x'] = isset($_SERVER['NOT_SET']) ? 'a' : 'b';", "b", id="either or"),
    pytest.param("if (getenv('FLAG')) { $conf['x'] = 1; } else { $conf['x'] = 2; }", 1, id="a condition that holds"),
    pytest.param("if (getenv('NOT_SET') == 'true') $conf['x'] = 1; else if (!getenv('EMPTY')) $conf['x'] = 2; else $conf['x'] = 3;", 2, id="a chain of conditions"),
    pytest.param("if (!defined('NO')): $conf['x'] = 1; elseif (1 > 2): $conf['x'] = 2; else: $conf['x'] = 3; endif; if (0) { $conf['x'] = 4; }", 1, id="conditions with colons"),
    pytest.param("$conf['x'] = 1; if (FALSE) { $conf['x'] = 2; } if (TRUE && !empty($conf['x'])) { $conf['x'] = 3; }", 3, id="one condition after another"),
    pytest.param("$conf['x'] = 1; FALSE && $conf['x'] = 2; TRUE || $conf['x'] = 3;", 1, id="the half that is not run"),
    pytest.param("$conf['x'] = 1; $conf['x'] ??= 2; $conf['y'] ??= 3;", 1, id="only where nothing is set"),
    pytest.param("$conf['x'] = 1; return; $conf['x'] = 2;", 1, id="return"),
    pytest.param("$conf['x'] = 1; exit; $conf['x'] = 2;", 1, id="exit"),
    pytest.param("ini_set('memory_limit', '1G'); error_reporting(E_ALL & ~E_NOTICE); $conf['x'] = 1;", 1, id="calls that set nothing"),
    pytest.param("$conf['x'] = '1G'; ini_set('memory_limit', $conf['x']);", "1G", id="a call that is given a setting and changes none"),
    pytest.param("$conf['x'] = 1; FALSE && (TRUE && $conf['x'] = 2);", 1, id="a half within the half that is not run"),
    pytest.param("$f = function ($a) use (&$b) { $conf['x'] = 2; }; $conf['x'] = 1;", 1, id="a function in a variable"),
    pytest.param("foreach (array(1, 2) as $i) { $unrelated = $i; } while (FALSE): $j = 1; endwhile; $conf['x'] = 1;", 1, id="loops that set nothing"),
    pytest.param("try { $u = 1; } catch (Exception $e) { $v = 2; } do { $w = 1; } while (FALSE); $conf['x'] = 1;", 1, id="other blocks"),
    pytest.param("switch (1) { case 1: $u = 1; break; default: } $conf['x'] = 1;", 1, id="a switch"),
    pytest.param("$conf['x'] = 1 ?>", 1, id="a closing tag is a semicolon"),
    pytest.param(b"\xef\xbb\xbf<?php\r\n$conf['x'] = 1;\r\n", 1, id="byte order mark and CRLF"),
    pytest.param("$conf['x'] = \\dirname('/a/b');", "/a", id="a function with its namespace"),
    pytest.param("$a = array('k' => 1); $b = $a; $b['k'] = 2; $conf['x'] = $a['k'];", 1, id="arrays are copied"),
    pytest.param("$conf['x'] = ('a' === 'a') == (1 == '1.0') && '' == NULL && '0' != NULL && 'a' != 0 && TRUE <= -1;", True, id="comparisons"),
    pytest.param("$conf['x'] = 7 / 2 + 8 / 2;", 7.5, id="divisions"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), CONF)
def test_a_variable_is_read_as_php_reads_it(site: Path, source: str | bytes, expected: Value) -> None:
    if isinstance(expected, str):
        expected = expected.replace("{site}", str(site)).replace("{root}", str(site.parents[1]))
    settings = read(site, source)
    assert settings.conf["x"] == expected
    assert type(settings.conf["x"]) is type(expected)
    assert settings.unread == []
    assert agrees_with_php(site, settings)


def test_files_beside_it_are_followed(site: Path) -> None:
    settings = read(
        site,
        """
        include 'settings.one.php';
        if (file_exists(__DIR__ . '/settings.two.php')) { require_once __DIR__ . '/settings.two.php'; }
        require_once dirname(__FILE__) . '/settings.two.php';
        if (is_readable('sites/default/settings.three.php')) include DRUPAL_ROOT . '/sites/default/settings.three.php';
        $local = __DIR__ . "/settings.not-there.php";
        if (file_exists($local)) { include $local; }
        @include 'settings.not-there.php';
        is_file('settings.not-there.php') && include 'settings.not-there.php';
        """,
        one="<?php $conf['one'] = __DIR__; return; $conf['one'] = 2;",
        two="<?php $conf['two'] = ($conf['two'] ?? 0) + 1;",
        three="<?php $conf['three'] = 3; $conf['one'] = 'later';",
    )
    assert settings.conf == {"one": "later", "two": 1, "three": 3}
    assert settings.unread == []
    assert agrees_with_php(site, settings)


def test_files_that_include_each_other_end(site: Path) -> None:
    settings = read(
        site, "include 'settings.local.php'; $conf['a'] = 1;", local="<?php include 'settings.php'; $conf['b'] = 2;"
    )
    assert settings.conf == {"b": 2, "a": 1}
    assert settings.unread == []


DDEV = """<?php
$host = "db";
$port = 3306;
$driver = "mysql";
// On the host itself, use the port that docker binds.
if (empty(getenv('DDEV_PHP_VERSION') && getenv('IS_DDEV_PROJECT') == 'true')) {
  $host = "127.0.0.1";
  $port = 32770;
}
$databases['default']['default'] = array('database' => "db", 'username' => "db", 'password' => "db", 'driver' => $driver);
$databases['default']['default']['host'] = $host;
$databases['default']['default']['port'] = $port;
$drupal_hash_salt = 'salt';
"""
IN_DDEV = """
$ddev_settings = dirname(__FILE__) . '/settings.ddev.php';
if (getenv('IS_DDEV_PROJECT') == 'true' && is_readable($ddev_settings)) {
  require $ddev_settings;
}
"""


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        pytest.param({}, {}, id="outside of DDEV"),
        pytest.param({"IS_DDEV_PROJECT": "true"}, {"host": "127.0.0.1", "port": 32770}, id="on its host"),
        pytest.param({"IS_DDEV_PROJECT": "true", "DDEV_PHP_VERSION": "8.2"}, {"host": "db", "port": 3306}, id="in its container"),
    ],
)  # fmt: skip
def test_ddev_s_settings_are_read_as_the_environment_has_it(
    site: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], expected: dict[str, object]
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    settings = read(site, IN_DDEV, ddev=DDEV)
    found = [(info.host, info.port) for targets in settings.databases.values() for info in targets.values()]
    assert found == ([(expected["host"], expected["port"])] if expected else [])
    assert settings.unread == []
    assert agrees_with_php(site, settings)


UNREAD = [
    pytest.param(
        "$databases['default']['default'] = array('driver' => 'mysql',\n'password' => getenv('DB_PASS'));",
        [(3, "$databases['default']['default']['password'] comes from getenv('DB_PASS'), which is not set here")],
        id="an environment variable that is not set",
    ),
    pytest.param(
        "$conf['x'] = 'a' . $_SERVER['NOT_SET'];",
        [(2, "$conf['x'] comes from $_SERVER['NOT_SET'], which is not set here")],
        id="a text with an environment variable that is not set",
    ),
    pytest.param("$conf['x'] = json_decode('{}');", [(2, "$conf['x'] comes from json_decode()")], id="a function"),
    pytest.param("$conf = array_merge($conf, []);", [(2, "$conf takes $conf, which nothing here sets")], id="a function of $conf"),
    pytest.param("$conf['x'] = foo(1)['a'] . 'b';", [(2, "$conf['x'] takes a part")], id="a part of what a function gives"),
    pytest.param("$conf['x'] = $typo;", [(2, "$conf['x'] takes $typo, which nothing here sets")], id="a variable that is not there"),
    pytest.param("$conf['x'] = NO_SUCH;", [(2, "$conf['x'] takes the constant NO_SUCH, which is not known here")], id="a constant"),
    pytest.param("$conf['x'] = `date`;", [(2, "$conf['x'] comes from a command")], id="a command"),
    pytest.param("$conf['x'] = new Foo(1);", [(2, "$conf['x'] is an object")], id="an object"),
    pytest.param("$conf['x'] = function () { return 1; };", [(2, "$conf['x'] is a function")], id="a closure"),
    pytest.param("$conf['x'] = fn($a) => $a;", [(2, "parts of $conf are set by a statement that only PHP can run")], id="an arrow function"),
    pytest.param("$conf[foo()] = 1;", [(2, "a key of $conf comes from foo()")], id="a key"),
    pytest.param(
        "if ($_SERVER['HTTP_HOST'] == 'example.org') {\n $conf['x'] = 1;\n} else { $databases = array(); }",
        [
            (2, "parts of $databases are set on a condition that comes from $_SERVER['HTTP_HOST'], which is known in a web request only"),
            (2, "parts of $conf are set on a condition that comes from $_SERVER['HTTP_HOST'], which is known in a web request only"),
        ],
        id="a condition on the request",
    ),
    pytest.param("\nforeach (array('a', 'b') as $n) { $conf[$n] = 1; }", [(3, "parts of $conf are set in a block that only PHP can run")], id="a loop"),
    pytest.param("foreach (array(1) as $i) { $v = $i; } $conf['x'] = $v;", [(2, "$conf['x'] comes from a statement that only PHP can run")], id="a variable out of a loop"),
    pytest.param("my_settings($conf);", [(2, "parts of $conf are given to my_settings(), which may change them")], id="a call that may change it"),
    pytest.param("$d = &$databases['default'];", [(2, "$d is a reference to $databases: what it changes is not seen")], id="a reference"),
    pytest.param("include foo();", [(2, "a file is included whose path comes from foo(): what it sets is not known")], id="a file of unknown name"),
    pytest.param("include __DIR__ . '/no.php';", [(2, "includes {site}/no.php, which is not there")], id="a file that is not there"),
    pytest.param("if (foo()) { include 'settings.local.php'; }", [(2, "a file is included in what settings set on a condition that comes from foo()")], id="a file on a condition"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), UNREAD)
def test_what_needs_php_is_said_with_its_line(site: Path, source: str, expected: list[tuple[int, str]]) -> None:
    settings = read(site, source)
    found = [(unread.line, unread.what.replace(str(site), "{site}")) for unread in settings.unread]
    assert found == expected
    assert all(unread.hint for unread in settings.unread)
    assert "x" not in settings.conf


def test_what_is_set_later_makes_up_for_what_could_not_be_read(site: Path) -> None:
    settings = read(site, "$conf['x'] = foo(); $conf['x'] = 1; $ignored = bar(); baz();")
    assert settings.conf == {"x": 1}
    assert settings.unread == []


def test_drupal_6_is_recognised(site: Path) -> None:
    settings = read(
        site, "$db_url = 'mysqli://u:secret@host/name'; $db_prefix = array('default' => 'a_', 'users' => 'b_');"
    )
    assert settings.db_url == "mysqli://u:secret@host/name"
    assert (settings.db_prefix, settings.db_prefixes, settings.databases) == ("a_", {"users": "b_"}, {})
    assert agrees_with_php(site, settings)
    assert read(site, "$db_url['default'] = 'mysql://a'; $db_url['old'] = 'mysql://b';").db_url == "mysql://a"


def test_a_password_is_in_no_repr(site: Path) -> None:
    settings = read(site, "$databases['default']['default'] = array('driver' => 'mysql', 'password' => 'hunter2');")
    assert settings.databases["default"]["default"].password == "hunter2"
    assert "hunter2" not in repr(settings)


BROKEN = [
    pytest.param("\n$conf['x'] = 'open;\n\n", 3, "a string is never closed", id="single quote"),
    pytest.param('\n$conf["x"] = "open;\n\n', 3, "a string is never closed", id="double quote"),
    pytest.param('$conf["x"] = "a {$b";', 2, "a string is never closed", id="brace in a string"),
    pytest.param("$conf['x'] = <<<EOT\nopen\n", 2, "the text up to EOT is never closed", id="heredoc"),
    pytest.param("\n/* open", 3, "a comment is never closed", id="comment"),
    pytest.param("\n$conf = array(\n'a' => 1,\n", 3, "( is never closed", id="array"),
    pytest.param("$conf = array('a' => 1];", 2, "] closes nothing that is open", id="the wrong bracket"),
    pytest.param("}\n", 2, "} closes nothing that is open", id="a brace too many"),
    pytest.param("$conf['x'] = 1\n$conf['y'] = 2;", 3, "a ; is missing before 'conf'", id="no semicolon"),
    pytest.param("$conf['x'] =", 2, "the file ends within this statement", id="cut within a statement"),
    pytest.param("$conf['x'] = 1", 2, "the file ends within this statement", id="cut before the semicolon"),
    pytest.param("if (TRUE): $conf['x'] = 1;", 2, "the file ends within this statement", id="no endif"),
    pytest.param("if TRUE { }", 2, "( is missing after if", id="no parentheses"),
    pytest.param("$conf['x'] = 1;\n\x01", 3, "no PHP starts with '\\x01'", id="a control character"),
    pytest.param('$conf["x"] = "\\u{110000}";', 2, "\\u{110000} is beyond Unicode", id="beyond Unicode"),
]


@pytest.mark.parametrize(("source", "line", "what"), BROKEN)
def test_error_broken_php(site: Path, source: str, line: int, what: str) -> None:
    with pytest.raises(SettingsSyntaxError) as caught:
        read(site, source)
    assert (caught.value.line, caught.value.what) == (line, what)
    assert str(caught.value) == f"{site}/settings.php:{line}: {what}"


def test_a_file_cut_at_any_byte_is_read_or_is_a_syntax_error(site: Path) -> None:
    source = "\n".join(
        [DDEV, IN_DDEV, "if ($a): $conf['x'] = <<<E\n{$b['c']} $d[e]\nE; else: include 'f'; endif; f($conf);"]
    )
    broken = 0
    for end in range(len(source)):
        try:
            read(site, source[:end])
        except SettingsSyntaxError:
            broken += 1
    assert broken > len(source) / 2  # cut between two statements it is whole


def test_error_no_such_file(site: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_settings(site / "settings.php", {})
