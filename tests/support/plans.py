"""Plans built by hand, of items of the real kinds: their documents, and what they look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from drupalsync.apply.seal import seal
from drupalsync.kinds import Item, all_kinds
from drupalsync.plan import Inputs, OnDrift, Policy, make_plan
from drupalsync.report.document import Document, Setting, document
from drupalsync.report.style import Style
from drupalsync.report.text import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEY: Final = b"k" * 32
PLAIN: Final = Style(colour=False)
KEEP: Final = Policy(on_drift=OnDrift.KEEP)
FILES: Final = {
    "node": "nodes/{}.yml",
    "menu": "menus/{}.yml",
    "block": "blocks/{}.yml",
    "variable": "variables/site.yml",
}


def item(kind: str, key: str, **fields: Any) -> Item:
    """An item with these fields, the others at their default."""
    defaults = {name: spec.default for name, spec in all_kinds()[kind].FIELDS.items()}
    assert fields.keys() <= defaults.keys()
    file = f"menus/{key.partition('/')[0]}.yml" if kind == "menu_link" else FILES[kind].format(key)
    return Item(kind=kind, key=key, fields={**defaults, **fields}, source=file)


def link(key: str, path: str = "<front>", **fields: Any) -> Item:
    return item("menu_link", key, **{"title": key.rpartition("/")[2].title(), "path": path, **fields})


def variable(name: str, value: Any) -> Item:
    return item("variable", name, value=value)


def secret(name: str, value: str) -> Item:
    """A variable as a plan has it: sealed."""
    return seal(variable(name, value), [("value",)], KEY)


def page(key: str, **fields: Any) -> Item:
    return item("node", f"page/{key}", **{"title": key.title(), "author": "anna", **fields})


def body(value: str, **more: Any) -> dict[str, Any]:
    """The fields of a page with a text."""
    return {"body": {"und": [{"value": value, "summary": "", "format": "full_html"}]}, **more}


def block(key: str, **fields: Any) -> Item:
    return item("block", key, **fields)


def planned(
    *,
    live: Iterable[Item] = (),
    desired: Iterable[Item] = (),
    base: Iterable[Item] = (),
    policy: Policy = KEEP,
    **more: Any,
) -> Document:
    """The document of the plan that these three sides make; `more` is what the reader is told besides."""
    sides = {name: _by_address(items) for name, items in {"live": live, "desired": desired, "base": base}.items()}
    inputs = Inputs(kinds=all_kinds(), **sides, notes=more.pop("notes", ()))
    setting = Setting(
        **{
            "environment": "prod",
            "site": "mysql://drupal@db/prod",
            "tree": "config",
            "revision": "4f2c9e1" + "0" * 33,
            "last_release": (2, "9ab0c77" + "0" * 33, 1700000000),
            "left_by": dict.fromkeys(sides["base"], 2),
            **more,
        }
    )
    return document(make_plan(inputs, policy), setting)


def shown(plan: Document) -> str:
    """The plan without colour."""
    return render(plan, PLAIN)


def update(before: Any, after: Any) -> Document:
    """The plan in which one variable goes from one value to another."""
    old, new = variable("x", before), variable("x", after)
    return planned(live=[old], desired=[new], base=[old])


def told(before: Any, after: Any) -> str:
    """What a plan says of a variable that goes from one value to another: only that, without its indentation."""
    lines = shown(update(before, after)).split("\n")
    start = next(at for at, line in enumerate(lines) if line.startswith("  ~ variable:x"))
    end = lines.index("", start)
    return "\n".join(line[6:] for line in lines[start + 1 : end])


def _by_address(items: Iterable[Item]) -> Mapping[str, Item]:
    return {item.address: item for item in items}
