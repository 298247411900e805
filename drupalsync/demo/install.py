"""Writes what every Drupal 7 of the standard profile has (facts.py), and new accounts and menus."""

from __future__ import annotations

import sqlite3
from collections.abc import Container

from drupalsync.demo.facts import (
    ADMINISTRATOR,
    BLOCKS,
    CLASSES,
    DASHBOARD,
    FIELD_MODULES,
    MENUS,
    MODULES,
    OFF,
    PERMISSIONS,
    REGIONS,
    ROLES,
    ROUTER,
    TYPES,
    VERSION,
)
from drupalsync.demo.rows import BIRTH, THEMES, insert, save_block, save_link, serialized, set_variable
from drupalsync.php import Value


def install(db: sqlite3.Connection) -> None:
    """Writes all of it; the rest of the site is its content."""
    _extensions(db)
    _people(db)
    _formats(db)
    _router(db)
    _menus(db)
    for module, delta, cache, places in BLOCKS:
        for theme in THEMES:
            save_block(db, module, delta, theme, places.get(theme), cache=cache)
    for type_, (name, description) in TYPES.items():
        insert(
            db, "node_type", type=type_, name=name, base="node_content", module="node", description=description,
            help="", has_title=1, title_label="Title", custom=1, modified=1, orig_type=type_,
        )  # fmt: skip
    insert(db, "node_access", nid=0, gid=0, realm="all", grant_view=1)
    insert(db, "languages", language="en", name="English", native="English", enabled=1)
    insert(db, "languages", language="de", name="German", native="Deutsch", enabled=1, prefix="de")


def _extensions(db: sqlite3.Connection) -> None:
    for name in (*MODULES, *OFF):
        folder = "modules/field/modules" if name in FIELD_MODULES else "modules"
        _extension(db, f"{folder}/{name}/{name}.module", name, "module", MODULES.get(name, -1), on=name in MODULES)
    _extension(db, "sites/all/modules/smtp/smtp.module", "smtp", "module", 7106, on=True, version="7.x-1.9")
    _extension(db, "profiles/standard/standard.profile", "standard", "module", 0, on=True, weight=1000)
    for theme in THEMES:
        _extension(db, f"themes/{theme}/{theme}.info", theme, "theme", -1, on=True)


def _extension(
    db: sqlite3.Connection,
    filename: str,
    name: str,
    kind: str,
    schema: int,
    *,
    on: bool,
    weight: int = 0,
    version: str = VERSION,
) -> None:
    info: dict[int | str | bytes, Value] = {
        "name": name.replace("_", " ").capitalize(),
        "package": "Core" if version == VERSION else "Mail",
        "version": version,
        "core": "7.x",
        "mtime": BIRTH,
        "dependencies": [],
        "php": "5.3.3",
    }
    if kind == "theme":
        info["regions"] = dict((REGIONS[name] | DASHBOARD).items())
        info["engine"] = "phptemplate"
        info["features"] = ["logo", "favicon", "name", "slogan", "main_menu", "secondary_menu"]
    insert(
        db, "system", filename=filename, name=name, type=kind, status=int(on), schema_version=schema,
        weight=-5 if name == "block" else weight, info=serialized(info),
        owner="themes/engines/phptemplate/phptemplate.engine" if kind == "theme" else "",
    )  # fmt: skip


def _people(db: sqlite3.Connection) -> None:
    for weight, role in enumerate(ROLES):
        insert(db, "role", name=role, weight=weight)
    for rid, permissions in PERMISSIONS.items():
        for permission, module in permissions.items():
            insert(db, "role_permission", rid=rid, permission=permission, module=module)
    insert(db, "users", uid=0)
    save_user(db, "admin", role=ADMINISTRATOR)


def save_user(db: sqlite3.Connection, name: str, *, role: int | None = None, at: int = BIRTH) -> int:
    """user_save() of a new, active account, which has no password yet; returns its uid."""
    uid = insert(db, "sequences", value=None)
    db.execute("DELETE FROM sequences WHERE value < ?", (uid,))
    mail = f"{name.lower()}@museum.example"
    insert(
        db, "users", uid=uid, name=name, mail=mail, created=at, changed=at, status=1, init=mail,
        timezone="Europe/Berlin", data=serialized(False),
    )  # fmt: skip
    if role is not None:
        insert(db, "users_roles", uid=uid, rid=role)
    return uid


