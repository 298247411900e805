"""Categories of the site-wide contact form: to whom it writes.

Tables    contact (modules/contact/contact.install)
Key       the category's name, unique in {contact}
File      config/contact_categories/<key>.yml
Defaults  no automatic reply, weight 0, not the one that the form begins with
Keeps     what the tree says of `selected`: the form takes it from all others when one gets it, and so does an export
Caches    none
Source    modules/contact/contact.admin.inc (contact_category_edit_form_submit, contact_category_delete_form_submit)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow, Col, Description, Hooks, TableKind


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: nobody to write to."""
    del ctx, desired
    if not item.fields["recipients"]:
        yield CannotBeRow(
            f"{item.address} writes to nobody",
            where=item.source or item.address,
            hint="recipients: an address, or several by commas",
        )


KIND: Final = TableKind(
    about=Description(
        kind="contact_category",
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
