"""The guided tour: from clicks on dev to a release on production, with the commands as a user types them."""

from __future__ import annotations

import shlex
from typing import Final

from drupalsync.demo import clicks
from drupalsync.demo.site import make_production, make_site
from drupalsync.demo.stage import MAIL, NAME, Stage

DEV: Final = "dev.sqlite"
PROD: Final = "prod.sqlite"
MANIFEST: Final = f"""\
version: 1
config: config                    # where the tree lies
environments:
  dev:
    database: sqlite:///{DEV}
  prod:
    database: sqlite:///{PROD}   # or mysql://user@host/database, or root: /var/www/drupal
nodes:
  - {{type: page}}                  # content that belongs to the site; articles are the editors' own
"""
IGNORED: Final = "*.sqlite*\n"


def take(stage: Stage) -> None:
    """Walks through all of it; raises DemoFailed at the first command that does not do what is shown."""
    _begin(stage)
    _export(stage)
    _adopt(stage)
    _click(stage)
    _release(stage)
    _hand_edit(stage)
    _end(stage)


def _begin(stage: Stage) -> None:
    make_site(stage.folder / DEV)
    make_production(stage.folder / DEV, stage.folder / PROD)
    (stage.folder / "drupalsync.yml").write_text(MANIFEST, "utf-8")
    (stage.folder / ".gitignore").write_text(IGNORED, "utf-8")
    stage.chapter("Two sites")
    stage.say(
        f"In {stage.folder} there are now two small Drupal 7 databases of a harbour museum: dev, and prod, which was "
        "cloned from it and has lived on: other node ids, comments, accounts, passwords. "
        "One file tells drupalsync where they are:"
    )
    stage.show("drupalsync.yml")
    if not stage.git:
        stage.say("git is not installed here: the tour goes on without commits.")
        return
    for command in (
        ("init", "--quiet", "--initial-branch=main"),
        ("config", "user.name", NAME),
        ("config", "user.email", MAIL),
        ("add", "drupalsync.yml", ".gitignore"),
        ("commit", "--quiet", "--message=Begin"),
    ):
        stage.git_quietly(*command)


def _export(stage: Stage) -> None:
    stage.chapter("Dev becomes files")
    stage.say("All that was clicked together on dev is written as YAML files, which git can keep.")
    _export_and_commit(stage)
    stage.say("A menu is a readable tree. No id of this database is in it: node/2 is node:page/visit.")
    stage.show("config/menus/main-menu.yml")
    stage.say(
        "A block says where it stands and on which pages it is seen. "
        "!crlf keeps the line ends that Drupal's textareas make."
    )
    stage.show("config/blocks/custom/footer-notice.yml")
    stage.say(
        "A secret never reaches a file: !env takes it from the environment of the run; unset, the site keeps its own."
    )
    stage.show("config/variables/smtp.yml")


def _adopt(stage: Stage) -> None:
    stage.chapter("Production is adopted")
    stage.say(
        "The first import into a site leaves alone what is equal already. It only remembers, in tables of its own, "
        "what it found: from now on drupalsync can tell your changes from other people's."
    )
    stage.run("import", "--env", "prod", "--adopt", "--yes")


def _click(stage: Stage) -> None:
    stage.chapter("Somebody clicks on dev")
    clicks.on_dev(stage.folder / DEV)
    stage.say(
        "On dev, with the mouse: one menu link gets another title, one moves, a block and a page get new text, the "
        "site gets a new slogan, and there is a new page “Volunteers” with a link to it. "
        "The export touches the files of these, and in them the lines of these:"
    )
    _export_and_commit(stage)
    if stage.git:
        stage.say("This is what a reviewer sees:")
        stage.call_git("show", "--format=%s", "--stat")
        stage.call_git("show", "--format=", "--unified=1")
    else:
        stage.show("config/menus/main-menu.yml")


def _release(stage: Stage) -> None:
    stage.chapter("The release")
    stage.say("Before anything is written: what would change on production?")
    stage.run("import", "--env", "prod", "--dry-run")
    stage.say("Now for real: one transaction, read back and compared before the commit, caches cleared after it.")
    stage.run("import", "--env", "prod", "--yes")
    paths = {name: clicks.where_a_link_leads(stage.folder / name, "Volunteers") for name in (DEV, PROD)}
    stage.say(
        f"The new link leads to {paths[DEV]} on dev, and to {paths[PROD]} on production: the same page, under the id "
        "that each database gave it. However often the import runs, the result is the same; now there is nothing to do:"
    )
    stage.run("import", "--env", "prod")


def _hand_edit(stage: Stage) -> None:
    stage.chapter("Somebody clicks on production")
    clicks.on_production(stage.folder / PROD)
    clicks.on_dev_again(stage.folder / DEV)
    stage.say(
        "A storm comes up: an editor changes a block right on production, and the slogan while at it. "
        "On dev the slogan has changed as well, and the next release is due:"
    )
    _export_and_commit(stage)
    stage.run("import", "--env", "prod", exits=3)
    stage.say(
        "The import stopped, and nothing was written. It says what it had left there, what the site has now, and what "
        "the tree wants; each way out is one command. The storm warning is worth keeping, so it goes into the tree:"
    )
    _export_and_commit(stage, "block:custom/opening-times", "--env", "prod")
    stage.say("The slogan is dev's to decide:")
    stage.run("import", "variable:site_slogan", "--env", "prod", "--on-drift", "overwrite", "--yes")
    stage.say("With that the way is free, and production is what the tree says, storm warning included:")
    stage.run("import", "--env", "prod", "--yes")
    stage.run("status", "--env", "prod")


def _end(stage: Stage) -> None:
    stage.chapter("Your turn")
    stage.say("Everything is still there. Try by hand:")
    for command, why in (
        (f"cd {shlex.quote(str(stage.folder))}", ""),
        ("drupalsync status", "dev does not know of the storm yet"),
        ("drupalsync import --adopt", "brings it there, after you have seen the plan and said yes"),
        ("$EDITOR config/menus/main-menu.yml", "then: drupalsync import --env prod --dry-run"),
        ("drupalsync import --help", "all that a release can be told"),
        ("drupalsync init --root DOCROOT", "in a folder of your own: finds your site by its settings.php"),
    ):
        stage.suggest(command, why)


def _export_and_commit(stage: Stage, *argv: str) -> None:
    stage.run("export", *argv, *(("--commit",) if stage.git else ()))