def _formats(db: sqlite3.Connection) -> None:
    allowed = " ".join(f"<{name}>" for name in CLASSES)
    html: Value = {"allowed_html": allowed, "filter_html_help": 1, "filter_html_nofollow": 0}
    filters: dict[str, Value] = {
        "filter_url": {"filter_url_length": 72}, "filter_autop": [], "filter_htmlcorrector": [],
        "filter_html_escape": [], "filter_html": html,
    }  # fmt: skip
    usual = {
        "filter_url": 0,
        "filter_autop": 2,
        "filter_htmlcorrector": 10,
        "filter_html_escape": -10,
        "filter_html": 1,
    }
    formats = {
        "filtered_html": ("Filtered HTML", 0, {"filter_url", "filter_html", "filter_autop", "filter_htmlcorrector"}),
        "full_html": ("Full HTML", 1, {"filter_url", "filter_autop", "filter_htmlcorrector"}),
        "plain_text": ("Plain text", 10, {"filter_html_escape", "filter_url", "filter_autop"}),
    }
    for format_, (name, weight, on) in formats.items():
        insert(db, "filter_format", format=format_, name=name, cache=1, weight=weight)
        for filter_, settings in filters.items():
            insert(
                db, "filter", format=format_, module="filter", name=filter_, weight=usual[filter_],
                status=int(filter_ in on), settings=serialized(settings),
            )  # fmt: skip


def _router(db: sqlite3.Connection) -> None:
    fits: set[int] = set()
    for path, title, type_, weight, callback in ROUTER:
        parts = path.split("/")
        fit = sum(1 << at for at, part in enumerate(reversed(parts)) if part != "%")
        fits.add(fit)
        loaders: dict[int | str | bytes, Value] = {
            at: f"{_loader(parts, at)}_load" for at, part in enumerate(parts) if part == "%"
        }
        tab = bool(type_ & 128)
        insert(
            db, "menu_router", path=path, load_functions=serialized(loaders) if loaders else "", to_arg_functions="",
            access_callback="user_access", access_arguments=serialized([_permission(path)]), page_callback=callback,
            page_arguments=serialized([]), fit=fit,
            number_parts=len(parts), context=int(tab), tab_parent="/".join(parts[:-1]) if tab else "",
            tab_root="/".join(parts[:-1]) if tab else path, title=title, title_callback="t", type=type_, description="",
            weight=weight, theme_arguments=serialized([]),
        )  # fmt: skip
    set_variable(db, "menu_masks", [*sorted(fits, reverse=True)])


def _loader(parts: list[str], at: int) -> str:
    return {"term": "taxonomy_term", "manage": "menu"}.get(parts[at - 1], parts[at - 1])


def _permission(path: str) -> str:
    return "access administration pages" if path.startswith("admin") else "access content"


def _menus(db: sqlite3.Connection) -> None:
    """The menus, and the links that _menu_navigation_links_rebuild() makes of the router."""
    made: dict[tuple[str, str], int] = {}
    for path, title, type_, weight, _ in sorted(ROUTER, key=lambda row: row[0].count("/")):
        if not type_ & 2 and type_ not in (20, 132, 140):
            continue
        menu = "management" if path.startswith("admin") else "navigation"
        if path in {"user", "user/login", "user/logout", "user/password", "user/register"}:
            menu = "user-menu"
        parent = made.get((menu, _above(menu, path, made)), 0) if path != "user/logout" else 0
        hidden = 1 if type_ == 20 else 0 if type_ & 2 else -1
        made[menu, path] = save_link(
            db, menu, title, path, parent=parent, weight=weight, module="system", hidden=hidden,
            options={"alter": True} if path == "user" else None,
        )  # fmt: skip
    for name, (title, description) in MENUS.items():
        save_menu(db, name, title, description)


def _above(menu: str, path: str, made: Container[tuple[str, str]]) -> str:
    """The nearest path above that the menu has; "": none."""
    while path:
        path = path.rpartition("/")[0]
        if (menu, path) in made:
            break
    return path


def save_menu(db: sqlite3.Connection, name: str, title: str, description: str) -> None:
    """menu_edit_menu_submit(): the menu, and the link to its form that menu.module keeps."""
    insert(db, "menu_custom", menu_name=name, title=title, description=description)
    parent = db.execute("SELECT mlid FROM menu_links WHERE link_path = 'admin/structure/menu'").fetchone()
    save_link(db, "management", title, f"admin/structure/menu/manage/{name}", parent=parent[0])
