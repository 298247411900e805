"""drupalsync export"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from drupalsync.cli.options import Env, Selectors

if TYPE_CHECKING:
    from drupalsync.apply.export import Exported

SHOWN = 40


def export(
    selectors: Selectors = None,
    env: Env = None,
    commit: Annotated[bool, typer.Option("--commit", help="Commit what was written, and nothing else.")] = False,
    message: Annotated[
        str | None, typer.Option("--message", "-m", metavar="MESSAGE", help="The commit's message.")
    ] = None,
) -> int:
    """Write the site's configuration into the tree: only the files, and in them only the lines, of what changed."""
    from drupalsync.apply.session import open_session

    with open_session(env, selectors or [], None, for_export=True) as session:
        exported, revision = session.export(commit=commit, message=message)
    _print(exported, session.project.tree_shown)
    if commit:
        print(f"Committed {revision[:12]}." if revision else "Nothing to commit.")
    for note in exported.notes:
        print(f"note: {note}", file=sys.stderr)
    return 0


def _print(exported: Exported, tree: str) -> None:
    for path, content in list(exported.files.items())[:SHOWN]:
        print(f"  {'-' if content is None else '~'} {tree}/{path}")
    if len(exported.files) > SHOWN:
        print(f"    and {len(exported.files) - SHOWN} more files")
    if exported.secrets:
        print(f"Secrets, written as !env and not in clear: {', '.join(sorted(set(exported.secrets)))}")
    counts = [f"{len(getattr(exported, name))} {name}" for name in ("created", "updated", "deleted")]
    print(f"Exported: {', '.join(counts)}, {exported.unchanged} unchanged; {len(exported.files)} files written.")
