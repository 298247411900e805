"""Laws of the planner, on random sites, trees and ledgers, carried out by the very functions that an import uses."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Final, cast

from hypothesis import given
from hypothesis import strategies as st

from drupalsync.apply import write
from drupalsync.kinds import Item
from drupalsync.kinds.fields import same_tree
from drupalsync.manifest import Mode, Rule, Rules
from drupalsync.plan import ABSENT, Action, Inputs, OnDrift, Plan, Policy, Reason, get_path, make_plan
from drupalsync.plan.paths import same_found
from drupalsync.plan.three_way import reason_for
from support.things import kind

KEYS: Final = ("a", "b", "c", "a/x", "b/y")
VALUES: Final = st.sampled_from([None, 0, 1, True, "1", "text", ["m"], ["m", "n"], {"p": 1}, {"p": 2, "q": "z"}])
MEMBERS: Final = st.lists(st.sampled_from(["m1", "m2", "m3", "m4"]), unique=True, max_size=4)
MAPS: Final = st.dictionaries(st.sampled_from(["w", "r"]), VALUES, max_size=2).map(lambda entries: entries or [])
FIELDS: Final = st.fixed_dictionaries({"value": VALUES, "members": MEMBERS, "at": MAPS})
ITEMS: Final = st.dictionaries(st.sampled_from(KEYS), FIELDS, max_size=5)
DRIFT: Final = st.sampled_from(list(OnDrift))
POLICIES: Final = st.builds(Policy, adopt=st.booleans(), prune=st.booleans(), on_drift=DRIFT)
MODES: Final = st.lists(
    st.tuples(st.sampled_from(["thing:a*", "thing:b", "thing:*"]), st.sampled_from(list(Mode))), max_size=2
)
IGNORED: Final = st.lists(
    st.builds(Rule, item=st.sampled_from(["thing:a", "thing:b*"]), field=st.sampled_from(["", "value", "at.w"])),
    max_size=2,
)
RULES: Final = st.builds(Rules, modes=MODES.map(tuple), ignore=IGNORED.map(tuple))
FORGIVING: Final = Policy(adopt=True, prune=True, on_drift=OnDrift.OVERWRITE)
Items = dict[str, Item]


def items(fields: dict[str, dict[str, Any]]) -> Items:
    return {f"thing:{key}": Item(kind="thing", key=key, fields=value, local_id=key) for key, value in fields.items()}


@st.composite
def sides(draw: st.DrawFn) -> Inputs:
    """A ledger, and a site and a tree that each went on from it on their own: mostly alike, now and then altogether new."""
    base = draw(ITEMS)
    live, desired = ({**base, **draw(ITEMS)} if draw(st.booleans()) else draw(st.just(base) | ITEMS) for _ in range(2))
    rules = draw(st.just(Rules()) | RULES)
    return Inputs(kinds={"thing": kind()}, live=items(live), desired=items(desired), base=items(base), rules=rules)


def carried_out(inputs: Inputs, plan: Plan) -> Inputs:
    """The site and the ledger after an import of this plan, as apply/write.py makes them."""
    gathered = cast(
        "write.Gathered", SimpleNamespace(inputs=inputs, live=dict(inputs.live), desired=dict(inputs.desired))
    )
    live, base = dict(inputs.live), dict(inputs.base)
    for change in plan.changes:
        for gone in {change.previous_address, change.address if change.action is Action.DELETE else None} - {None}:
            live.pop(str(gone), None)
            base.pop(str(gone), None)
        if change.action is not Action.DELETE:
            if change.action is not Action.ADOPT:
                live[change.address] = replace(write.wanted(gathered, change), local_id=change.key)
            base[change.address] = write.left_behind(change)
    for address in plan.forgotten:
        base.pop(address)
    return replace(inputs, live=live, base=base)


@given(sides(), POLICIES)
def test_an_import_followed_by_a_plan_is_empty(inputs: Inputs, policy: Policy) -> None:
    plan = make_plan(inputs, policy)
    if not plan.applyable:
        return
    again = make_plan(carried_out(inputs, plan), policy)
    assert again.changes == ()
    assert again.forgotten == ()


@given(sides())
def test_an_import_that_may_do_everything_makes_the_site_what_the_tree_wants(inputs: Inputs) -> None:
    inputs = replace(inputs, rules=Rules())
    plan = make_plan(inputs, FORGIVING)
    if any(change.blocked is Reason.RENAME for change in plan.changes):
        return
    after = carried_out(inputs, plan)
    assert all(same_tree(after.live[address].fields, item.fields) for address, item in inputs.desired.items())
    assert not [address for address in inputs.base if address in after.live and address not in inputs.desired]


@given(sides(), POLICIES)
def test_no_edit_of_either_side_is_lost_without_a_word(inputs: Inputs, policy: Policy) -> None:
    """What an applyable plan leaves at each path is what somebody wanted there, and whose edit went was overwritten on purpose."""
    plan = make_plan(inputs, policy)
    if not plan.applyable:
        return
    after = carried_out(inputs, plan)
    for address, before in inputs.live.items():
        base, desired, now = (side.get(address) for side in (inputs.base, inputs.desired, after.live))
        if now is None:
            assert base is not None
            assert desired is None
            assert policy.prune
            assert same_tree(base.fields, before.fields) or policy.on_drift is OnDrift.OVERWRITE
        elif base is None:
            assert same_tree(now.fields, before.fields) or policy.adopt
        else:
            assert policy.on_drift is OnDrift.OVERWRITE or _kept(base.fields, before.fields, now.fields)


def _kept(base: dict[str, Any], live: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether everything that the site had changed since the base still stands as the site had it."""
    paths: list[tuple[str, ...]] = [("value",), *(("at", step) for step in ("w", "r"))]
    for path in paths:
        was, here, is_now = (get_path(side, path) for side in (base, live, now))
        if not same_found(was, here) and not _within(here, is_now):
            return False
    added = set(live["members"]) - set(base["members"])
    taken = set(base["members"]) - set(live["members"])
    return added <= set(now["members"]) and not taken & set(now["members"])


