"""One command on one site: the project, the connection and the tree, opened together and closed together."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from drupalsync.apply import memo
from drupalsync.apply.outcome import Exported, Outcome
from drupalsync.apply.overlaid import check_overlay
from drupalsync.apply.own_files import cache_bytes, memo_file
from drupalsync.apply.project import Project, open_project
from drupalsync.apply.select import Selection, check_rules, select
from drupalsync.errors import DrupalsyncError, Problems, counted
from drupalsync.interrupts import Interrupted, undivided
from drupalsync.manifest import FILE as MANIFEST
from drupalsync.php import Value, canonical
from drupalsync.tree import git
from drupalsync.tree.files import TreeMissing, read_disk, read_revision, write_all

if TYPE_CHECKING:  # what does the work is loaded when there is some: most runs find nothing to do
    from drupalsync.apply.checkout import Lost
    from drupalsync.apply.desired import Tree
    from drupalsync.apply.importer import Looked
    from drupalsync.apply.releases import Release
    from drupalsync.apply.rollback import Rollback
    from drupalsync.plan import Change, Policy
    from drupalsync.site import Site


class WouldOverwrite(DrupalsyncError):
    """A file that an export would write has edits that are not committed."""


@dataclass(slots=True, kw_only=True)
class Session:
    """What a command works with."""

    project: Project
    site: Site
    files: dict[str, bytes]
    selection: Selection
    at: str | None  # the commit that the files are of; None: they are of the disk
    looked: Looked | None = None  # what the last look saw
    outcome: Outcome = field(default_factory=Outcome)  # of an import, as far as it got
    written: int = 0  # files, by an export
    take_over: bool = False  # what the ledger says of the items is not believed
    _tree: Tree | None = None
    _head: str | None = None
    _dirty: bool | None = None
    _holding: bool = False  # of the lock

    @property
    def revision(self) -> str:
        """The commit that the files are of, or that is checked out; "" outside of a repository."""
        if self.at is not None:
            return self.at
        if self._head is None:
            self._head = git.head(self.project.folder) or ""
        return self._head

    @property
    def dirty(self) -> bool:
        """Whether the files on the disk are not what that commit has."""
        if self._dirty is None:
            edited = self.at is None and self.revision and git.dirty(self.project.manifest.config, self.files)
            self._dirty = bool(edited)
        return self._dirty

    @property
    def tree(self) -> Tree:
        """The tree, read when it is first needed; raises Problems with all that is wrong with its files."""
        from drupalsync.apply.desired import load_tree

        if self._tree is None:
            self._tree = load_tree(self.files, self.project.tree_shown, self.project.environment.overlay)
        return self._tree

    def look(self, policy: Policy) -> Looked:
        """The plan, from one moment of the site. Raises Problems, for a secret that stands in the tree, too."""
        from drupalsync.apply import importer
        from drupalsync.kinds.secrets import refuse_clear

        tree = self.tree
        items = [item for address, item in tree.items.items() if tree.secret_paths(address)]
        if clear := [tree.point(problem, item) for item in items for problem in refuse_clear([item])]:
            raise Problems(clear)
        self.looked = importer.look(
            self.project, self.site, self.tree, self.selection, policy, take_over=self.take_over
        )
        if self._holding and (self.looked.plan.changes or self.looked.plan.forgotten):
            self._tell_that_it_asks()
        return self.looked

    def _tell_that_it_asks(self) -> None:
        from drupalsync.apply import lock

        lock.tell(self.site, lock.ASKING)

    def inputs(self, *what: str) -> str:
        """A digest of all that an outcome depends on, but for the rows of the site and the environment."""
        manifest = self.project.manifest.folder / MANIFEST
        return memo.digest(
            [
                *what,
                str(self.take_over),
                *self.selection.selectors,
                manifest.read_bytes(),
                self.project.address.shown,
                self.site.identity(),
                canonical(cast("Value", dict(self.project.conf))),
                cache_bytes(self.project.folder, self.project.environment.name),
                *(part for path, data in self.files.items() for part in (path, data)),
            ]
        )

    def remembered(self, command: str, inputs: str, work: Callable[[], Any]) -> Any:
        """The outcome of `work`, or of an earlier run of it where nothing has changed since (apply/memo.py)."""
        file = memo_file(self.project.folder, self.project.environment.name, command)
        return memo.remembered(file, inputs, self.site, self.project.environ, self._variables, work)

    def _variables(self) -> set[str]:
        return self.tree.variables()

    @contextmanager
    def locked(self, seconds: float, what: str = "import") -> Iterator[None]:
        """Holds the site's lock for this command; raises LockBusy after `seconds`."""
        from drupalsync.apply import lock

        at = ["--rev", self.at[:12]] if self.at else []
        command = ["drupalsync", what, *self.selection.selectors, "--env", self.project.environment.name, *at]
        lock.take(self.site, seconds, shlex.join(command), self.project.environ)
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
            self.site.db.release_lock()

    def lost_files(self) -> list[Lost]:
        """The files that git has and this checkout lacks: their items did not leave the tree (apply/checkout.py)."""
        from drupalsync.apply import checkout

        config = self.project.manifest.config
        return [] if self.at is not None else checkout.lost(config, self.project.tree_shown, self.files)

    def check_checkout(self, policy: Policy) -> None:
        """Raises FilesLost where this policy would delete what such files stand for."""
        from drupalsync.apply import checkout

        if policy.prune:
            checkout.refuse(self.project.tree_shown, self.lost_files())

    def finish_earlier(self) -> list[str]:
        """Does what an earlier release has left to be done after its commit; returns what that was."""
        from drupalsync.apply import read_back, steps

        hooks = self.project.environment.after_import
        reader = read_back.reader(self.project, self.site, self.tree)
        return list(dict.fromkeys(steps.finish(self.site, str(self.project.folder), hooks, reader)))

    def carry_out(
        self, policy: Policy, looked: Looked, told: Callable[[Change], None], *, plan_id: str = ""
    ) -> Outcome:
        """Writes a plan; the lock is held. The release remembers the plan's id: it is spent by that."""
        from drupalsync.apply import importer

        selectors = self.selection.selectors
        origin = importer.Provenance(revision=self._imported(), selectors=selectors, plan_id=plan_id)
        work = importer.Import(
            project=self.project,
            site=self.site,
            tree=self.tree,
            selection=self.selection,
            policy=policy,
            origin=origin,
        )
        importer.carry_out(work, looked, told, self.outcome)
        return self.outcome

    def look_back(self, release: int | None, policy: Policy) -> tuple[Rollback, Looked]:
        """A rollback with its plan, from one moment of the site; None: of the newest release that stands."""
        from drupalsync.apply import rollback

        found = rollback.look(self.project, self.site, release, policy)
        if self._holding:
            self._tell_that_it_asks()
        return found

    def has_unfinished(self) -> bool:
        """Whether an earlier release has left something to be done after its commit."""
        from drupalsync.apply import steps

        return bool(steps.unfinished(self.site))

    def unfinished_rollback(self, release: int | None) -> Release | None:
        """The rollback of a release, or of any, that has left something to be done after its commit."""
        from drupalsync.apply import rollback

        return rollback.unfinished(self.site, release)

    def roll_back(self, work: Rollback, looked: Looked, told: Callable[[Change], None]) -> Outcome:
        """Carries out a rollback; the lock is held."""
        from drupalsync.apply import importer

        importer.carry_out(work, looked, told, self.outcome)
        return self.outcome

    def export(self, *, commit: bool, message: str | None) -> tuple[Exported, str]:
        """Writes the files that differ; commits them where asked. Returns the commit's id, or "".

        Raises WouldOverwrite before anything is written.
        """
        exported = self._exported()
        config = self.project.manifest.config
        _refuse_dirty(self.project, exported)
        if exported.seen is not None:  # first: where the disk is full, it is found before a file of the tree is touched
            from drupalsync.apply import export as exporting

            exporting.remember(self.project, self.site, exported)
        with undivided():
            write_all(config, exported.files)
            self.written = len(exported.files)
        if not commit:
            return exported, ""
        paths = [config / path for path in exported.files]
        text = message or _message(exported, self.project.environment.name)
        return exported, (git.commit(config, paths, text) or "") if paths else ""

    def _imported(self) -> str:
        """The revision that an import remembers; with a mark where the files on the disk are not what it has."""
        return f"{self.revision}+dirty" if self.dirty else self.revision

    def interrupted(self) -> Interrupted | None:
        """What to say where an interrupt came too late to leave everything as it was."""
        if self.outcome.release is not None:
            return Interrupted(
                f"interrupted after the commit: release {self.outcome.release} stands",
                hint="run the same again: it finishes what follows (caches, after_import)",
            )
        if self.written:
            return Interrupted(
                f"interrupted after the export: {counted(self.written, 'file')} written", hint="git diff shows them"
            )
        return None

    def _exported(self) -> Exported:
        """What an export would write; where it would write nothing, that is remembered."""
        fresh: list[Exported] = []

        def work() -> dict[str, Any] | None:
            from drupalsync.apply import export as exporting

            exported = exporting.export(self.project, self.site, self.tree, self.selection)
            fresh.append(exported)
            if exported.files:
                return None
            return {"unchanged": exported.unchanged, "secrets": exported.secrets, "notes": exported.notes}

        known = self.remembered("export", self.inputs("export"), work)
        return fresh[0] if fresh else Exported(**known)


