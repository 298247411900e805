"""What Drupal 7 writes into its tables when a form is saved, as far as the demo's sites need it.

Every function takes an open connection and leaves the transaction to its caller.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from drupalsync.php import Value, encode

Cell = None | int | float | str | bytes
BIRTH: Final = 1_700_000_000  # 2023-11-14 22:13:20 UTC: when the sites were made
DAY: Final = 86_400
LEVELS: Final = 9  # MENU_MAX_DEPTH, includes/menu.inc
P: Final = tuple(f"p{level}" for level in range(1, LEVELS + 1))
THEMES: Final = ("bartik", "seven")


def insert(db: sqlite3.Connection, table: str, **columns: Cell) -> int:
    """Inserts one row; returns its id. What is not given is at the column's default."""
    names = ", ".join(columns)
    marks = ", ".join("?" * len(columns))
    return db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(columns.values())).lastrowid or 0


def one(db: sqlite3.Connection, query: str, *params: Cell) -> Cell:
    """The one value that a query yields."""
    ((value,),) = db.execute(query, params).fetchall()
    assert value is None or isinstance(value, int | float | str | bytes)
    return value


def serialized(value: Value) -> str:
    """A value as PDO binds it into a blob column of SQLite: text."""
    return encode(value).decode()


def set_variable(db: sqlite3.Connection, name: str, value: Value) -> None:
    """variable_set() of includes/bootstrap.inc."""
    db.execute("INSERT OR REPLACE INTO variable (name, value) VALUES (?, ?)", (name, serialized(value)))
    db.execute("DELETE FROM cache_bootstrap WHERE cid = 'variables'")


def save_link(
    db: sqlite3.Connection,
    menu: str,
    title: str,
    path: str,
    *,
    parent: int = 0,
    weight: int = 0,
    module: str = "menu",
    hidden: int = 0,
    expanded: int = 0,
    options: Value = None,
) -> int:
    """menu_link_save() of a new link; returns its mlid. The parent stands in the same menu."""
    external = path == "<front>" or "://" in path or path.startswith("mailto:")
    mlid = insert(
        db,
        "menu_links",
        menu_name=menu,
        plid=parent,
        link_path=path,
        router_path="" if external else router_path(path),
        link_title=title,
        options=serialized(options or []),
        module=module,
        hidden=hidden,
        external=int(external),
        expanded=expanded,
        weight=weight,
    )
    _place(db, mlid, parent)
    return mlid


def move_link(db: sqlite3.Connection, mlid: int, parent: int, weight: int) -> None:
    """menu_link_save() of a link without children that gets another parent in its menu."""
    old = one(db, "SELECT plid FROM menu_links WHERE mlid = ?", mlid)
    db.execute("UPDATE menu_links SET plid = ?, weight = ? WHERE mlid = ?", (parent, weight, mlid))
    _place(db, mlid, parent)
    _count_children(db, old)


def _place(db: sqlite3.Connection, mlid: int, parent: int) -> None:
    """_menu_link_parents_set(), and has_children of the parent."""
    above = db.execute(f"SELECT {', '.join(P)} FROM menu_links WHERE mlid = ?", (parent,)).fetchone() or ()
    trail = [number for number in above if number] + [mlid]
    padded = [*trail, *[0] * (LEVELS - len(trail))]
    columns = ", ".join(f"{name} = ?" for name in P)
    db.execute(f"UPDATE menu_links SET depth = ?, {columns} WHERE mlid = ?", (len(trail), *padded, mlid))
    _count_children(db, parent)


def _count_children(db: sqlite3.Connection, mlid: Cell) -> None:
    """_menu_update_parental_status(): only children that are shown count."""
    db.execute(
        "UPDATE menu_links SET has_children = EXISTS (SELECT 1 FROM menu_links c WHERE c.plid = ? AND c.hidden = 0) "
        "WHERE mlid = ?",
        (mlid, mlid),
    )


def router_path(path: str) -> str:
    """The pattern that serves a path, for the few patterns with a placeholder that the demo's links use."""
    parts = path.split("/")
    if parts[0] in {"node", "user"} and len(parts) > 1 and parts[1].isdigit():
        return f"{parts[0]}/%"
    if parts[:2] == ["taxonomy", "term"] and len(parts) == 3:
        return "taxonomy/term/%"
    if path.startswith("admin/structure/menu/manage/"):
        return "admin/structure/menu/manage/%"
    return path


def save_custom_block(
    db: sqlite3.Connection,
    info: str,
    body: str,
    *,
    format_: str = "full_html",
    title: str = "",
    places: Mapping[str, tuple[str, int]],
    pages: tuple[int, Sequence[str]] = (0, ()),
    roles: Sequence[int] = (),
    types: Sequence[str] = (),
) -> int:
    """block_add_block_form_submit(); returns the bid. `places`: theme → region and weight; `pages`: as in {block}."""
    bid = insert(db, "block_custom", body=body, info=info, format=format_)
    for theme in THEMES:
        save_block(db, "block", str(bid), theme, places.get(theme), title=title, pages=pages, cache=-1)
    for rid in roles:
        insert(db, "block_role", module="block", delta=str(bid), rid=rid)
    for type_ in types:
        insert(db, "block_node_type", module="block", delta=str(bid), type=type_)
    return bid


