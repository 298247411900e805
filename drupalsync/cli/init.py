"""drupalsync init"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def init(
    root: Annotated[
        Path | None,
        typer.Option("--root", metavar="DOCROOT", help="Drupal's folder; settings.php there says which database."),
    ] = None,
    database: Annotated[
        str | None, typer.Option("--database", metavar="URL", help="mysql://user@host/db or sqlite:///file.")
    ] = None,
    env: Annotated[str, typer.Option("--env", "-e", metavar="NAME", help="What to call this site.")] = "dev",
    site: Annotated[
        str, typer.Option("--site", metavar="FOLDER", help="The folder under sites/ that holds settings.php.")
    ] = "default",
    password_env: Annotated[
        str | None,
        typer.Option(
            "--password-env", metavar="NAME", help="The environment variable that holds the database password."
        ),
    ] = None,
    php: Annotated[bool, typer.Option("--php", help="Let the php of this machine evaluate settings.php.")] = False,
) -> int:
    """Find the site, try its database, and write drupalsync.yml; run again with another --env to add one."""
    from drupalsync.apply.initialise import initialise

    done = initialise(
        Path.cwd(), name=env, root=root, database=database, site=site, password_env=password_env, use_php=php
    )
    for note in done.notes:
        print(f"note: {note}", file=sys.stderr)
    print(
        f"{'Wrote' if done.new else 'Updated'} drupalsync.yml: environment {env} is {done.shown} (Drupal {done.drupal})."
    )
    print(f"Next: drupalsync export{'' if done.new else f' --env {env}'}")
    return 0
