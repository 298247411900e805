"""Text formats that a text of the tree may have.

Drupal shows nothing at all of a text whose format is missing or switched off.
Source: modules/filter/filter.module (check_markup, filter_formats).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, ForbidsNew, Item
from drupalsync.kinds.references import problem


class ShowsNothing(ForbidsNew):
    """A text would have a format that the site does not have, or has switched off."""


def format_problem(
    ctx: Context, name: str, desired: Mapping[str, Item], *, where: str, has: Callable[[], bool]
) -> DrupalsyncError | None:
    """What forbids this format; `has`: the text on the site has it already, and so shows no less than before."""
    missing = problem(ctx, "text_format", name, desired, where=where)
    if missing is not None and missing.address in ctx.gone:
        return missing  # then the text shows less than before
    is_off = ctx.keys.local_id("text_format_off", name) is not None and f"text_format:{name}" not in desired
    if (missing is None and not is_off) or has():
        return None
    if missing is not None:
        return ShowsNothing(missing.what, where=missing.where, hint=missing.hint)
    return ShowsNothing(
        f"the text format {name} is switched off on this site: Drupal would show nothing",
        where=where,
        hint="choose another format; Drupal has no form that switches one on again",
    )