@contextmanager
def open_session(
    environment: str | None,
    selectors: Sequence[str],
    revision: str | None,
    *,
    for_export: bool = False,
    take_over: bool = False,
) -> Iterator[Session]:
    """Reads the manifest and the tree, then connects. An export may begin without a tree; nothing else may."""
    project = open_project(environment)
    rules = project.manifest.rules
    check_rules(rules)
    untouched = (*rules.exclude, *(rule for rule in rules.ignore if not rule.field)) if for_export else rules.exclude
    selection = select(selectors, [rule.item for rule in untouched])
    at, files = _files(project, revision, for_export=for_export)
    with _opened(project, selection, files, at) as session:
        session.take_over = take_over
        yield session


@contextmanager
def open_without_tree(environment: str | None) -> Iterator[Session]:
    """Connects to the site; the tree is not read, and may be missing or broken."""
    project = open_project(environment)
    rules = project.manifest.rules
    check_rules(rules)
    with _opened(project, select((), [rule.item for rule in rules.exclude]), {}, "") as session:
        yield session


@contextmanager
def _opened(project: Project, selection: Selection, files: dict[str, bytes], at: str | None) -> Iterator[Session]:
    with project.site() as site:
        session = Session(project=project, site=site, files=files, selection=selection, at=at)
        try:
            yield session
        except KeyboardInterrupt as stop:
            if too_late := session.interrupted():
                raise too_late from stop
            raise


