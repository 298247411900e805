"""What is called after something else moves along when that gets another name: it stays the row that it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.dumps import needs_dumps
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

ACTION = (
    "INSERT INTO actions VALUES ('{0}', 'system', 'system_goto_action', 'a:1:{{s:3:\"url\";s:4:\"node\";}}', '{1}')"
)


@needs_dumps
def test_a_feed_with_its_block_and_an_action_with_its_assignment(dev: Project, prod: Project) -> None:
    for site, aid in ((dev, 501), (prod, 502)):
        site.click(ACTION.format(aid, "Home"))
        site.click(f"INSERT INTO trigger_assignments VALUES ('cron', '{aid}', 3)")
        site.click(
            "UPDATE block SET status = 1, region = 'content', weight = 4 WHERE delta = 'feed-1' AND theme = 'bartik'"
        )
    dev.run("export", "--commit")
    prod.run("import", "--adopt", "--yes")
    block = prod.rows("SELECT * FROM block WHERE module = 'aggregator' ORDER BY bid")

    dev.click("UPDATE aggregator_feed SET title = 'Moon'")
    dev.click("UPDATE actions SET label = 'Front page' WHERE aid = '501'")
    assert "4 moved" in dev.run("export", "--commit").stdout
    said = prod.run("import", "--prune", "--yes").stdout

    assert "> block:aggregator/feed-Planet → aggregator/feed-Moon" in said
    assert "Plan: 0 to create, 0 to update, 4 to move, 0 to adopt, 0 to delete" in said
    assert prod.rows("SELECT * FROM block WHERE module = 'aggregator' ORDER BY bid") == block
    assert prod.rows("SELECT hook, aid, weight FROM trigger_assignments") == [("cron", "502", 3)]
    assert prod.one("SELECT label FROM actions WHERE aid = '502'") == "Front page"
    with untouched(prod):
        prod.run("import", "--prune", "--yes")

    prod.run("rollback", "--yes")
    assert prod.one("SELECT title FROM aggregator_feed") == "Planet"
    assert prod.rows("SELECT * FROM block WHERE module = 'aggregator' ORDER BY bid") == block
    assert prod.rows("SELECT hook, aid, weight FROM trigger_assignments") == [("cron", "502", 3)]


@needs_dumps
def test_a_theme_that_is_turned_on_again_on_both_sides(dev: Project, prod: Project) -> None:
    """The other site has rows of the theme from earlier: they are neither in the way, nor left as they were."""
    for site in (dev, prod):
        site.click("UPDATE system SET status = 0 WHERE name = 'garland'")
    dev.run("export", "--commit")
    prod.run("import", "--adopt", "--yes")

    dev.click("UPDATE system SET status = 1 WHERE name = 'garland'")
    dev.click("UPDATE block SET status = 1, region = 'footer', weight = 9 WHERE theme = 'garland' AND delta = 'login'")
    dev.click("UPDATE block SET status = 0, region = '-1' WHERE theme = 'garland' AND delta = 'navigation'")
    dev.run("export", "--commit")
    assert "region: none" in dev.read("config/blocks/system/navigation.yml")
    prod.run("import", "--yes", "--allow-changes", "6")

    shown = (
        "SELECT module, delta, status, region, weight FROM block WHERE theme = 'garland' AND status = 1 ORDER BY 1, 2"
    )
    assert prod.rows(shown) == dev.rows(shown)
    with untouched(prod):
        prod.run("import", "--yes")


@needs_dumps
def test_a_name_that_differs_by_case_only_is_another_one_where_the_database_says_so(
    dev: Project, prod: Project, engine: str
) -> None:
    dev.run("export", "--commit")
    prod.run("import", "--adopt", "--yes")
    dev.write("config/contact_categories/press.yml", "contact_category: press\nrecipients: x@example.org\n")
    if engine == "sqlite":
        prod.run("import", "--yes")
        return
    with untouched(prod):
        said = prod.run("import", "--yes", exits=1)
    assert "contact_category:Press is there, and to this database press is the same name" in said.stderr
    assert "write it as the site does; if it is to be renamed, say so in config/moved.yml" in said.stderr
