"""SELECTOR on the command line: `kind` or `kind:glob`, several add up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from drupalsync.errors import DrupalsyncError

if TYPE_CHECKING:
    from drupalsync.apply.past import Past
    from drupalsync.kinds import Item
    from drupalsync.manifest import Rules
    from drupalsync.plan import Change, Plan


class BadSelector(DrupalsyncError):
    """A selector that names no kind, finds nothing, or half of what belongs together."""

    exit_code = 64


@dataclass(frozen=True, slots=True)
class Selection:
    """What a run is about; no selector means everything."""

    selectors: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __contains__(self, address: str) -> bool:
        if any(fnmatchcase(address, glob) for glob in self.exclude):
            return False
        return not self.selectors or any(_matches(selector, address) for selector in self.selectors)


def select(selectors: Sequence[str], exclude: Sequence[str]) -> Selection:
    """Checks the selectors; raises BadSelector ("did you mean")."""
    if selectors:
        from drupalsync.kinds import all_kinds

        _check(selectors, all_kinds())
    return Selection(tuple(selectors), tuple(exclude))


def check_rules(rules: Rules) -> None:
    """Raises BadSelector where a rule of the manifest speaks of a kind that there is not ("did you mean")."""
    if globs := rules.globs():
        from drupalsync.apply import features, modules
        from drupalsync.kinds import all_kinds

        no_kinds = {modules.KIND, features.KIND}
        others = [*(rule.item for rule in rules.ignore), *(glob for glob, _ in rules.modes), *rules.protect]
        for glob in others:
            if glob.partition(":")[0] in no_kinds:
                raise BadSelector(
                    f"{glob} can be excluded, and nothing else",
                    where=glob,
                    hint=f"exclude: ['{glob}'] in drupalsync.yml",
                )
        of_kinds = [glob for glob in globs if glob.partition(":")[0] not in no_kinds]
        _check([glob for glob in of_kinds if not set("*?[") & set(glob.partition(":")[0])], all_kinds())


def check_matches(
    selection: Selection,
    found: Iterable[str],
    tree: Iterable[str],
    *,
    nowhere: str = "neither in the tree nor on the site",
    hint: str = "drupalsync status shows what there is",
) -> None:
    """Raises BadSelector where a selector finds nothing: a typo must not look like nothing to do.

    `found` are the addresses that the run is about, `tree` all that the tree has: there is what was meant. `nowhere`
    says where was looked, `hint` what to do where nothing is nearly called so.
    """
    known = list(found)
    for selector in selection.selectors:
        if not any(_matches(selector, address) for address in known):
            from difflib import get_close_matches

            kind, _, name = selector.partition(":")
            names = [address.removeprefix(f"{kind}:") for address in tree if address.startswith(f"{kind}:")]
            near = get_close_matches(name, names, n=1)
            meant = f"did you mean {kind}:{near[0]}?" if near else hint
            raise BadSelector(f"nothing is called {selector}, {nowhere}", where=selector, hint=meant)


def check_whole(
    selection: Selection, plan: Plan, managed: Iterable[Item], tree: Mapping[str, Item], past: Past
) -> None:
    """Raises BadSelector where half of something is selected: one end of a move, or what goes without what is below it."""
    from drupalsync.plan import Action

    known = {item.address: item for item in managed}
    for change in plan.changes:
        if change.action is Action.CREATE or change.action is Action.DELETE:
            _check_move(selection, change, known, tree, past)
        if change.action is Action.DELETE or change.action is Action.MOVE:
            _check_below(selection, change.previous_address or change.address, known.values())


def _check_below(selection: Selection, above: str, managed: Iterable[Item]) -> None:
    from drupalsync.kinds import all_kinds

    kinds = all_kinds()
    for item in managed:
        # What stands in the document of another kind hangs from that: a link from its menu.
        inside = f"{kinds[item.kind].DOCUMENT}:{item.key}"
        if item.address not in selection and any(name.startswith(f"{above}/") for name in (item.address, inside)):
            below = f"{item.kind}:{above.partition(':')[2]}/*"
            raise BadSelector(
                f"{item.address} hangs below {above}, which this import would delete or move, and is not selected",
                where=item.address,
                hint=f"select both: {above} '{below}'",
            )


def _check_move(
    selection: Selection, change: Change, managed: Mapping[str, Item], tree: Mapping[str, Item], past: Past
) -> None:
    from drupalsync.kinds import all_kinds
    from drupalsync.plan import moves, suspect_renames

    vanished = [item for known, item in managed.items() if known not in tree]
    appeared = [item for known, item in tree.items() if known not in managed]
    found = moves(all_kinds(), vanished, appeared) | past.moves_on(managed)
    for suspected in suspect_renames(all_kinds(), [change], vanished, past.removed):
        if suspected.alike:
            found.setdefault(change.address, suspected.alike)
    for new, old in found.items():
        if change.address in {new, old} and not (new in selection and old in selection):
            other = old if change.address == new else new
            raise BadSelector(
                f"{old} becomes {new}, as it seems, and {other} is not selected",
                where=tree[new].source,
                hint=f"select both: {old} {new}",
            )


def _check(selectors: Sequence[str], kinds: Collection[str]) -> None:
    for selector in selectors:
        kind = selector.partition(":")[0]
        if kind not in kinds:
            from difflib import get_close_matches

            near = get_close_matches(kind, kinds, n=1)
            hint = f"did you mean {near[0]}?" if near else f"kinds: {', '.join(kinds)}"
            raise BadSelector(f"there is no kind {kind!r}", where=selector, hint=hint)


def _matches(selector: str, address: str) -> bool:
    return fnmatchcase(address, selector if ":" in selector else f"{selector}:*")
