"""Categories of the site-wide contact form: to whom it writes.

Tables    contact (modules/contact/contact.install)
Key       the category's name, unique in {contact}
File      config/contact_categories/<key>.yml
Defaults  no automatic reply, weight 0, not the one that the form begins with
Keeps     one category that the form begins with: when one gets that, all others lose it, but for what the tree says of them
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
    del desired
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


def wrote(ctx: Context, live: Item | None, item: Item) -> None:
    """Takes the form's beginning from whichever other category has it, but where the tree wants it there, too."""
    if item.fields["selected"] is not True or (live is not None and live.fields["selected"] is True):
        return
    wanted = {other.key for other in ctx.memory.tree(NAME) if other.fields["selected"] is True}
    for cid, category in ctx.site.rows("SELECT cid, category FROM {contact} WHERE selected <> 0 ORDER BY cid"):
        if str(category) not in {item.key, *wanted}:
            ctx.site.update("contact", {"selected": 0}, {"cid": cid})


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
    hooks=Hooks(check=check, wrote=wrote),
)
