"""What every Drupal 7 of the standard profile has, as data.

Facts, by file: profiles/standard/standard.install, the themes' .info files, modules/*/*.install; hook_menu(),
hook_block_info() and hook_permission() of core's modules.
"""

from __future__ import annotations

from typing import Final

VERSION: Final = "7.105"
CLASSES: Final = ("a", "em", "strong", "cite", "blockquote", "code", "ul", "ol", "li", "dl", "dt", "dd")
# module → version of its schema in {system}; 0: it has no tables
MODULES: Final = {
    "block": 7009, "comment": 7009, "contact": 7003, "dashboard": 0, "dblog": 7003, "field": 7004,
    "field_sql_storage": 7002, "field_ui": 0, "file": 0, "filter": 7010, "help": 0, "image": 7005, "list": 7002,
    "locale": 7005, "menu": 7003, "node": 7016, "number": 0, "options": 0, "path": 0, "search": 7000, "system": 7088,
    "taxonomy": 7011, "text": 7000, "tracker": 7000, "user": 7020,
}  # fmt: skip
OFF: Final = ("aggregator", "book", "forum", "php", "poll", "statistics")
FIELD_MODULES: Final = ("field_sql_storage", "list", "number", "options", "text")
REGIONS: Final[dict[str, dict[str, str]]] = {
    "bartik": {
        "header": "Header", "help": "Help", "page_top": "Page top", "page_bottom": "Page bottom",
        "highlighted": "Highlighted", "featured": "Featured", "content": "Content", "sidebar_first": "Sidebar first",
        "sidebar_second": "Sidebar second", "triptych_first": "Triptych first", "triptych_middle": "Triptych middle",
        "triptych_last": "Triptych last", "footer_firstcolumn": "Footer first column",
        "footer_secondcolumn": "Footer second column", "footer_thirdcolumn": "Footer third column",
        "footer_fourthcolumn": "Footer fourth column", "footer": "Footer",
    },
    "seven": {
        "content": "Content", "help": "Help", "page_top": "Page top", "page_bottom": "Page bottom",
        "sidebar_first": "First sidebar",
    },
}  # fmt: skip
DASHBOARD: Final = {
    "dashboard_main": "Dashboard (main)",
    "dashboard_sidebar": "Dashboard (sidebar)",
    "dashboard_inactive": "Dashboard (inactive)",
}  # system_system_info_alter() of dashboard.module adds them to every theme
ROLES: Final = ("anonymous user", "authenticated user", "administrator", "editor")
ADMINISTRATOR, EDITOR = 3, 4  # rid
PERMISSIONS: Final = {
    1: {"access content": "node", "access comments": "comment", "use text format filtered_html": "filter"},
    2: {
        "access content": "node", "access comments": "comment", "post comments": "comment",
        "skip comment approval": "comment", "use text format filtered_html": "filter",
    },
    ADMINISTRATOR: {
        "access administration pages": "system", "access content overview": "node", "administer blocks": "block",
        "administer menu": "menu", "administer nodes": "node", "administer site configuration": "system",
        "administer users": "user", "use text format full_html": "filter",
    },
    EDITOR: {
        "access content overview": "node", "create article content": "node", "edit any article content": "node",
        "edit any page content": "node", "use text format full_html": "filter",
    },
}  # fmt: skip
# (path, title, type, weight, page callback); type: 6 shown in a menu, 20 suggested, 132 a tab, 140 the default tab, 0 none
ROUTER: Final = (
    ("admin", "Administration", 6, 9, "system_admin_menu_block_page"),
    ("admin/content", "Content", 6, -10, "drupal_get_form"),
    ("admin/structure", "Structure", 6, -8, "system_admin_menu_block_page"),
    ("admin/structure/block", "Blocks", 6, 0, "block_admin_display"),
    ("admin/structure/menu", "Menus", 6, 0, "menu_overview_page"),
    ("admin/structure/menu/manage/%", "Customize menu", 6, 0, "drupal_get_form"),
    ("admin/people", "People", 6, -4, "user_admin"),
    ("admin/config", "Configuration", 6, 0, "system_admin_config_page"),
    ("contact", "Contact", 20, 0, "drupal_get_form"),
    ("filter/tips", "Compose tips", 20, 0, "filter_tips_long"),
    ("node", "", 0, 0, "node_page_default"),
    ("node/%", "", 6, 0, "node_page_view"),
    ("node/%/edit", "Edit", 132, 0, "node_page_edit"),
    ("node/add", "Add content", 6, 0, "node_add_page"),
    ("node/add/article", "Article", 6, 0, "node_add"),
    ("node/add/page", "Basic page", 6, 0, "node_add"),
    ("rss.xml", "RSS feed", 0, 0, "node_feed"),
    ("search", "Search", 20, 0, "search_view"),
    ("search/node", "Content", 132, -10, "search_view"),
    ("taxonomy/term/%", "Taxonomy term", 6, 0, "taxonomy_term_page"),
    ("tracker", "Recent content", 6, 1, "tracker_page"),
    ("user", "User account", 6, -10, "user_page"),
    ("user/%", "My account", 6, 0, "user_view_page"),
    ("user/%/edit", "Edit", 132, 0, "drupal_get_form"),
    ("user/login", "Log in", 140, 0, "user_page"),
    ("user/logout", "Log out", 6, 10, "user_logout"),
    ("user/password", "Request new password", 132, 0, "drupal_get_form"),
    ("user/register", "Create new account", 132, 0, "drupal_get_form"),
)
MENUS: Final = {
    "navigation": (
        "Navigation",
        "The <em>Navigation</em> menu contains links intended for site visitors. "
        "Links are added to the <em>Navigation</em> menu automatically by some modules.",
    ),
    "management": ("Management", "The <em>Management</em> menu contains links for administrative tasks."),
    "user-menu": (
        "User menu",
        "The <em>User</em> menu contains links related to the user's account, as well as the 'Log out' link.",
    ),
    "main-menu": (
        "Main menu",
        "The <em>Main</em> menu is used on many sites to show the major sections of the site, "
        "often in a top navigation bar.",
    ),
}
# module, delta, {block}.cache (includes/common.inc: DRUPAL_CACHE_*), region and weight by theme
BLOCKS: Final[tuple[tuple[str, str, int, dict[str, tuple[str, int]]], ...]] = (
    ("system", "main", -1, {"bartik": ("content", 0), "seven": ("content", 0)}),
    ("system", "help", -1, {"bartik": ("help", 0), "seven": ("help", 0)}),
    ("system", "navigation", -1, {"bartik": ("sidebar_first", 0)}),
    ("system", "powered-by", -1, {"bartik": ("footer", 10)}),
    ("system", "management", -1, {}),
    ("system", "user-menu", -1, {}),
    ("system", "main-menu", -1, {}),
    ("user", "login", -1, {"bartik": ("sidebar_first", 0), "seven": ("content", 10)}),
    ("user", "new", 1, {"seven": ("dashboard_sidebar", 0)}),
    ("user", "online", -1, {}),
    ("search", "form", -1, {"bartik": ("sidebar_first", -1), "seven": ("dashboard_sidebar", -10)}),
    ("node", "recent", 1, {"seven": ("dashboard_main", 10)}),
    ("node", "syndicate", -1, {}),
    ("comment", "recent", 1, {"seven": ("dashboard_inactive", 0)}),
    ("locale", "language", -1, {}),
    ("menu", "menu-footer", -1, {"bartik": ("footer", 5)}),
)
TYPES: Final = {
    "page": ("Basic page", "Use <em>basic pages</em> for your static content, such as an 'About us' page."),
    "article": (
        "Article",
        "Use <em>articles</em> for time-sensitive content like news, press releases or blog posts.",
    ),
}
