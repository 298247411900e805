"""The filters of a text format: what core says of its own, and what of them a file may leave out.

Source: filter_filter_info() of modules/filter/filter.module, php_filter_info() of modules/php/php.module,
filter_format_save(): a row for every filter that Drupal knows, its default settings below those that are given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from drupalsync.tree import TreeValue, same

Filters = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreFilter:
    """A filter of core's; `settings` are its defaults."""

    module: str = "filter"
    weight: int = 0
    settings: dict[int | str | bytes, str | int] = field(default_factory=dict)


CORE: Final[Mapping[str, CoreFilter]] = {
    "filter_html": CoreFilter(
        weight=-10,
        settings={
            "allowed_html": "<a> <em> <strong> <cite> <blockquote> <code> <ul> <ol> <li> <dl> <dt> <dd>",
            "filter_html_help": 1,
            "filter_html_nofollow": 0,
        },
    ),
    "filter_autop": CoreFilter(),
    "filter_url": CoreFilter(settings={"filter_url_length": 72}),
    "filter_htmlcorrector": CoreFilter(weight=10),
    "filter_html_escape": CoreFilter(weight=-10),
    "php_code": CoreFilter(module="php"),
}
# Filters whose output may be another one every time (hook_filter_info(): 'cache' => FALSE).
NEVER_CACHED: Final = frozenset({"php_code", "insert_view", "insert_block", "insert_node", "media_filter_dynamic"})


def filters_of(fields: Mapping[str, TreeValue]) -> Filters:
    """The filters of an item, by name."""
    value = fields["filters"]
    return (
        {str(name): dict(about) if isinstance(about, dict) else {} for name, about in value.items()}
        if isinstance(value, dict)
        else {}
    )


def filters_on(fields: Mapping[str, TreeValue]) -> set[str]:
    """The names of those that are on."""
    return {name for name, about in filters_of(fields).items() if about.get("status") is True}


def completed(wanted: Filters, there: Filters) -> Filters:
    """The filters of a file with what they leave out: modules and settings at Drupal's defaults, filters that are off.

    `there` are the site's: a setting that the site does not have either stays away. A filter that is not named is off,
    with the weight and the settings that it has, as where somebody unticks it in Drupal's form.
    """
    named = {name: _completed(name, about, there.get(name)) for name, about in wanted.items()}
    others = {name: about for name, about in there.items() if name not in wanted}
    return named | {
        name: {key: value for key, value in about.items() if key != "status"} for name, about in others.items()
    }


def as_written(old: Filters, live: Filters) -> Filters:
    """The filters of the site as a file that says `old` has to say them: what means the same stays as it is written."""
    back = completed(old, live)
    out: Filters = {}
    for name, about in live.items():
        if name in old and same(back[name], about):
            out[name] = old[name]
        elif name in old or about.get("status"):
            out[name] = about
    return out


def _completed(name: str, about: Mapping[str, Any], there: Mapping[str, Any] | None) -> dict[str, Any]:
    core = CORE.get(name)
    if core is None:
        return dict(about)
    found = {"module": core.module, **about}
    given = about.get("settings") or {}
    has = (there or {}).get("settings") or {} if there is not None else core.settings
    if core.settings and isinstance(given, dict) and isinstance(has, dict):
        settings = {key: value for key, value in core.settings.items() if key in has} | given
        if settings:
            found["settings"] = settings
    return found
