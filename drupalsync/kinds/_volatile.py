"""Variables that are not configuration: the one place that lists them, a reason each (design section 7).

Volatile: Drupal computes them, or remembers in them what it did last. Written by an import they would be wrong.
Environment's own: right here, wrong elsewhere; exported only where somebody asks for them.
Names are globs. Source: the function that writes the variable; contributed modules' by their module's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase, translate
from functools import cache
from typing import Final

# fmt: off
VOLATILE: Final[Mapping[str, str]] = {
    "cron_last": "when cron last ran (includes/common.inc:drupal_cron_run)",
    "cron_semaphore": "whether cron runs (Drupal 6's drupal_cron_run)",
    "node_cron_last": "how far the search index has come (node.module:_node_index_node)",
    "node_cron_views_scale": "computed from the most read node (statistics.module:statistics_update_index)",
    "node_cron_comments_scale": "computed from the most discussed node (comment.module:comment_update_index)",
    "tracker_index_nid": "how far the tracker has come (tracker.module:tracker_cron)",
    "statistics_day_timestamp": "when the day's counters were reset (statistics.module:statistics_cron)",
    "update_last_check": "when updates were last looked for (update.fetch.inc:_update_process_fetch_task)",
    "update_last_email_notification": "when updates were last mailed (update.fetch.inc:_update_cron_notify)",
    "announcements_feed_last_fetch": "when the feed was last read (announcements_feed_cron)",
    "tag1_d7es_phone_home": "when the service was last called (tag1_d7es.module:_tag1_d7es_transmit)",
    "css_js_query_string": "changes with every cache flush (includes/common.inc:_drupal_flush_css_js)",
    "drupal_css_cache_files": "aggregates on this disk (includes/common.inc:drupal_build_css_cache)",
    "drupal_js_cache_files": "aggregates on this disk (includes/common.inc:drupal_build_js_cache)",
    "javascript_parsed": "files searched for strings (includes/locale.inc:_locale_invalidate_js)",
    "cache_flush_*": "when a cache bin is due (includes/cache.inc:DrupalDatabaseCache::clear)",
    "drupal_http_request_fails": "whether this server reaches itself (system.module:system_check_http_request)",
    "menu_masks": "computed from the router (includes/menu.inc:_menu_router_save)",
    "menu_expanded": "computed from the links (includes/menu.inc:_menu_set_expanded_menus)",
    "menu_rebuild_needed": "a mark for the next request (includes/menu.inc:menu_rebuild)",
    "node_access_needs_rebuild": "a mark for an administrator (node.module:node_access_needs_rebuild)",
    "path_alias_whitelist": "computed from the aliases (includes/path.inc:drupal_path_alias_whitelist_rebuild)",
    "language_count": "counted (locale.admin.inc:locale_languages_overview_form_submit)",
    "language_default": "a copy of a row of {languages} (locale.admin.inc:locale_languages_overview_form_submit)",
    "language_types": "computed from the modules that are on (language.inc:language_types_set)",
    "language_negotiation_*": "holds modules' callbacks and file paths (language.inc:language_negotiation_set)",
    "install_time": "when this database was made (includes/install.core.inc:install_configure_form_submit)",
    "install_task": "how far the installer came (includes/install.core.inc:install_run_tasks)",
    "install_current_batch": "what the installer does (includes/install.core.inc:install_run_task)",
    "install_locale_batch_components": "what the installer does (includes/install.core.inc:install_import_locales)",
    "install_profile_modules": "what the installer does (includes/install.core.inc:install_system_module)",
    "drupal_all_databases_are_utf8mb4": "a property of this server (includes/install.core.inc:install_system_module)",
    "hashed_session_ids_supported": "set by an update of the schema (modules/system/system.install)",
    "date_temporary_timezone": "what update.php does (includes/update.inc)",
    "update_d6": "what update.php does (includes/update.inc)",
    "update_d7_requirements": "what update.php does (includes/update.inc)",
    "field_sql_storage_*_etid": "ids of an older schema (field_sql_storage.install)",
    "dashboard_stashed_blocks": "blocks of the module while it is off (modules/dashboard/dashboard.install)",
    "*__active_tab*": "which tab of a form was open (includes/form.inc:form_process_vertical_tabs)",
    "features_*": "what the module last found in code (features)",
    "views_block_hashes": "computed from the views (views:views_block_info)",
    "variable_module_list": "computed (variable)",
    "entityreference:base-tables": "computed from the entity types (entityreference)",
    "search_api_facets_search_ids": "searches that visitors ran (search_api)",
    "job_scheduler_rebuild_all": "a mark for the next run (job_scheduler)",
    "date_api_version": "which schema the module has (date)",
    "xmlsitemap_regenerate_needed": "a mark for the next run (xmlsitemap)",
    "xmlsitemap_rebuild_needed": "a mark for the next run (xmlsitemap)",
    "xmlsitemap_generated_last": "when it last ran (xmlsitemap)",
    "l10n_update_last_check": "when it last ran (l10n_update)",
    "googleanalytics_last_cache": "when it last ran (google_analytics)",
    "ctools_last_cron": "when it last ran (ctools)",
    "captcha_wrong_response_counter": "a counter (captcha)",
}
ENVIRONMENT: Final[Mapping[str, str]] = {
    "file_public_path": "a folder of this server (includes/file.inc)",
    "file_private_path": "a folder of this server (includes/file.inc)",
    "file_temporary_path": "a folder of this server (includes/file.inc:file_directory_temp)",
    "file_directory_path": "a folder of this server (Drupal 6's file_public_path)",
    "file_directory_temp": "a folder of this server (Drupal 6's file_temporary_path)",
    "site_mail": "who gets and sends this site's mail (modules/system/system.admin.inc)",
    "update_notify_emails": "who looks after this site (modules/update/update.settings.inc)",
    "install_profile": "how this database was made (includes/install.core.inc:install_finished)",
    "maintenance_mode": "whether this site is open right now (modules/system/system.admin.inc)",
    "clean_url": "whether this web server rewrites paths (modules/system/system.admin.inc:system_clean_url_settings)",
    "authorize_filetransfer_*": "how this server's disk is reached (includes/authorize.inc)",
    "color_*_files": "files made on this disk (modules/color/color.module:color_scheme_form_submit)",
    "color_*_logo": "a file made on this disk (modules/color/color.module:color_scheme_form_submit)",
    "color_*_stylesheets": "files made on this disk (modules/color/color.module:color_scheme_form_submit)",
    "color_*_screenshot": "a file made on this disk (modules/color/color.module:color_scheme_form_submit)",
    "apps_client_id": "names this site to a server (apps)",
}
# fmt: on


def volatile(name: str) -> str:
    """Why this variable is never exported; empty where it may be."""
    return _reason(name, VOLATILE)


def environments_own(name: str) -> str:
    """Why this variable is exported only where asked for; empty where it always is."""
    return _reason(name, ENVIRONMENT)


def taken_off(name: str, include: Iterable[str]) -> bool:
    """Whether the manifest takes a volatile variable off the list, by its own name or by the list's own glob.

    No other glob does: `include: ['variable:*']` must not bring in what an import would only break.
    """
    own = {f"variable:{pattern}" for pattern in VOLATILE if fnmatchcase(name, pattern)} | {f"variable:{name}"}
    return not own.isdisjoint(include)


def _reason(name: str, reasons: Mapping[str, str]) -> str:
    found = _matcher(tuple(reasons)).fullmatch(name)
    return list(reasons.values())[(found.lastindex or 1) - 1] if found else ""


@cache
def _matcher(globs: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for a whole list, a group for each of its globs: a site has hundreds of variables."""
    return re.compile("|".join(f"({translate(glob)})" for glob in globs))
