"""Before-images: everything that a release is about to change, as it was, and nothing more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from drupalsync.apply import images
from drupalsync.apply.gather import Gathered
from drupalsync.apply.images import Image
from drupalsync.apply.ledger import Entry, Ledger
from drupalsync.apply.seal import pack
from drupalsync.kinds import all_kinds
from drupalsync.plan import Inputs, Policy, make_plan
from drupalsync.site import Site, parse_url
from drupalsync.site.sqlite import Sqlite
from support.plans import link, variable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from drupalsync.kinds import Item

OPEN = Policy(adopt=True, prune=True)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "site.sqlite").touch()
    site = Site(Sqlite(parse_url(f"sqlite:///{tmp_path}/site.sqlite", folder=tmp_path)), shown="test")
    Ledger(site).make()
    yield site
    site.db.close()


def taken(
    site: Site,
    *,
    live: Iterable[Item] = (),
    desired: Iterable[Item] = (),
    base: Iterable[Item] = (),
    others: Iterable[str] = (),
) -> dict[str, Image]:
    """The images of the release that these sides make, as they are read again, by address."""
    ledger = Ledger(site)
    ledger.record([(item, item.key) for item in base], 7)
    sides = {
        name: {item.address: item for item in items}
        for name, items in {"live": live, "desired": desired, "base": base}.items()
    }
    plan = make_plan(Inputs(kinds=all_kinds(), **sides), OPEN)
    images.take(site, ledger, 8, _gathered(sides["live"]), plan, set(others))
    found = images.read(site, 8)
    assert len({image.address for image in found}) == len(found)
    return {image.address: image for image in found}


def _gathered(live: dict[str, Item]) -> Gathered:
    return cast("Gathered", SimpleNamespace(live=live))


def entry(item: Item, release: int = 7) -> Entry:
    return Entry(local_id=item.key, base=pack(item.fields), release=release)


def test_an_update_keeps_both_sides(site: Site) -> None:
    old, new = variable("x", {"p": [1, "é"]}), variable("x", 2)

    (image,) = taken(site, live=[old], base=[old], desired=[new]).values()

    assert image == Image(action="update", kind="variable", key="x", live=old.fields, entry=entry(old))


def test_a_creation_keeps_that_there_was_nothing(site: Site) -> None:
    (image,) = taken(site, desired=[variable("x", 1)]).values()

    assert image == Image(action="create", kind="variable", key="x")


def test_a_move_keeps_both_addresses(site: Site) -> None:
    old, new = link("main-menu/a"), link("menu-footer/a")

    (image,) = taken(site, live=[old], base=[old], desired=[new]).values()

    assert (image.action, image.before, image.address) == ("move", "menu_link:main-menu/a", "menu_link:menu-footer/a")
    assert image.entry == entry(old)


def test_of_an_adoption_the_site_is_not_kept_for_nothing_of_it_is_written(site: Site) -> None:
    same = variable("smtp_password", "1781-esuohthgil")

    (image,) = taken(site, live=[same], desired=[same]).values()

    assert image == Image(action="adopt", kind="variable", key="smtp_password")
    assert not image.writes


def test_what_is_only_forgotten_is_kept_as_the_ledger_had_it(site: Site) -> None:
    gone = variable("x", 1)

    (image,) = taken(site, base=[gone]).values()

    assert image == Image(action=images.LEDGER, kind="variable", key="x", entry=entry(gone))


def test_what_else_a_rollback_touches_is_kept_once(site: Site) -> None:
    old, other = variable("x", 1), variable("y", 1)

    found = taken(
        site, live=[old, other], base=[old, other], desired=[variable("x", 2), other],
        others=["variable:x", "variable:y", "variable:z"],
    )  # fmt: skip

    assert [(image.key, image.action) for image in found.values()] == [
        ("x", "update"),
        ("y", images.LEDGER),
        ("z", images.LEDGER),
    ]
    assert found["variable:y"].entry == entry(other)
    assert found["variable:z"].entry is None


def test_an_image_never_shows_what_it_holds() -> None:
    image = Image(action="update", kind="variable", key="smtp_password", live={"value": "1781-esuohthgil"})

    assert "esuohthgil" not in f"{image!r} {image!s}"


def test_releases_that_touched_an_item_are_found_by_either_address(site: Site) -> None:
    old, new = link("main-menu/a"), link("menu-footer/a")
    taken(site, live=[old], base=[old], desired=[new])

    assert images.touching(site, [8], {"menu_link:main-menu/a"}) == {8: "menu_link:main-menu/a"}
    assert images.touching(site, [8], {"menu_link:menu-footer/a"}) == {8: "menu_link:menu-footer/a"}
    assert images.touching(site, [8], {"menu_link:main-menu/b"}) == {}
    assert images.touching(site, [9], {"menu_link:main-menu/a"}) == {}


def test_what_is_put_back_is_what_there_was(site: Site) -> None:
    old, gone = variable("x", 1), variable("y", 2)
    ledger = Ledger(site)
    ledger.record([(old, "x")], 3)
    before = ledger.entries(["variable:x", "variable:y"])
    ledger.record([(variable("x", 9), "x"), (gone, "y")], 4)

    ledger.put_back({"variable:x": before["variable:x"], "variable:y": before.get("variable:y")})

    assert ledger.entries(["variable:x", "variable:y"]) == {"variable:x": entry(old, 3)}


def test_a_ledger_of_the_first_format_has_none(site: Site) -> None:
    site.execute("DROP TABLE {drupalsync_image}")
    site.tables_changed()

    assert images.read(site, 1) == []
