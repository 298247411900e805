"""`doctor`: the site's database, from one moment of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from drupalsync.apply import binding, lock, modules, steps
from drupalsync.apply.desired import Tree
from drupalsync.apply.doctor import Diagnosis, State
from drupalsync.apply.gather import context
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.project import Project
from drupalsync.apply.releases import read_releases
from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds import Context, all_kinds, own_kinds
from drupalsync.kinds.tables import TableKind
from drupalsync.kinds.tables.misfits import misfits
from drupalsync.kinds.tables.undescribed import undescribed
from drupalsync.site import Site, drupal_version
from drupalsync.site.facts import FOR_ROWS, charsets, engine_version, is_read_only, missing_rights
from drupalsync.site.later import NO_RELEASE
from drupalsync.site.system import core_modules

# What is looked at on a site, in order.
PARTS: Final = ("database", "Drupal", "transactions", "rights", "characters", "modules", "ledger", "lock", "tables")
FEW: Final = 5


def examine(found: Diagnosis, project: Project, tree: Tree | None) -> None:
    """Connects, and looks at all of it."""
    try:
        with project.site() as site:
            site.db.begin_snapshot()
            try:
                _look(found, project, site, tree)
            finally:
                site.db.rollback()
    except DrupalsyncError as error:  # no connection, no Drupal 7, or it was lost in between
        seen = {finding.name for finding in found.findings}
        left = [name for name in PARTS if name not in seen]
        found.fails(left[0] if left else PARTS[-1], error)
        found.unknown(*left[1:])


def _look(found: Diagnosis, project: Project, site: Site, tree: Tree | None) -> None:
    found.ok("database", f"{engine_version(site)}, {counted(len(site.tables), 'table')}")
    found.ok("Drupal", drupal_version(site) or "7")
    parts: dict[str, Callable[[], None]] = {
        "transactions": lambda: _transactions(found, site),
        "rights": lambda: _rights(found, project, site),
        "characters": lambda: _characters(found, site),
        "modules": lambda: _modules(found, site, tree),
        "ledger": lambda: _ledger(found, project, site),
        "lock": lambda: _lock(found, site),
        "tables": lambda: _tables(found, project, site, tree),
    }
    for name, look in parts.items():
        found.tried(name, look)


def _transactions(found: Diagnosis, site: Site) -> None:
    others = site.db.cannot_roll_back()
    ours = sorted(others.keys() & {site.full_name(table) for table in site.tables if not table.startswith("cache")})
    if ours:
        found.add(
            "transactions",
            State.FAILS,
            f"{counted(len(ours), 'table')} cannot be rolled back, so no import begins: {_some(f'{name} ({others[name]})' for name in ours)}",
            where=site.shown,
            mend=f"ALTER TABLE {ours[0]} ENGINE=InnoDB{', and so on for the others' if len(ours) > 1 else ''}",
        )
    else:
        found.ok("transactions", "every table can be rolled back")


def _rights(found: Diagnosis, project: Project, site: Site) -> None:
    missing = missing_rights(site)
    if missing is None:
        found.add("rights", State.NOTE, "cannot be told from SHOW GRANTS: a role, or rights on single tables")
    elif missing and site.db.engine == "sqlite":
        says = f"{', '.join(missing)} cannot be written to: exports work, imports do not"
        found.add("rights", State.FAILS, says, mend="give this account the right to write there")
    elif missing:
        _missing(found, project, missing, has_ledger=Ledger(site).exists)
    elif is_read_only(site):
        says = "the server is read-only (a replica?): exports work, imports may not"
        found.add("rights", State.NOTE, says, where=site.shown)
    else:
        found.ok("rights", "this account may write rows, and make tables")


def _missing(found: Diagnosis, project: Project, missing: list[str], *, has_ledger: bool) -> None:
    """Rights that an account lacks: every import needs those for rows, the first one CREATE for the ledger."""
    address = project.address
    state, what = State.NOTE, "imports work, but for those that make or delete fields"
    if set(missing) & set(FOR_ROWS) or ("CREATE" in missing and not has_ledger):
        state, what = State.FAILS, "exports work, imports do not"
    rights, verb = ", ".join(missing), "is" if len(missing) == 1 else "are"
    mend = f"GRANT {rights} ON `{address.database}`.* TO {address.user or 'this account'}"
    found.add("rights", state, f"{rights} {verb} missing: {what}", where=address.shown, mend=mend)


def _characters(found: Diagnosis, site: Site) -> None:
    sets = charsets(site)
    strange = {name: tables for name, tables in sets.items() if name != "ascii" and not name.startswith("utf8")}
    if strange:
        told = "; ".join(f"{name}: {_some(tables)}" for name, tables in sorted(strange.items()))
        found.add(
            "characters",
            State.NOTE,
            f"not every table is UTF-8 ({told}): other letters are refused there",
            mend="ALTER TABLE … CONVERT TO CHARACTER SET utf8mb4",
        )
    elif any(name not in {"utf8mb4", "ascii"} for name in sets):
        found.ok("characters", "UTF-8 without the letters beyond 16 bits (utf8mb3): an emoji is refused")
    else:
        found.ok("characters", "UTF-8")


def _modules(found: Diagnosis, site: Site, tree: Tree | None) -> None:
    if any(finding.name == "tree" and finding.state is State.FAILS for finding in found.findings):
        found.unknown("modules")
        return
    if tree is None or not tree.modules:
        found.ok("modules", "the tree asks for none")
        return
    modules.check(site, tree.modules, f"{tree.shown}/{modules.FILE}")
    found.ok("modules", f"all {len(tree.modules)} that {tree.shown}/{modules.FILE} asks for are on")


def _ledger(found: Diagnosis, project: Project, site: Site) -> None:
    ledger = Ledger(site)
    if not ledger.exists:
        found.ok("ledger", "none yet: the first import makes it")
        return
    binding.check(project, site, ledger)
    if left := steps.unfinished(site):
        found.add(
            "ledger",
            State.NOTE,
            f"{counted(len(left), 'step')} of {_run(left[0][0])} still to do: the next import begins with that",
            mend=f"drupalsync import --env {project.environment.name}",
        )
        return
    releases = read_releases(site, ledger)
    last = f", the last release is {releases[-1].number}" if releases else ""
    found.ok("ledger", f"{counted(ledger.count(), 'item')}{last}")


def _run(release: int) -> str:
    """The import that left something to do: one that died before it was a release has made tables."""
    return f"release {release}" if release != NO_RELEASE else "an import that was interrupted"


def _lock(found: Diagnosis, site: Site) -> None:
    if holder := lock.holder(site):
        found.add("lock", State.NOTE, holder.replace("\n         ", ", "), mend="wait for it before you import")
    else:
        found.ok("lock", "free")


def _tables(found: Diagnosis, project: Project, site: Site, tree: Tree | None) -> None:
    known = tree or Tree(shown=project.tree_shown, files={})
    ctx = context(project, site, list(Ledger(site).items(known)), known)
    kinds = all_kinds()
    for kind in kinds.values():
        kind.identify(ctx)
    before = len(found.findings)
    told = _misfits(found, project, ctx)
    for note in ctx.notes[len(project.manifest.notes) :]:
        if note.partition(":")[0] not in told:
            found.add("tables", State.NOTE, note)
    found.tables = undescribed(ctx, kinds, core_modules(site))
    if len(found.findings) == before:
        count = counted(len(found.tables.proposals), "table")
        found.ok(
            "tables", f"{count} of configuration nobody describes" if found.tables.proposals else "all is described"
        )


def _misfits(found: Diagnosis, project: Project, ctx: Context) -> set[str]:
    """Tells of descriptions that say what the site has not: nothing of such a table would be exported. Returns their kinds.

    Where the project itself describes it, that does not work; what comes with drupalsync may be of another version.
    """
    told: set[str] = set()
    on = {name for _, name in ctx.keys.all("module")}
    ours = {about.kind for about in found.described}
    for name, kind in all_kinds().items():
        if not isinstance(kind, TableKind) or (kind.about.module and kind.about.module not in on):
            continue
        if name not in own_kinds() and (name in ours or kind.about.table in ctx.site.tables):
            for wrong in misfits(ctx.site, kind.about):
                state = State.FAILS if name in ours else State.NOTE
                where = f"{project.manifest.where} tables ({name})" if name in ours else ctx.site.shown
                found.add("tables", state, f"{name}: {wrong}", where=where)
                told.add(name)
    return told


def _some(names: Iterable[str]) -> str:
    """The first few, and how many more there are."""
    listed = list(names)
    more = len(listed) - FEW
    return ", ".join(listed[:FEW]) + (f" and {more} more" if more > 0 else "")