def _within(here: Any, now: Any) -> bool:
    """Whether a value stands, or every member of a map, to which the tree may have added others."""
    if isinstance(here, dict) and isinstance(now, dict):
        return all(name in now and same_tree(value, now[name]) for name, value in here.items())
    return same_found(here, now)


@given(sides(), st.data())
def test_a_hand_edit_that_was_kept_is_kept_by_the_next_release_too(inputs: Inputs, data: st.DataObject) -> None:
    keep = Policy(on_drift=OnDrift.KEEP)
    inputs = replace(inputs, rules=Rules())
    plan = make_plan(inputs, keep)
    if not plan.applyable:
        return
    next_tree = items({item.key: data.draw(FIELDS) for item in inputs.desired.values()})
    after = replace(carried_out(inputs, plan), desired=next_tree)
    again = make_plan(after, keep)
    if not again.applyable:
        return
    later = carried_out(after, again).live
    for address in inputs.base.keys() & inputs.live.keys() & inputs.desired.keys() & later.keys():
        base, live, desired = (getattr(inputs, side)[address].fields for side in ("base", "live", "desired"))
        # Where the tree once said the same as the site, it is the tree's from then on.
        site_only = {name: live[name] if not same_found(live[name], desired[name]) else base[name] for name in live}
        site_only["at"] = base["at"]
        site_only["members"] = base["members"]
        assert _kept(base, site_only, {**later[address].fields, "members": base["members"]}), address


@given(sides())
def test_the_trees_edits_arrive_where_the_site_has_none(inputs: Inputs) -> None:
    inputs = replace(inputs, live=inputs.base, rules=Rules())
    plan = make_plan(inputs, Policy(prune=True))
    if any(change.blocked for change in plan.changes):
        assert {change.blocked for change in plan.changes if change.blocked} == {Reason.RENAME}
        return
    after = carried_out(inputs, plan).live
    assert after.keys() == inputs.desired.keys()
    assert all(same_tree(item.fields, inputs.desired[address].fields) for address, item in after.items())


@given(sides(), POLICIES)
def test_the_same_sides_give_the_same_plan_in_whatever_order_they_come(inputs: Inputs, policy: Policy) -> None:
    backwards = {name: dict(reversed(getattr(inputs, name).items())) for name in ("live", "desired", "base")}
    plan, other = make_plan(inputs, policy), make_plan(replace(inputs, **cast("Any", backwards)), policy)
    assert [(change.address, change.action) for change in plan.changes] == [
        (change.address, change.action) for change in other.changes
    ]
    assert len({change.address for change in plan.changes}) == len(plan.changes)


@given(VALUES | st.just(ABSENT), VALUES | st.just(ABSENT), VALUES | st.just(ABSENT))
def test_apply_and_drift_mirror_each_other(base: Any, one: Any, other: Any) -> None:
    if same_found(one, other):
        return
    there, back = reason_for(base=base, live=one, desired=other), reason_for(base=base, live=other, desired=one)
    mirror = {None: Reason.DRIFT, Reason.DRIFT: None, Reason.CONFLICT: Reason.CONFLICT}
    assert back is mirror[there]


@given(st.dictionaries(st.sampled_from(KEYS), FIELDS, min_size=1, max_size=5), st.data())
def test_what_others_need_comes_first(fields: dict[str, Any], data: st.DataObject) -> None:
    desired = items(fields)
    names = list(desired)
    needs = {
        name: data.draw(st.lists(st.sampled_from(names[:at]), max_size=2)) if at else []
        for at, name in enumerate(names)
    }
    shuffled = {name: desired[name] for name in data.draw(st.permutations(names))}
    needy = kind(needs=lambda item: needs[item.address])
    plan = make_plan(Inputs(kinds={"thing": needy}, live={}, desired=shuffled, base={}), Policy())
    order = [change.address for change in plan.changes]
    assert all(order.index(need) < order.index(name) for name, wanted in needs.items() for need in wanted)
