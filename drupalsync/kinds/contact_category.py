"""Categories of the site-wide contact form: to whom it writes.

Tables    contact (modules/contact/contact.install)
Key       the category's name, unique in {contact}
File      config/contact_categories/<key>.yml
Defaults  no automatic reply, weight 0, not the one that the form begins with
Keeps     what other categories say: that the form begins with one is taken from no other that the tree does not speak of
Caches    none
Source    modules/contact/contact.admin.inc (contact_category_edit_form_submit, contact_category_delete_form_submit)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow, Col, Description, Hooks, TableKind

NAME: Final = "contact_category"
_ADDRESS: Final = re.compile(r"[^@\s,;]+@[^@\s,;]+")


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields what is no address; notes where there is none: the form refuses that, but Drupal's installation leaves it."""
    _note_others(ctx, item, desired)
    where = item.source or item.address
    recipients = str(item.fields["recipients"])
    if not recipients.strip():
        note = f"{item.address} writes to nobody: recipients: an address, or several by commas"
        if note not in ctx.notes:
            ctx.notes.append(note)
        return
    for part in recipients.split(","):
        if not _ADDRESS.fullmatch(part.strip()):
            yield CannotBeRow(
                f"{part.strip()!r} is no mail address",
                where=f"{where} recipients",
                hint="recipients: an address, or several by commas",
            )


def _note_others(ctx: Context, item: Item, desired: Mapping[str, Item]) -> None:
    """Tells which other category stays what the form begins with: it is in no plan, so nothing is taken from it."""
    if item.fields["selected"] is not True:
        return
    for cid, name in ctx.site.rows("SELECT cid, category FROM {contact} WHERE selected <> 0 ORDER BY cid"):
        is_ours = f"{NAME}:{name!s}" in desired or any(ctx.memory.recall(NAME, int(str(cid))))
        if str(name) != item.key and not is_ours:
            note = f"the contact form begins with {NAME}:{name!s}, too: only one of them can count"
            if note not in ctx.notes:
                ctx.notes.append(note)


KIND: Final = TableKind(
    about=Description(
        kind=NAME,
        table="contact",
        key=("category",),
        id="cid",
        folder="contact_categories",
        module="contact",
        columns={
            "recipients": Col(help="Addresses, by commas.", required=True, default=""),
            "reply": Col(help="What is sent back to whoever writes.", default=""),
            "weight": Col(help="Its place in the list.", default=0),
            "selected": Col(help="Whether the form begins with it.", default=False, flag=True),
        },
    ),
    doc=__doc__,
    hooks=Hooks(check=check),
)
