"""One command on one site: the project, the connection and the tree, opened together and closed together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from drupalsync.apply import export as exporting
from drupalsync.apply import importer
from drupalsync.apply.desired import Tree, kind_names, load_tree
from drupalsync.apply.importer import Looked, Outcome, Provenance
from drupalsync.apply.project import Project, open_project
from drupalsync.apply.select import Selection, select
from drupalsync.errors import DrupalsyncError, Problems
from drupalsync.kinds.secrets import refuse_clear
from drupalsync.plan import Change, Policy
from drupalsync.site import Site
from drupalsync.tree import git
from drupalsync.tree.files import TreeMissing, read_disk, write_all


class WouldOverwrite(DrupalsyncError):
    """A file that an export would write has edits that are not committed."""


@dataclass(slots=True, kw_only=True)
class Session:
    """What a command works with."""

    project: Project
    site: Site
    tree: Tree
    selection: Selection
    revision: str

    def look(self, policy: Policy) -> Looked:
        """The plan, from one moment of the site."""
        return importer.look(self.project, self.site, self.tree, self.selection, policy)

    @contextmanager
    def locked(self, seconds: float) -> Iterator[None]:
        """Holds the site's lock; raises LockBusy after `seconds`."""
        importer.take_lock(self.site, seconds)
        try:
            yield
        finally:
            self.site.db.release_lock()

    def carry_out(self, policy: Policy, looked: Looked, told: Callable[[Change], None]) -> Outcome:
        """Writes a plan; the lock is held."""
        origin = Provenance(revision=self.revision, selectors=self.selection.selectors)
        return importer.carry_out(self.project, self.site, self.tree, self.selection, policy, looked, origin, told)

    def export(self, *, commit: bool, message: str | None) -> tuple[exporting.Exported, str]:
        """Writes the files that differ; commits them where asked. Returns the commit's id, or "".

        Raises WouldOverwrite before anything is written.
        """
        exported = exporting.export(self.project, self.site, self.tree, self.selection)
        config = self.project.manifest.config
        _refuse_dirty(self.project, exported)
        write_all(config, exported.files)
        exporting.remember(self.project, self.site, exported)
        if not commit:
            return exported, ""
        paths = [config / path for path in exported.files]
        text = message or _message(exported, self.project.environment.name)
        return exported, (git.commit(config, paths, text) or "") if paths else ""


@contextmanager
def open_session(
    environment: str | None, selectors: Sequence[str], revision: str | None, *, for_export: bool = False
) -> Iterator[Session]:
    """Reads the manifest and the tree, then connects. An export may begin without a tree; nothing else may."""
    project = open_project(environment)
    selection = select(selectors, project.manifest.exclude, kind_names())
    found, files = _files(project, revision, for_export=for_export)
    tree = load_tree(files, project.tree_shown)
    if not for_export and (clear := list(refuse_clear(tree.items.values()))):
        raise Problems(clear)
    with project.site() as site:
        yield Session(project=project, site=site, tree=tree, selection=selection, revision=found)


def _files(project: Project, revision: str | None, *, for_export: bool) -> tuple[str, dict[str, bytes]]:
    config = project.manifest.config
    if revision is not None:
        return git.read_revision(project.folder, project.tree_shown, revision)
    try:
        return git.head(project.folder) or "", read_disk(config)
    except TreeMissing:
        if for_export:
            return "", {}
        raise


def _refuse_dirty(project: Project, exported: exporting.Exported) -> None:
    known = [path for path in exported.files if (project.manifest.config / path).exists()]
    if not known or git.repository(project.folder) is None:
        return
    dirty = git.dirty(project.manifest.config, known)
    if dirty:
        raise WouldOverwrite(
            f"{len(dirty)} files have edits that are not committed, and the export would write over them; nothing was written",
            where=", ".join(f"{project.tree_shown}/{path}" for path in dirty[:5]),
            hint="commit them, or take them back (git checkout), then export again",
        )


def _message(exported: exporting.Exported, environment: str) -> str:
    counts = [f"{len(addresses)} {verb}" for verb, addresses in _verbs(exported) if addresses]
    lines = [f"{verb} {address}" for verb, addresses in _verbs(exported) for address in addresses]
    shown = lines[:50] + ([f"and {len(lines) - 50} more"] if len(lines) > 50 else [])
    return "\n".join([f"config: export from {environment}, {', '.join(counts)}", "", *shown]) + "\n"


def _verbs(exported: exporting.Exported) -> list[tuple[str, list[str]]]:
    return [("created", exported.created), ("updated", exported.updated), ("deleted", exported.deleted)]
