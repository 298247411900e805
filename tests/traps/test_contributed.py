"""Trap 18: ids that contributed modules keep inside their serialized values point at another row on another site.

The shapes are what the modules themselves wrote into a scratch site.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drupalsync.php import encode
from drupalsync.site import LOADERS, Keys
from support.described import Made, description, sites

ROLE = {"plugins": [{"name": "role", "settings": {"rids": [3, 4]}, "context": "logged-in-user"}]}
CASES: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "a view for a role": (
        "views_view",
        "views_display",
        {"vid": 1, "id": "default", "display_options": {"access": {"type": "role", "role": {4: "4"}}}},
        "        role:editor: role:editor\n",
    ),
    "a view of some terms": (
        "views_view",
        "views_display",
        {"vid": 1, "id": "d", "display_options": {"filters": {"field_tags_tid": {"value": {5: "5"}}}}},
        "            term:forums/General: term:forums/General\n",
    ),
    "a view of terms in a list": (
        "views_view",
        "views_display",
        {"vid": 1, "id": "d", "display_options": {"filters": {"tid": {"value": ["5", "6"]}}}},
        "            - term:forums/General\n            - term:forums/General/Off topic\n",
    ),
    "a view of some people's": (
        "views_view",
        "views_display",
        {"vid": 1, "id": "d", "display_options": {"filters": {"uid": {"value": [7, 0]}}}},
        "            - !int user:ann\n            - 0\n",
    ),
    "a page for roles": (
        "page_manager_page",
        "page_manager_pages",
        {"name": "p", "path": "taxonomy/term/5", "access": ROLE, "menu": [], "arguments": [], "conf": []},
        "          - !int role:administrator\n          - !int role:editor\n",
    ),
    "a ruleset for roles": (
        "ctools_access_ruleset",
        "ctools_access_ruleset",
        {"name": "p", "access": ROLE},
        "          - !int role:administrator\n          - !int role:editor\n",
    ),
    "a pane for roles, with a custom block": (
        "panels_display",
        "panels_pane",
        {"did": 1, "uuid": "u", "type": "block", "subtype": "block-3", "access": ROLE, "configuration": {"nid": "12"}},
        "    subtype: block:custom/footer\n",
    ),
    "a context on a node's page": (
        "context",
        "context",
        {"name": "c", "conditions": {"path": {"values": {"node/12": "node/12", "~admin*": "~admin*"}}}},
        "      node:page/about-us: node:page/about-us\n",
    ),
    "a context with a custom block": (
        "context",
        "context",
        {"name": "c", "reactions": {"block": {"blocks": {"block-3": {"module": "block", "delta": "3"}}}}},
        "      block:custom/footer:\n        module: block\n        delta: block:custom/footer\n",
    ),
    "quicktabs with a node and a custom block": (
        "quicktabs",
        "quicktabs",
        {
            "machine_name": "q",
            "title": "",
            "renderer": "",
            "style": "",
            "tabs": [{"nid": "12"}, {"bid": "block_delta_3"}],
        },
        "  - nid: node:page/about-us\n  - bid: block:custom/footer\n",
    ),
    "an importer of a person's": (
        "feeds_importer",
        "feeds_importer",
        {"id": "f", "config": {"processor": {"config": {"author": 7, "roles": {4: 4}}}}},
        "      author: !int user:ann\n      roles:\n        role:editor: !int role:editor\n",
    ),
    "an index without some roles": (
        "search_api_index",
        "search_api_index",
        {
            "machine_name": "i",
            "name": "i",
            "item_type": "user",
            "options": {"data_alter_callbacks": {"search_api_alter_role_filter": {"settings": {"roles": {4: "4"}}}}},
        },
        "          role:editor: role:editor\n",
    ),
    "a profile of a role": (
        "profile2_type",
        "profile_type",
        {"type": "p", "data": {"roles": {4: "4", 3: 0}}},
        "    role:editor: role:editor\n    role:administrator: 0\n",
    ),
    "a dependency for a role": (
        "conditional_field",
        "conditional_fields",
        {"dependee": 1, "dependent": 1, "options": {"element_view_roles": {4: {1: 1}}}},
        "    role:editor:\n      1: 1\n",
    ),
}


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Any]:
    with sites(tmp_path) as made:
        yield made


@pytest.mark.parametrize("case", CASES)
def test_trap_18_an_id_inside_a_value_means_the_same_row_everywhere(make: Any, case: str) -> None:
    kind, table, row, written = CASES[case]
    made: Made = make(description(kind))
    made.ctx.keys.assign("block", 3, "custom/footer")
    made.ctx.keys.assign("field_instance", 1, "node/page/body")
    if table == "views_display":
        made.site.insert("views_view", {"vid": 1, "name": "v"})
    if table == "panels_pane":
        made.site.insert("panels_display", {"did": 1, "uuid": "d"})
    cells = {name: encode(value).decode() if isinstance(value, dict | list) else value for name, value in row.items()}
    made.site.insert(table, cells)
    made.kind.identify(made.ctx)
    ((key, item),) = made.items().items()

    text = made.file(key)

    assert written in text
    made.site.execute("UPDATE {role} SET rid = rid + 100")  # the same roles on another site
    made.site.execute("UPDATE {users} SET uid = uid + 100 WHERE uid > 0")
    made.site.execute("UPDATE {taxonomy_term_data} SET tid = tid + 100")
    made.site.execute("UPDATE {taxonomy_term_hierarchy} SET tid = tid + 100")
    made.site.execute("UPDATE {taxonomy_term_hierarchy} SET parent = parent + 100 WHERE parent > 0")
    other = Made(replace(made.ctx, keys=Keys(made.site, LOADERS)), made.kind)
    for kind_, local_id, name in (("node", 112, "page/about-us"), ("block", 103, "custom/footer")):
        other.ctx.keys.assign(kind_, local_id, name)
    other.ctx.keys.assign("field_instance", 1, "node/page/body")
    other.kind.delete(other.ctx, item)
    other.kind.create(other.ctx, other.loaded(text))
    assert other.file(key) == text  # which names no id
    for name, value in row.items():
        if isinstance(value, dict | list):
            (stored,) = other.rows(table, name)[0]
            assert stored == encode(_moved(value)).decode()


def _moved(value: Any) -> Any:
    """What the same value is on the other site: rows 3 to 7 are 103 to 107 there; nodes and blocks are 112 and 103."""
    if isinstance(value, list):
        return [_moved(member) for member in value]
    if isinstance(value, dict):
        return {_moved(key): _moved(member) for key, member in value.items()}
    if value in (3, 4, 5, 6, 7) and value is not True:
        return value + 100
    moved = {str(number): str(number + 100) for number in (3, 4, 5, 6, 7, 12)}
    moved |= {"block-3": "block-103", "block_delta_3": "block_delta_103", "node/12": "node/112"}
    return moved.get(value, value)
