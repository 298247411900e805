"""Which date format a language has for a date type.

Tables    date_format_locale (modules/system/system.install)
Key       type and language: `long/de`
File      config/date_formats_by_language/<key>.yml
Defaults  none: a language has the format of the site, or its own
Keeps     a language that is there
Caches    none
Source    modules/locale/locale.admin.inc (locale_date_format_form_submit), modules/system/system.module
          (system_date_format_save)
"""

from __future__ import annotations

from typing import Final

from drupalsync.kinds.tables import Col, Description, TableKind

KIND: Final = TableKind(
    about=Description(
        kind="date_format_locale",
        table="date_format_locale",
        key=("type", "language"),
        folder="date_formats_by_language",
        columns={
            "language": Col(refers="language"),
            "format": Col(help="A pattern of PHP's date().", required=True, default=""),
        },
        after=("language", "date_type", "date_format"),
    ),
    doc=__doc__,
)
