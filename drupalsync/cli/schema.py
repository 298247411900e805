"""drupalsync schema"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def schema(
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help="menu, block, node …, or plan.")] = None,
    write: Annotated[
        Path | None, typer.Option("--write", metavar="FOLDER", help="Write every schema into this folder.")
    ] = None,
) -> int:
    """Print the JSON Schema (2020-12) of a kind's files, for editors and for review, or of a plan in JSON."""
    import json

    from drupalsync.report.schemas import schema_for, schema_names, write_schemas

    if write is not None:
        write_schemas(write)
        return 0
    if kind is None:
        print("\n".join(schema_names()))
        return 0
    print(json.dumps(schema_for(kind), ensure_ascii=False, indent=2))
    return 0
