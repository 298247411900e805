"""Whose ledger it is: it believes itself only on the site, and for the repository, that it was written for.

installation  what every copy of a database keeps and another Drupal has not: the variable `install_time`
              (install_configure_form_submit() in includes/install.core.inc), and when the first user was made
              (user_install() in modules/user/user.install). A clone is the same installation; a dump of another site,
              restored without dropping drupalsync's tables, is not.
repository    the first commits of the tree's repository, and the manifest's folder in it. A fork has the same, and
              counts as the same. Without a repository, or in a shallow clone, it cannot be told, and is not checked.

Both are written by the next import that writes, also into a ledger that has neither yet. They are no secrets: the one
stands in the same database anyway, the other tells nothing of the tree.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path

from drupalsync.apply.ledger import INSTALLATION, REPOSITORY, Ledger
from drupalsync.apply.project import Project, in_utc
from drupalsync.apply.releases import read_releases
from drupalsync.errors import DrupalsyncError, counted
from drupalsync.php import PhpSyntaxError, Value
from drupalsync.site import Site, get_variable
from drupalsync.tree import git


class OtherInstallation(DrupalsyncError):
    """The ledger in this database was written for another site; nothing was compared."""

    exit_code = 3


class OtherRepository(DrupalsyncError):
    """Another repository, or another folder of this one, manages this site; nothing was compared."""

    exit_code = 3


def check(project: Project, site: Site, ledger: Ledger, *, take_over: bool = False) -> tuple[str, ...]:
    """Raises OtherInstallation, OtherRepository; with `take_over` the ledger is disowned, and a note says so.

    The reading is part of the look that it is called from.
    """
    if take_over:
        return _disown(ledger)
    mend = f"drupalsync import --dry-run --adopt --take-over --env {project.environment.name}"
    if is_foreign(site, ledger):
        raise OtherInstallation(
            f"the ledger in this database was written for another site: one {_installed(_known(ledger))}, "
            f"while this one was {_installed(installation(site))}",
            where=site.shown,
            hint=f"was a dump restored over it without dropping the tables drupalsync_*? To forget that ledger, look first: {mend}",
        )
    stored, ours = ledger.noted(REPOSITORY), _repository(project.folder)
    if stored and ours and (why := _other(json.loads(stored), ours)):
        raise OtherRepository(
            f"this site is managed from {why}: {_last(site, ledger)}",
            where=site.shown,
            hint=f"import from there, or take the site over from it; look first: {mend}",
        )
    return ()


def doubts(site: Site, ledger: Ledger) -> tuple[str, ...]:
    """For an export: the ledger of another installation is disowned, and a note says so. It writes nothing there."""
    if not is_foreign(site, ledger):
        return ()
    ledger.disown()
    return (
        "the ledger in this database was written for another site, so no key is taken from it: only from the tree, "
        "and from what this checkout remembers",
    )


def bind(project: Project, site: Site, ledger: Ledger, release: int) -> None:
    """Writes down whose ledger it is, and forgets what a disowned one said. Inside the transaction of an import."""
    ledger.start_anew(release)
    facts = installation(site)
    if facts and facts != _known(ledger):
        ledger.note(INSTALLATION, json.dumps(facts))
    if ledger.noted(REPOSITORY) is None and (ours := _repository(project.folder)) is not None:
        ledger.note(REPOSITORY, json.dumps(ours))


def is_foreign(site: Site, ledger: Ledger) -> bool:
    """Whether the ledger was written for another installation: nothing that both know of is the same."""
    known, facts = _known(ledger), installation(site)
    both = known.keys() & facts.keys()
    return bool(both) and all(known[name] != facts[name] for name in both)


def installation(site: Site) -> dict[str, int]:
    """What tells this installation from others, in unix time, as far as the database has it."""
    facts: dict[str, int] = {}
    with contextlib.suppress(PhpSyntaxError):  # a value that is cut says nothing
        facts["install_time"] = _whole(get_variable(site, "install_time"))
    row = site.one("SELECT created FROM {users} WHERE uid = 1") if "users" in site.tables else None
    facts["first_user"] = int(str(row[0])) if row else 0
    return {name: value for name, value in facts.items() if value > 0}


def _whole(value: Value) -> int:
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
    return int(text) if text.isdecimal() else 0


def _known(ledger: Ledger) -> dict[str, int]:
    return dict(json.loads(ledger.noted(INSTALLATION) or "{}"))


def _installed(facts: Mapping[str, int]) -> str:
    return f"installed {in_utc(min(facts.values()))}"


def _repository(folder: Path) -> dict[str, object] | None:
    found = git.origin(folder)
    return {"roots": list(found[0]), "folder": found[1]} if found else None


def _other(stored: Mapping[str, object], ours: Mapping[str, object]) -> str:
    """Which repository or folder the site is managed from; "" where it is ours."""
    theirs, mine = stored["roots"], ours["roots"]
    assert isinstance(theirs, list)
    assert isinstance(mine, list)
    if not set(theirs) & set(mine):
        return "another repository"
    if stored["folder"] == ours["folder"]:
        return ""
    return (
        f"the folder {stored['folder'] or 'at the top'} of this repository, and this is {ours['folder'] or 'its top'}"
    )


def _last(site: Site, ledger: Ledger) -> str:
    releases = read_releases(site, ledger)
    if not releases:
        return "without a release yet"
    last = releases[-1]
    tree = last.revision[:7] or "a tree"
    return f"its release {last.number} imported {tree}, by {last.author} on {in_utc(last.started)}"


def _disown(ledger: Ledger) -> tuple[str, ...]:
    number = ledger.count()
    ledger.disown()
    if not ledger.exists:
        return ()
    return (
        f"takes the site over: what the ledger says of {counted(number, 'item')} is forgotten, "
        "and every item is compared as on first contact; no rollback leads back behind this release",
    )
