"""Text formats that a text of the tree may have.

Drupal shows nothing at all of a text whose format is missing or switched off.
Source: modules/filter/filter.module (check_markup, filter_formats).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import problem


class FormatOff(DrupalsyncError):
    """A text would have a format that the site has switched off."""


def format_problem(
    ctx: Context, name: str, desired: Mapping[str, Item], *, where: str, has: Callable[[], bool]
) -> DrupalsyncError | None:
    """What forbids this format; `has`: the text on the site has it already, and so shows no less than before."""
    missing = problem(ctx, "text_format", name, desired, where=where)
    if missing is not None or f"text_format:{name}" in desired:
        return missing
    if ctx.keys.local_id("text_format_off", name) is None or has():
        return None
    return FormatOff(
        f"the text format {name} is switched off on this site: Drupal would show nothing",
        where=where,
        hint="choose another format; Drupal has no form that switches one on again",
    )
