"""drupalsync export"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from drupalsync.cli.options import Env, Selectors
from drupalsync.errors import counted

if TYPE_CHECKING:
    from collections.abc import Container

    from drupalsync.apply.outcome import Exported

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
    from drupalsync.cli.progress import waiting
    from drupalsync.report.visible import visible

    with open_session(env, selectors or [], None, for_export=True) as session:
        with waiting("reading the site"):
            exported, revision = session.export(commit=commit, message=message)
        _print(exported, session.project.tree_shown, session.files)
        if commit:
            print(f"Committed {revision[:12]}." if revision else "Nothing to commit.")
    for note in exported.notes:
        print(f"note: {visible(note)}", file=sys.stderr)
    return 0


def _print(exported: Exported, tree: str, there: Container[str]) -> None:
    from drupalsync.report.visible import visible

    for path, content in list(exported.files.items())[:SHOWN]:
        print(f"  {'-' if content is None else '~' if path in there else '+'} {visible(f'{tree}/{path}')}")
    if len(exported.files) > SHOWN:
        print(f"    and {counted(len(exported.files) - SHOWN, 'more file')}")
    if exported.secrets:
        print(f"New secrets, written as !env and not in clear: {', '.join(sorted(set(exported.secrets)))}")
    counts = [f"{len(items)} {verb}" for verb, items in exported.told().items()]
    written = f"{counted(len(exported.files), 'file')} written" if exported.files else "nothing to write"
    print(f"Exported: {', '.join([*counts, f'{exported.unchanged} unchanged'])}; {written}.")
