"""Date formats that somebody added: patterns of PHP's date() to choose from.

Tables    date_formats (modules/system/system.install)
Key       its type and the pattern: `custom/Y-m-d`
File      config/date_formats/<key>.yml
Defaults  those that modules declare are locked, and have no file
Keeps     a format is its pattern: another one is another format
Caches    none
Source    modules/system/system.module (system_date_format_save, system_date_format_delete)
"""

from __future__ import annotations

from typing import Final

from drupalsync.kinds.tables import Description, TableKind

KIND: Final = TableKind(
    about=Description(
        kind="date_format",
        table="date_formats",
        key=("type", "format"),
        id="dfid",
        folder="date_formats",
        where={"locked": 0},
        after=("date_type",),
    ),
    doc=__doc__,
)
