"""Tables of Drupal that are no configuration, a reason each: what is neither here nor a kind's is forgotten.

Names are globs. A table with more than one sort of row is here with what becomes of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

CORE: Final[Mapping[str, str]] = {
    "accesslog": "who visited what (statistics)",
    "aggregator_category_item": "content: which news are filed where",
    "aggregator_item": "content: the news that were read",
    "authmap": "people: their names elsewhere",
    "batch": "state of work that goes on",
    "blocked_ips": "operation: addresses that are kept out of this site",
    "cache": "made anew by itself",
    "cache_*": "made anew by itself",
    "comment": "content",
    "field_data_*": "values: of nodes and terms with their kinds, of users and comments content",
    "field_revision_*": "as field_data_*",
    "field_deleted_*": "values of fields that are gone, until cron purges them",
    "file_managed": "content: files are named by their URI where something refers to them",
    "file_usage": "derived from what refers to files",
    "flood": "state: who tried what how often",
    "forum": "derived from the nodes of forums",
    "forum_index": "derived from the nodes of forums",
    "history": "people: what they have read",
    "locales_source": "texts of the interface, collected as they are met",
    "locales_target": "translations of the interface, which come from files of their own (drush language-import)",
    "menu_router": "made anew from the modules' code (menu_rebuild)",
    "node_access": "derived from the nodes by the modules that rule access",
    "node_counter": "statistics",
    "openid_association": "state of people who log in",
    "openid_nonce": "state of people who log in",
    "poll": "content: polls",
    "poll_choice": "content: polls",
    "poll_vote": "content: polls",
    "profile_value": "people: what they wrote in their profiles",
    "queue": "state of work that waits",
    "registry": "made anew from the code on the disk",
    "registry_file": "made anew from the code on the disk",
    "search_dataset": "derived: the search index",
    "search_index": "derived: the search index",
    "search_node_links": "derived: the search index",
    "search_total": "derived: the search index",
    "semaphore": "state: locks",
    "sequences": "counters",
    "sessions": "people who are logged in",
    "shortcut_set_users": "people: which shortcuts they chose",
    "simpletest": "results of tests",
    "simpletest_test_id": "results of tests",
    "system": "modules: config/modules.yml says which the tree needs; themes: the kind theme",
    "taxonomy_index": "derived from the nodes' terms",
    "tracker_node": "derived from nodes and comments",
    "tracker_user": "derived from nodes and comments",
    "users": "people",
    "users_roles": "people: who has which role",
    "watchdog": "log",
}


def left_out(table: str) -> str:
    """Why a table of core is no configuration; empty where it is, or where nobody knows it."""
    return next((why for glob, why in CORE.items() if fnmatchcase(table, glob)), "")
