"""Tables of contributed modules that are no configuration, a reason each: drupalsync doctor asks nobody about them.

Names are globs. What is configuration is described in described/, or by a project's manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

CONTRIBUTED: Final[Mapping[str, str]] = {
    "cache*": "made anew by itself",
    "*_cache": "made anew by itself",
    "*_cache_*": "made anew by itself",
    "*_log": "log",
    "drupalsync_*": "drupalsync's own",
    "sqlite_*": "SQLite's own",
    "advancedqueue": "state of work that waits (advancedqueue)",
    "apachesolr_index_*": "derived: what is to be indexed (apachesolr)",
    "apachesolr_environment*": "the environment's own: servers, and their state (apachesolr)",
    "background_batch*": "state of work that goes on (background_process)",
    "background_process*": "state of work that goes on (background_process)",
    "backup_migrate_*": "operation: destinations and schedules of backups (backup_migrate)",
    "captcha_sessions": "state: answers that are awaited (captcha)",
    "comment_alter": "content: what comments changed (comment_alter)",
    "ctools_object_cache": "state of forms that are being filled in (ctools)",
    "entityform": "content: what people sent in (entityform)",
    "entityqueue_subqueue*": "content: what editors have lined up (entityqueue)",
    "features_signature": "state of Features: what it has seen in code and in the database",
    "feeds_item": "content: what was imported from where (feeds)",
    "feeds_push_subscriptions": "state of subscriptions (feeds)",
    "feeds_source": "state of imports (feeds)",
    "field_collection_item*": "content (field_collection)",
    "field_deleted_*": "values of fields that are gone, until cron purges them",
    "fieldable_panels_panes*": "content (fieldable_panels_panes)",
    "file_metadata": "derived from the files (file_entity)",
    "flag_counts": "derived from what people flagged (flag)",
    "flagging": "people: what they flagged (flag)",
    "history_*": "people: what they have read",
    "job_schedule": "state of work that waits (job_scheduler)",
    "linkchecker_*": "derived: links that were found in content (linkchecker)",
    "mail_edit_registry": "made anew from the modules' code (mail_edit)",
    "manualcrop": "content: how images are cut (manualcrop)",
    "masquerade*": "people: who acts for whom (masquerade)",
    "message": "content: what happened (message)",
    "message_digest": "state of mails that wait (message_digest)",
    "migrate_map_*": "state of migrations (migrate)",
    "migrate_message_*": "state of migrations (migrate)",
    "nodequeue_nodes": "content: what editors have lined up (nodequeue)",
    "nodequeue_subqueue": "content: what editors have lined up (nodequeue)",
    "oa_notifications*": "people: who is told of what (Open Atrium)",
    "og_membership": "people: who belongs to which group (og)",
    "og_users_roles": "people: who has which role in a group (og)",
    "panelizer_entity": "content: panels of single entities (panelizer)",
    "paragraphs_item*": "content (paragraphs)",
    "password_policy_history": "people: their passwords (password_policy)",
    "pathauto_state": "derived: which aliases were typed in by hand (pathauto)",
    "privatemsg_*": "content (privatemsg)",
    "profile": "people (profile2)",
    "rate_bot_*": "operation: addresses that are kept out (rate)",
    "realname": "derived from the users (realname)",
    "redirect": "content: old addresses of pages, most of them made by themselves (redirect)",
    "rules_scheduler": "state of work that waits (rules)",
    "scheduler": "content: when it is published (scheduler)",
    "search_api_db_*": "derived: the search index (search_api_db)",
    "search_api_item*": "derived: what is to be indexed (search_api)",
    "search_api_task": "state of work that waits (search_api)",
    "session_*": "people who are logged in",
    "simplenews_mail_spool": "state of mails that wait (simplenews)",
    "simplenews_subscri*": "people: who gets which letter (simplenews)",
    "ultimate_cron_lock": "state: locks (ultimate_cron)",
    "ultimate_cron_signal": "state of work that goes on (ultimate_cron)",
    "votingapi_*": "content: votes (votingapi)",
    "webform_submi*": "content: what people sent in (webform)",
    "webform_last_download": "people: what they have read (webform)",
    "workbench_moderation_node_history": "content: the states of revisions (workbench_moderation)",
    "workbench_scheduler_nodes": "content: when it is published (workbench_scheduler)",
    "wysiwyg_user": "people: who has switched the editor off (wysiwyg)",
    "xmlsitemap": "derived from the content (xmlsitemap)",
    "xmlsitemap_sitemap": "derived: files that were written (xmlsitemap)",
}


def contributed(table: str) -> str:
    """Why a contributed module's table is no configuration; "" where that is not known."""
    return next((why for glob, why in CONTRIBUTED.items() if fnmatchcase(table, glob)), "")