def _files(project: Project, revision: str | None, *, for_export: bool) -> tuple[str | None, dict[str, bytes]]:
    config = project.manifest.config
    if revision is not None:
        at, files = read_revision(project.folder, project.tree_shown, revision)
        check_overlay(project, files, f"{revision}:{project.tree_shown}")
        return at, files
    try:
        files = read_disk(config)
    except TreeMissing:
        if for_export:
            return "", {}
        raise
    check_overlay(project, files, project.tree_shown)
    return None, files


def _refuse_dirty(project: Project, exported: Exported) -> None:
    known = [path for path in exported.files if (project.manifest.config / path).exists()]
    if not known or git.repository(project.folder) is None:
        return
    dirty = git.dirty(project.manifest.config, known)
    if dirty:
        raise WouldOverwrite(
            f"{counted(len(dirty), 'file')} {'has' if len(dirty) == 1 else 'have'} edits that are not committed, and the export would write over them; nothing was written",
            where=", ".join(f"{project.tree_shown}/{path}" for path in dirty[:5]),
            hint="commit them, or take them back (git checkout), then export again",
        )


def _message(exported: Exported, environment: str) -> str:
    told = exported.told()
    counts = [f"{len(items)} {verb}" for verb, items in told.items()]
    lines = [f"{verb} {item}" for verb, items in told.items() for item in items]
    shown = lines[:50] + ([f"and {len(lines) - 50} more"] if len(lines) > 50 else [])
    return (
        "\n".join([f"config: export from {environment}, {', '.join(counts) or 'no item changed'}", "", *shown]) + "\n"
    )
