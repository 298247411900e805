"""Fields and their instances: what PHP can keep of one comes back as it was, through the tree and through its file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drupalsync.kinds import Item, content_type, field
from drupalsync.kinds._field_file import FIELDS, data_of_fields, fields_of_data, ordered_in, ordered_out
from drupalsync.kinds._instance_file import data_of_fields as data_of_instance
from drupalsync.kinds._instance_file import fields_of_data as fields_of_instance
from drupalsync.tree import same
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit
from support.fields import on_museum

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drupalsync.kinds import Context

KEYS = st.one_of(
    st.integers(-3, 6),
    st.text("abz0 ö'\n", min_size=1, max_size=4).filter(lambda text: not text.lstrip("-").isdecimal()),
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**31), 2**31), st.text(max_size=6), st.just("5"), st.just("")
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)), max_leaves=8
)
MAPS = st.dictionaries(st.text("abcxyz_", min_size=1, max_size=6), VALUES, max_size=3)


@pytest.fixture(scope="module")
def ctx() -> Iterator[Context]:
    with TemporaryDirectory() as folder:
        yield on_museum(Path(folder))


def _php(value: Any) -> Any:
    """A value as PHP has it: one kind of array."""
    if isinstance(value, list):
        return {at: _php(member) for at, member in enumerate(value)}
    return {key: _php(member) for key, member in value.items()} if isinstance(value, dict) else value


@given(values=st.one_of(st.dictionaries(KEYS, LEAVES, max_size=6), st.lists(LEAVES, max_size=4)))
def test_the_values_of_a_list_keep_their_keys_and_their_order(values: Any) -> None:
    written = ordered_out("list_text", {"allowed_values": values})
    again = ordered_in("list_text", written)

    assert list(_php(again)["allowed_values"].items()) == list(_php(values).items())
    assert same(ordered_out("list_text", again), written)


@given(settings=MAPS, indexes=MAPS, foreign=MAPS, more=MAPS)
def test_a_field_comes_back_through_its_column_and_its_file(
    ctx: Context, settings: Any, indexes: Any, foreign: Any, more: Any
) -> None:
    data = {
        "settings": settings,
        "indexes": indexes,
        "foreign keys": foreign,
        "entity_types": ["node"],
        **{f"x_{k}": v for k, v in more.items()},
    }
    own = {
        "type": "link_field",
        "module": "link",
        "cardinality": 1,
        "translatable": False,
        "locked": False,
        "columns": {},
    }
    item = Item(kind="field", key="f", fields={**fields_of_data(ctx, "link_field", data), **own})

    back = data_of_fields(ctx, item, "f.yml")
    assert {key: _php(back[key]) for key in data} == {key: _php(value) for key, value in data.items()}
    document = parse(emit(field.dump([item], None)), where="x")
    (read,) = field.load("fields/f.yml", document)
    assert all(same(read.fields[name], item.fields[name]) for name in FIELDS)
    assert same(field.dump([item], document), document)


@given(
    settings=MAPS,
    widget=MAPS,
    more=MAPS,
    default=st.one_of(st.none(), st.lists(st.dictionaries(st.just("value"), LEAVES, max_size=1), max_size=2)),
)
def test_an_instance_comes_back_through_its_column_and_its_file(
    ctx: Context, settings: Any, widget: Any, more: Any, default: Any
) -> None:
    data = {
        "label": "L", "description": "", "required": 0, "settings": settings, "widget": widget, "display": {},
        "default_value": default, **{f"x_{key}": value for key, value in more.items()},
    }  # fmt: skip
    item = Item(kind="field_instance", key="user/user/f", fields=fields_of_instance(ctx, data))

    assert _php(data_of_instance(ctx, item, {})) == _php(data)
    document = parse(emit(content_type.KIND.dump([item], None)), where="x")
    (read,) = content_type.KIND.load("bundles/user/user.yml", document)
    assert all(same(read.fields[name], item.fields[name]) for name in item.fields)
