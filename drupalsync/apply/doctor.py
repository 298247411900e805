"""`doctor`: what works here and what does not, each with its mend; and what of the site nobody describes.

Every part is looked at that can be: a manifest that is broken hides the site, not the tree's repository. Nothing is
written, no lock is taken.
"""

from __future__ import annotations

import os
import platform
import re
import shlex
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from drupalsync import __version__
from drupalsync.errors import DrupalsyncError, Problems, counted
from drupalsync.tree import git, plumbing

if TYPE_CHECKING:
    from drupalsync.apply.project import Project
    from drupalsync.kinds.tables import Description
    from drupalsync.kinds.tables.undescribed import Undescribed
    from drupalsync.manifest import Manifest

_WHEN: Final = "an import runs it after its commit, and would fail there"
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=.*", re.DOTALL)
_PROGRAM: Final = re.compile(r"[\w./~+-]*")  # nothing that a password in an address or a token would need
_CLASS: Final = re.compile(r"\\?[A-Za-z_]\w*(\\[A-Za-z_]\w*)*", re.ASCII)


class State(StrEnum):
    """How something stands."""

    OK = "ok"
    NOTE = "note"  # works, with something to know
    FAILS = "fails"
    UNKNOWN = "not looked at"  # something that fails stands before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: what was found, where, and what to do about it."""

    name: str
    state: State
    says: str
    where: str = ""
    mend: str = ""


@dataclass(slots=True, kw_only=True)
class Diagnosis:
    """All that was found; `tables` are None where no site could be looked at."""

    environment: str = ""
    site: str = ""  # its URL, without a password
    described: Sequence[Description] = ()  # the tables that the manifest describes already
    findings: list[Finding] = field(default_factory=list)
    tables: Undescribed | None = None

    @property
    def works(self) -> bool:
        return all(finding.state is not State.FAILS for finding in self.findings)

    def add(self, name: str, state: State, says: str, *, where: str = "", mend: str = "") -> None:
        self.findings.append(Finding(name=name, state=state, says=says, where=where, mend=mend))

    def ok(self, name: str, says: str) -> None:
        self.add(name, State.OK, says)

    def fails(self, name: str, error: DrupalsyncError) -> None:
        """What an error says; of several problems each by itself."""
        for problem in error.problems if isinstance(error, Problems) else [error]:
            self.add(name, State.FAILS, problem.what, where=problem.where, mend=problem.hint)

    def unknown(self, *names: str) -> None:
        for name in names:
            self.add(name, State.UNKNOWN, "")

    def tried(self, name: str, work: Callable[[], Any]) -> Any:
        """What `work` returns; None where it raised, which is told."""
        try:
            return work()
        except DrupalsyncError as error:
            self.fails(name, error)
            return None


def examine(
    environment: str | None, *, start: Path | None = None, environ: Mapping[str, str] | None = None
) -> Diagnosis:
    """Looks at everything, in the order in which it is needed."""
    from drupalsync.apply import doctor_site, doctor_tree

    found = Diagnosis()
    folder = (start or Path.cwd()).resolve()
    known = dict(os.environ) if environ is None else environ
    found.ok("drupalsync", f"{__version__}, Python {platform.python_version()}")
    _git(found, folder)
    manifest = _manifest(found, folder)
    if manifest is None:
        found.unknown("environment", "tree", *doctor_site.PARTS)
        return found
    project = _environment(found, manifest, environment, known)
    tree = doctor_tree.examine(found, manifest, project)
    if project is None:
        found.unknown(*doctor_site.PARTS)
    else:
        doctor_site.examine(found, project, tree)
    return found


def _git(found: Diagnosis, folder: Path) -> None:
    """git serves export --commit, --rev and the notes on the checkout; all else works without."""
    said = found.tried("git", lambda: plumbing.run(folder, "--version").stdout.decode(errors="replace").strip())
    if said is None:
        last = found.findings.pop()
        found.add("git", State.NOTE, f"{last.says}: --commit and --rev need it", mend=last.mend)
        return
    try:
        top = git.repository(folder)
    except DrupalsyncError as error:
        found.fails("git", error)
        return
    version = said.removeprefix("git version ")
    if top is None:
        found.add(
            "git",
            State.NOTE,
            f"{version}; this folder is in no repository: nothing reviews what changes",
            mend="git init",
        )
    elif git.head(folder) is None:
        found.add("git", State.NOTE, f"{version}; the repository has no commit yet", mend="drupalsync export --commit")
    elif git.is_shallow(folder):
        found.add("git", State.NOTE, f"{version}; this clone is shallow: older revisions are not here",
                  mend="git fetch --unshallow (in CI: a fetch depth of 0)")  # fmt: skip
    else:
        found.ok("git", f"{version}, repository {top}")