def save_block(
    db: sqlite3.Connection,
    module: str,
    delta: str,
    theme: str,
    at: tuple[str, int] | None,
    *,
    title: str = "",
    pages: tuple[int, Sequence[str]] = (0, ()),
    cache: int = -1,
) -> None:
    """One row of {block}; without a place it is off, as _block_rehash() leaves it."""
    region, weight = at or ("-1", 0)
    insert(
        db,
        "block",
        module=module,
        delta=delta,
        theme=theme,
        status=int(at is not None),
        weight=weight,
        region=region,
        visibility=pages[0],
        pages="\r\n".join(pages[1]),
        title=title,
        cache=cache,
    )


def save_node(
    db: sqlite3.Connection,
    type_: str,
    title: str,
    *,
    at: int,
    uid: int = 1,
    alias: str = "",
    comment: int = 1,
    promote: int = 0,
    fields: Mapping[str, Sequence[Mapping[str, Cell]]],
) -> int:
    """node_save() of a new, published node in no language; returns its nid. `fields`: name → items → column → value."""
    flags = {"status": 1, "comment": comment, "promote": promote}
    vid = insert(db, "node_revision", uid=uid, title=title, log="", timestamp=at, **flags)
    nid = insert(db, "node", vid=vid, type=type_, language="und", title=title, uid=uid, created=at, changed=at, **flags)
    db.execute("UPDATE node_revision SET nid = ? WHERE vid = ?", (nid, vid))
    for name, items in fields.items():
        save_field(db, name, "node", type_, nid, vid, items)
    for tid in dict.fromkeys(item["tid"] for item in fields.get("field_tags", ())):
        insert(db, "taxonomy_index", nid=nid, tid=tid, sticky=0, created=at)
    for item in fields.get("field_image", ()):
        insert(db, "file_usage", fid=item["fid"], module="file", type="node", id=nid, count=1)
    insert(db, "node_comment_statistics", nid=nid, last_comment_timestamp=at, last_comment_uid=uid)
    insert(db, "tracker_node", nid=nid, published=1, changed=at)
    insert(db, "tracker_user", nid=nid, uid=uid, published=1, changed=at)
    insert(db, "search_dataset", sid=nid, type="node", data=" ".join(_words(title, fields)), reindex=0)
    if alias:
        insert(db, "url_alias", source=f"node/{nid}", alias=alias, language="und")
    return nid


def save_field(
    db: sqlite3.Connection,
    field: str,
    entity: str,
    bundle: str,
    entity_id: int,
    revision: int,
    items: Sequence[Mapping[str, Cell]],
) -> None:
    """field_sql_storage_field_storage_write() of a new entity's field, in no language."""
    for delta, item in enumerate(items):
        columns = {f"{field}_{column}": value for column, value in item.items()}
        for table in (f"field_data_{field}", f"field_revision_{field}"):
            insert(
                db,
                table,
                entity_type=entity,
                bundle=bundle,
                entity_id=entity_id,
                revision_id=revision,
                language="und",
                delta=delta,
                **columns,
            )


def rewrite_body(db: sqlite3.Connection, nid: int, text: str, *, at: int) -> None:
    """node_save() after its body was edited, without a new revision."""
    for table in ("field_data_body", "field_revision_body"):
        db.execute(f"UPDATE {table} SET body_value = ? WHERE entity_type = 'node' AND entity_id = ?", (text, nid))
    db.execute("UPDATE node SET changed = ? WHERE nid = ?", (at, nid))
    db.execute("UPDATE node_revision SET timestamp = ? WHERE vid = (SELECT vid FROM node WHERE nid = ?)", (at, nid))
    db.execute("UPDATE tracker_node SET changed = ? WHERE nid = ?", (at, nid))
    db.execute("UPDATE tracker_user SET changed = ? WHERE nid = ?", (at, nid))
    db.execute("UPDATE search_dataset SET reindex = ? WHERE type = 'node' AND sid = ?", (at, nid))
    db.execute("DELETE FROM cache_field WHERE cid = ?", (f"field:node:{nid}",))


def _words(title: str, fields: Mapping[str, Sequence[Mapping[str, Cell]]]) -> Iterator[str]:
    """What search.module indexes of a node, roughly: lower case, no tags."""
    yield title.lower()
    for item in fields.get("body", ()):
        plain = "".join(char if char.isalnum() else " " for char in str(item["value"]))
        yield from plain.lower().split()
