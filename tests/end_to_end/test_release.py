"""The main job on a real site: its configuration goes to git, and a release brings it to production.

Drupal itself made the release that the judge compares with: the dump `after` is `prod`, on which its forms did what they
did between `base` and `dev`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest

from drupalsync.php import decode
from support import sql
from support.cli import Project
from support.dumps import ABSENT, DUMPS, mysql_dump, same_site, sqlite_dump, sqlite_url
from support.untouched import files, untouched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.cli import Result
    from support.golden import Check
    from support.mariadb import Server

MANIFEST: Final = "nodes:\n  - {type: page}\n  - {type: landing}\n  - {type: book}\n"
SECRETS: Final = ("smtp_password", "mailchimp_api_key", "cron_key", "drupal_private_key")


@dataclass(slots=True, kw_only=True)
class Release:
    """A release from the first export to the last import, as it went."""

    dev: Project
    after: str
    secrets: frozenset[str]
    said: dict[str, Result] = field(default_factory=dict)

    @property
    def prod(self) -> Project:
        return self.dev.at("prod")


@pytest.fixture(scope="module", params=["sqlite", "mariadb"])
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """The dumps' release, carried out once on each engine."""
    if not DUMPS.is_dir():
        pytest.skip(ABSENT)
    folder = tmp_path_factory.mktemp("release")
    if request.param == "sqlite":
        sites = {name: sqlite_url(sqlite_dump(name, folder)) for name in ("base", "prod", "dev", "after")}
        yield _carried_out(folder, sites)
        return
    server: Server = request.getfixturevalue("mariadb")
    sites = {name: mysql_dump(name, server) for name in ("base", "prod", "dev", "after")}
    yield _carried_out(folder, sites)
    for url in sites.values():
        server.drop_database(urlsplit(url).path[1:])


def test_a_release_reads_the_same_on_every_engine(release: Release, golden: Check) -> None:
    steps = ("export", "export again", "adopt", "import again", "export of the release", "import", "nothing left")
    told = "\n".join(release.said[step].transcript for step in steps)

    golden(re.sub(r"(sqlite|mysql)://[^\s,]+", "«database of prod»", told), "end_to_end/a-release-of-a-real-site.txt")


def test_a_dry_run_shows_what_the_import_then_does(release: Release) -> None:
    shown, done = (release.said[step].stdout.splitlines()[:-1] for step in ("dry run", "import"))

    assert shown == done
    assert len(shown) > 60


def test_production_is_then_what_drupal_would_have_made_of_it(release: Release) -> None:
    code, said = same_site(release.prod.database, release.after)

    assert (code, said.splitlines()[-1]) == (0, "the same"), said


def test_a_site_that_already_has_it_is_adopted_without_a_write(release: Release) -> None:
    adopted = release.said["adopt"].stdout

    (count,) = re.findall(r"0 to create, 0 to update, 0 to move, (\d+) to adopt, 0 to delete; 0 unchanged", adopted)
    assert f"{count} unchanged" in release.said["import again"].stdout
    assert f"Exported: {count} created" in release.said["export"].stdout


def test_what_the_import_did_the_next_one_does_not_do_again(release: Release) -> None:
    with untouched(release.prod):
        for argv in (["--yes"], ["--dry-run", "--detailed-exitcode"], []):
            said = release.prod.run("import", "--prune", *argv)
            assert f"{_managed(release)} unchanged" in said.stdout
            assert said.stdout.endswith("Nothing to do.\n")


def test_no_secret_of_either_site_is_in_the_tree_in_what_is_printed_or_in_the_ledger(release: Release) -> None:
    ledger = {
        table: rows for table, rows in sql.contents(release.prod.database).items() if table.startswith("drupalsync_")
    }
    caches = {path.name: path.read_bytes() for path in (release.dev.root / ".drupalsync").iterdir()}
    places = {
        "the project": b"".join(files(release.dev).values()),
        "git": release.dev.git("log", "--patch", "--all").encode(),
        "the cache": b"".join(caches.values()),
        "stdout and stderr": "".join(said.stdout + said.stderr for said in release.said.values()).encode(),
        "the ledger": repr(ledger).encode(),
    }
    assert len(ledger) == 6
    assert "dev.keys.json" in caches

    found = [(place, secret) for place, text in places.items() for secret in release.secrets if secret.encode() in text]
    assert found == []


def test_each_site_keeps_its_own_secrets(release: Release) -> None:
    for name in SECRETS:
        assert decode(_variable(release.prod, name)) == decode(_variable(release.prod, name, release.after))


def test_a_fresh_clone_exports_the_same_files(release: Release, tmp_path: Path) -> None:
    clone = release.dev.at("after_dev").clone(tmp_path / "clone")

    with untouched(clone):
        said = clone.run("export")

    assert said.stdout == f"Exported: {_managed(release)} unchanged; nothing to write.\n"


def _managed(release: Release) -> object:
    return release.prod.one("SELECT count(*) FROM drupalsync_item")


def _carried_out(folder: Path, sites: dict[str, str]) -> Release:
    databases = {"dev": sites["base"], "prod": sites["prod"], "after_dev": sites["dev"]}
    dev = Project(folder / "project", databases, manifest=MANIFEST)
    secrets = {str(decode(_variable(dev, name, site))) for name in SECRETS for site in sites.values()}
    release = Release(dev=dev, after=sites["after"], secrets=frozenset(secrets))
    steps = {
        "export": (dev, ["export", "--commit"]),
        "export again": (dev, ["export", "--commit"]),
        "adopt": (dev.at("prod"), ["import", "--adopt", "--yes"]),
        "import again": (dev.at("prod"), ["import", "--yes"]),
        "export of the release": (dev.at("after_dev"), ["export", "--commit"]),
        "dry run": (dev.at("prod"), ["import", "--prune", "--dry-run"]),
        "import": (dev.at("prod"), ["import", "--prune", "--yes"]),
        "nothing left": (dev.at("prod"), ["import", "--prune", "--yes"]),
    }
    for name, (project, argv) in steps.items():
        release.said[name] = project.run(*argv)
    return release


def _variable(project: Project, name: str, site: str = "") -> bytes:
    ((value,),) = sql.execute(site or project.database, f"SELECT value FROM variable WHERE name = '{name}'")
    return value.encode() if isinstance(value, str) else bytes(value)
