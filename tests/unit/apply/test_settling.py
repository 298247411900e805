"""What came back, told from the before-images, what the site has and what the ledger says: values in, words out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from drupalsync.apply.seal import pack, seal
from drupalsync.apply.settling import Before, restored, returned
from drupalsync.kinds import all_kinds
from drupalsync.plan import Inputs, Policy, make_plan
from support.plans import KEY, block, variable

if TYPE_CHECKING:
    from drupalsync.kinds import Item

A, B, C = (pack(variable("x", value).fields) for value in "abc")


def image(release: int, name: str, before: bytes | None, **more: object) -> Before:
    return replace(Before(release=release, address=f"variable:{name}", fields=before), **more)


def live(**values: bytes) -> dict[str, bytes]:
    return {f"variable:{name}": value for name, value in values.items()}


def moved(names: str) -> set[str]:
    return {f"variable:{name}" for name in names}


THREE = [image(7, "p", A), image(7, "q", B), image(7, "r", None)]


@pytest.mark.parametrize(
    ("images", "now", "off", "told"),
    [
        pytest.param(THREE, live(p=A, q=B), "pqr", (7, 3), id="all is as before it"),
        pytest.param(THREE, live(p=A, q=C), "pqr", None, id="one is something else"),
        pytest.param(THREE, live(p=A, q=B, r=C), "pqr", None, id="what it made is there"),
        pytest.param(THREE, live(p=A), "pqr", None, id="what it had found is gone"),
        pytest.param(THREE[:2], live(p=A, q=B), "pq", None, id="two may be put back by hand"),
        pytest.param(THREE, live(p=A, q=B), "pq", None, id="one is as the ledger says"),
        pytest.param(
            [*THREE, image(7, "s", B)], live(p=A, q=B, s=B), "pqr", (7, 4), id="one was put back since, by us"
        ),
        pytest.param(
            [*THREE, image(8, "p", B), image(8, "s", C)], live(p=A, q=B, s=C), "pqrs", (7, 4), id="two releases older"
        ),
        pytest.param(
            [image(6, "p", C), *THREE, image(8, "s", C)], live(p=A, q=B, s=C), "pqrs", (7, 4), id="before one of three"
        ),
        pytest.param(
            [*THREE, *(image(8, name, before) for name, before in (("p", B), ("q", A), ("r", C)))],
            live(p=A, q=B),
            "",
            None,
            id="a release that took another back",
        ),
        pytest.param(
            [*THREE[:2], image(7, "new", C, previous="variable:old")],
            live(p=A, q=B, old=C),
            ["p", "q", "new"],
            (7, 3),
            id="what it moved is where it was",
        ),
        pytest.param([], {}, "", None, id="no images"),
    ],
)
def test_a_site_that_is_as_before_a_release_is_told_from_edits(
    images: list[Before], now: dict[str, bytes], off: str, told: tuple[int, int] | None
) -> None:
    assert restored(images, now, moved(off)) == told


def told(base: Item, before: Item | None, now: Item | None, desired: Item | None = None) -> list[str]:
    """What is said of one item that release 7 left as `base`; all in the clear but where a test seals it."""
    clear = {} if now is None else {now.address: now}
    inputs = Inputs(
        kinds=all_kinds(),
        live=clear,
        base={base.address: base},
        desired={item.address: item for item in [desired or base]},
    )
    plan = make_plan(inputs, Policy())
    images = {base.address: Before(release=7, address=base.address, fields=pack(before.fields) if before else None)}
    return list(returned(plan.changes, images, clear))


def test_a_value_that_came_back_is_named_with_its_field() -> None:
    old, new = (block("custom/x", placements={"bartik": {"region": "footer", "weight": n}}) for n in (1, 2))

    (said,) = told(base=new, before=old, now=old)

    assert said.startswith(
        "will not settle: block:custom/x (placements.bartik.weight) is again what it was before release 7;"
    )


def test_only_the_fields_that_came_back_are_named() -> None:
    old = block("custom/x", title="Old", body="one")
    new = block("custom/x", title="New", body="two")

    (said,) = told(base=new, before=old, now=block("custom/x", title="Old", body="three"))

    assert "(title)" in said


def test_any_other_value_is_an_edit() -> None:
    assert told(base=variable("x", "b"), before=variable("x", "a"), now=variable("x", "c")) == []


def test_what_the_tree_changed_since_is_no_news() -> None:
    b = variable("x", "b")
    assert told(base=b, before=variable("x", "a"), now=b, desired=variable("x", "c")) == []


def test_what_the_release_made_and_is_gone_is_named() -> None:
    (said,) = told(base=variable("x", "b"), before=None, now=None)

    assert said.startswith("will not settle: variable:x is gone again, as before release 7 made it;")


def test_what_was_there_before_and_is_gone_is_an_edit() -> None:
    assert told(base=variable("x", "b"), before=variable("x", "a"), now=None) == []


def test_a_secret_that_came_back_is_named_and_not_shown() -> None:
    before, wrote = variable("key", "hunter2"), seal(variable("key", "hunter3"), [("value",)], KEY)
    sealed = seal(before, [("value",)], KEY)
    inputs = Inputs(
        kinds=all_kinds(), live={sealed.address: sealed}, base={wrote.address: wrote}, desired={wrote.address: wrote}
    )
    changes = make_plan(inputs, Policy()).changes
    images = {before.address: Before(release=7, address=before.address, fields=pack(before.fields))}

    (said,) = returned(changes, images, {before.address: before})

    assert "variable:key (value)" in said
    assert "hunter" not in said