def _manifest(found: Diagnosis, folder: Path) -> Manifest | None:
    """The manifest, with its rules and the tables that it describes checked."""
    from drupalsync.apply.project import described
    from drupalsync.apply.select import check_rules
    from drupalsync.kinds import describe
    from drupalsync.manifest import find_manifest, read_manifest

    manifest: Manifest | None = found.tried("manifest", lambda: read_manifest(find_manifest(folder)))
    if manifest is None:
        return None
    before = len(found.findings)
    try:
        found.described = described(manifest)
        describe(found.described, manifest.where)
    except DrupalsyncError as error:
        found.fails("manifest", error)
        found.described = ()
        describe((), manifest.where)
    found.tried("manifest", lambda: check_rules(manifest.rules))
    for note in manifest.notes:
        found.add("manifest", State.NOTE, note)
    if len(found.findings) == before:
        found.ok("manifest", f"{manifest.where}, {counted(len(manifest.environments), 'environment')}")
    return manifest


def _environment(found: Diagnosis, manifest: Manifest, name: str | None, environ: Mapping[str, str]) -> Project | None:
    """The environment with its database's address."""
    from drupalsync.apply.project import project_of
    from drupalsync.apply.settings import notes_on, settings_of

    project: Project | None = found.tried("environment", lambda: project_of(manifest, name, environ))
    if project is None:
        return None
    found.environment, found.site = project.environment.name, project.address.shown
    found.ok("environment", f"{project.environment.name}: {project.address.shown}")
    if project.environment.root is not None:
        path = project.environment.root / "sites" / project.environment.site / "settings.php"
        for note in notes_on(settings_of(path, environ)):
            found.add("environment", State.NOTE, note)
    if away := _caches_elsewhere(project):
        found.add(
            "environment",
            State.NOTE,
            f"caches are kept outside of the database ({away}), where drupalsync cannot clear them",
            mend="after_import: ['drush cc all'] in this environment",
        )
    for command in project.environment.after_import:
        if wrong := _cannot_run(command, manifest.folder):
            where = f"{manifest.where} environments/{project.environment.name}/after_import"
            says, mend = wrong  # neither holds the command: a password may be in it
            found.add("environment", State.FAILS, says, where=where, mend=f"{mend}: {_WHEN}")
    return project


def _cannot_run(command: str, folder: Path) -> tuple[str, str] | None:
    """Why a command of after_import cannot be run, and the mend; None where its program is there.

    Its first word is told only where that can be nothing but a program: apply/steps.py runs it without a shell.
    """
    try:
        program = next(iter(shlex.split(command)), "")
    except ValueError as error:
        return f"a command cannot be read ({error})", "correct it"
    place = str(folder / program) if "/" in program else program
    if program and shutil.which(place):
        return None
    if _VARIABLE.fullmatch(program):
        name = program.partition("=")[0].removesuffix("+")
        says = f"a command begins with a variable ({name}=…), and no shell runs it"
        return says, "put it into a script, and name that"
    named = repr(program) if _PROGRAM.fullmatch(program) else "that a command begins with"
    return f"there is no program {named} here", "correct it, or install the program here"


def _caches_elsewhere(project: Project) -> str:
    """The class that settings.php names for caches, where that is none of core's and no command clears them.

    One that PHP could not call so is not told: somebody wrote something else there.
    """
    classes = [
        value
        for name, value in project.conf.items()
        if name == "cache_default_class" or name.startswith("cache_class_")
    ]
    others = [str(value) for value in classes if value not in ("DrupalDatabaseCache", "DrupalFakeCache")]
    if not others or project.environment.after_import:
        return ""
    return others[0] if _CLASS.fullmatch(others[0]) else "a class whose name is none of PHP's"
