"""A plan that was kept is carried out as it was seen, and once; or it is refused, and every item that moved is named."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any, Final

import pytest

from drupalsync.apply.fingerprints import tree_digest
from drupalsync.report.document import plan_id
from support import sql
from support.clicks import set_variable, variable
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project, Result
    from support.golden import Check

PLAN: Final = "release.plan"
APPLY: Final = ("import", "--plan", PLAN)


@pytest.fixture
def release(museum: Project, production: Project) -> Project:
    """Production, with a new slogan, a moved link and a reworded block on their way, and the plan of that in a file."""
    set_variable(museum, "site_slogan", "Ahoy")
    museum.click("UPDATE menu_links SET weight = 5 WHERE link_title = 'Press'")
    museum.click("UPDATE block_custom SET body = 'Closed.' WHERE info = 'Footer notice'")
    museum.run("export", "--commit")
    production.run("import", "--dry-run", "--out", PLAN)
    return production


def plan_of(project: Project, name: str = PLAN) -> Any:
    return json.loads(project.read(name))


def refused(release: Project, *options: str) -> Result:
    """A refusal to carry the plan out, after which every row of the site is as it was."""
    before = _contents(release)
    said = release.run(*APPLY, *options, exits=3)
    assert _contents(release) == before
    assert said.stdout == ""
    return said


def _contents(project: Project) -> sql.Contents:
    """Every row, but for who held the lock last."""
    rows = sql.contents(project.database)
    rows.pop("drupalsync_lock", None)
    return rows


# On both engines: the story of a merge request.


def test_a_plan_approved_in_a_merge_request_is_applied_an_hour_later(
    dev: Project, prod: Project, golden: Check
) -> None:
    dev.run("export", "--commit")
    prod.run("import", "--adopt", "--on-drift", "overwrite", "--yes")
    dev.click("UPDATE variable SET value = 's:10:\"An example\";' WHERE name = 'site_name'")
    dev.run("export", "--commit")

    kept = prod.run("import", "--dry-run", "--out", PLAN)
    shown = prod.run("show", PLAN)
    checked = prod.run(*APPLY, "--dry-run")
    applied = prod.run(*APPLY)
    with untouched(prod):
        again = prod.run(*APPLY, exits=3)

    assert variable(prod, "site_name") == "An example"
    assert prod.one("SELECT plan_id FROM drupalsync_release ORDER BY id DESC LIMIT 1") == plan_of(prod)["plan_id"]
    golden(
        "\n".join(said.transcript for said in (kept, shown, checked, applied, again)),
        "end_to_end/a-plan-is-approved-and-applied-once.txt",
    )


def test_a_plan_is_refused_after_an_edit_in_between_and_a_fresh_one_lies_beside_it(
    dev: Project, prod: Project, golden: Check
) -> None:
    dev.run("export", "--commit")
    prod.run("import", "--adopt", "--on-drift", "overwrite", "--yes")
    dev.click("UPDATE variable SET value = 's:10:\"An example\";' WHERE name = 'site_name'")
    dev.click("UPDATE menu_links SET weight = 7 WHERE menu_name = 'main-menu' AND link_title = 'Home'")
    dev.run("export", "--commit")
    prod.run("import", "--dry-run", "--out", PLAN)
    prod.click("UPDATE variable SET value = 's:7:\"By hand\";' WHERE name = 'site_name'")

    stale = prod.run(*APPLY, exits=3)
    shown = prod.run("show", "release.2.plan")
    review = prod.run("import", "--plan", "release.2.plan", exits=3)
    prod.run("import", "--dry-run", "--on-drift", "overwrite", "--out", "release.3.plan")
    settled = prod.run("import", "--plan", "release.3.plan")

    assert variable(prod, "site_name") == "An example"
    golden(
        "\n".join(said.transcript for said in (stale, shown, review, settled)),
        "end_to_end/a-plan-is-refused-after-an-edit-in-between.txt",
    )


# What a plan is bound to.


def test_a_kept_plan_is_for_its_owner_alone_and_the_document_that_goes_to_a_program(release: Project) -> None:
    said = release.run("import", "--dry-run", "--out", PLAN, "--format", "json")

    assert stat.S_IMODE((release.root / PLAN).stat().st_mode) == 0o600
    assert json.loads(said.stdout) == plan_of(release)
    assert release.run("show", PLAN, "--format", "json").stdout == said.stdout


def test_the_same_plan_has_the_same_id_and_another_one_another(release: Project) -> None:
    first = plan_of(release)["plan_id"]
    release.run("import", "--dry-run", "--out", PLAN)
    assert plan_of(release)["plan_id"] == first == plan_id(plan_of(release))

    for options in (["--prune"], ["--on-drift", "keep"], ["variable:site_*"], ["--allow-changes", "99"]):
        release.run("import", "--dry-run", *options, "--out", "other.plan")
        assert plan_of(release, "other.plan")["plan_id"] != first


def test_the_plan_says_what_the_operator_allowed_and_that_is_what_is_done(museum: Project, release: Project) -> None:
    museum.write("config/menus/menu-footer.yml", "menu: menu-footer\ntitle: Footer\nlinks: []\n")
    options = ["--prune", "--on-drift", "keep", "--allow-deletes", "90", "menu_link", "menu"]
    release.run("import", "--dry-run", *options, "--out", PLAN)

    release.run(*APPLY)

    assert release.one("SELECT COUNT(*) FROM menu_links WHERE menu_name = 'menu-footer'") == 0
    assert release.one("SELECT value FROM variable WHERE name = 'site_slogan'") != 's:4:"Ahoy";'
    assert release.one("SELECT selectors FROM drupalsync_release ORDER BY id DESC LIMIT 1") == "menu_link menu"


def test_a_plan_of_another_environment_is_refused(museum: Project, release: Project, golden: Check) -> None:
    with untouched(museum, release):
        said = museum.run(*APPLY, exits=3)
    golden(said.transcript, "end_to_end/a-plan-for-another-environment.txt")


def test_a_plan_of_another_site_is_refused(museum: Project, release: Project, golden: Check) -> None:
    manifest = release.read("drupalsync.yml")
    release.write("drupalsync.yml", manifest.replace(museum.database, "…").replace(release.database, museum.database))
    with untouched(museum, release):
        said = release.run(*APPLY, exits=3)
    golden(said.transcript, "end_to_end/a-plan-for-another-site.txt")


def test_a_plan_of_another_tree_is_refused_and_the_revision_carries_it_out(
    museum: Project, release: Project, golden: Check
) -> None:
    revision = museum.git("rev-parse", "HEAD").strip()
    museum.write("config/variables/relays.yml", "relays: two\n")
    museum.git("add", "--all")
    museum.git("commit", "--quiet", "--message=Relays")

    said = refused(release)
    assert f"give --rev {revision[:12]}, or plan again" in said.stderr
    release.run(*APPLY, "--rev", revision[:12])

    golden(said.transcript, "end_to_end/a-plan-of-another-tree.txt")
    assert release.one("SELECT revision FROM drupalsync_release ORDER BY id DESC LIMIT 1") == revision


def test_a_plan_of_files_that_were_not_committed_needs_just_those(museum: Project, release: Project) -> None:
    museum.write("config/variables/relays.yml", "relays: two\n")
    release.run("import", "--dry-run", "--out", PLAN)
    assert plan_of(release)["tree"]["dirty"] is True
    assert "from files with edits that were not committed" in release.run("show", PLAN).stdout
    museum.write("config/variables/relays.yml", "relays: three\n")

    said = refused(release)
    assert "with edits that are not committed; here is" in said.stderr
    assert "only those very files will do" in said.stderr
    museum.write("config/variables/relays.yml", "relays: two\n")
    release.run(*APPLY)


def test_a_plan_of_another_drupalsync_is_refused(release: Project, golden: Check) -> None:
    release.write(PLAN, release.read(PLAN).replace('"drupalsync_version": "', '"drupalsync_version": "9.'))

    golden(refused(release).transcript, "end_to_end/a-plan-of-another-drupalsync.txt")


def test_a_plan_that_something_stops_is_kept_for_review_only(release: Project, golden: Check) -> None:
    set_variable(release, "site_slogan", "By hand")
    kept = release.run("import", "--dry-run", "--out", PLAN, exits=3)
    shown = release.run("show", PLAN)

    golden(
        "\n".join(said.transcript for said in (kept, shown, refused(release))),
        "end_to_end/a-plan-for-review-only.txt",
    )


def test_a_plan_beyond_a_limit_is_kept_with_the_exit_of_that(museum: Project, production: Project) -> None:
    museum.write("drupalsync.yml", museum.read("drupalsync.yml") + "limits: {changes: 0}\n")
    set_variable(museum, "site_slogan", "Ahoy")
    museum.run("export", "--commit")

    said = production.run("import", "--dry-run", "--detailed-exitcode", "--out", PLAN, exits=4)

    assert said.stdout.endswith(f"{PLAN} is for review only: --plan would refuse it.\n")
    assert "limit stops it" in production.run(*APPLY, exits=3).stderr


def test_limits_that_were_lowered_since_stop_the_plan(museum: Project, release: Project) -> None:
    museum.write("drupalsync.yml", museum.read("drupalsync.yml") + "limits: {changes: 0}\n")

    assert "the safety limits: are other ones in drupalsync.yml now" in refused(release).stderr


def test_a_direct_import_of_the_same_spends_the_plan(release: Project) -> None:
    release.run("import", "--yes")

    assert "is spent: release 2 carried it out" in refused(release).stderr


def test_a_plan_with_nothing_to_do_does_nothing_and_stays_good(production: Project) -> None:
    production.run("import", "--dry-run", "--out", PLAN)

    with untouched(production):
        for _ in range(2):
            assert production.run(*APPLY).stdout.endswith("Nothing to do.\n")


def test_the_first_plan_of_a_site_without_a_ledger_is_applied_once(museum: Project) -> None:
    for table in ("meta", "item", "release", "image", "step", "lock"):
        museum.click(f"DROP TABLE IF EXISTS drupalsync_{table}")
    museum.run("import", "--adopt", "--dry-run", "--out", PLAN)
    assert plan_of(museum)["site"]["fingerprint_key"].startswith("drupal_private_key:")
    assert museum.rows("SELECT name FROM sqlite_master WHERE name LIKE 'drupalsync%'") == []

    museum.run(*APPLY)

    assert "is spent: release 1" in museum.run(*APPLY, exits=3).stderr


def test_a_first_plan_is_still_good_when_another_run_has_made_the_ledger_meanwhile(museum: Project) -> None:
    museum.run("import", "--adopt", "--dry-run", "variable", "--out", PLAN)
    museum.run("import", "--adopt", "menu", "--yes")

    assert "still as planned" in museum.run(*APPLY).stdout


def test_a_plan_whose_ledger_is_another_one_now_is_refused(release: Project) -> None:
    release.click(f"UPDATE drupalsync_meta SET value = '{'ab' * 32}' WHERE name = 'key'")

    assert "the key of its fingerprints is gone" in refused(release).stderr


# What moved, in a line each.


MOVED: Final = [
    pytest.param(
        "UPDATE menu_links SET weight = 6 WHERE link_title = 'Press'",
        "menu_link:menu-footer/press: weight changed on the site since",
        id="an edit of the same field",
    ),
    pytest.param(
        "UPDATE block_custom SET body = 'Closed.' WHERE info = 'Footer notice'",
        "block:custom/footer-notice: body changed on the site since",
        id="the same edit by hand",
    ),
    pytest.param(
        "UPDATE block SET title = 'Note' WHERE module = 'block' AND delta = "
        "(SELECT bid FROM block_custom WHERE info = 'Footer notice')",
        "block:custom/footer-notice: title changed on the site since",
        id="another field",
    ),
    pytest.param(
        "DELETE FROM menu_links WHERE link_title = 'Press'",
        "menu_link:menu-footer/press: is gone from the site since",
        id="a deleted item",
    ),
    pytest.param(
        "UPDATE variable SET value = 's:5:\"Night\";' WHERE name = 'site_name'",
        "variable:site_name: value changed on the site since",
        id="an item that the plan has nothing to do with",
    ),
    pytest.param(
        "DELETE FROM variable WHERE name = 'site_name'",
        "variable:site_name: was deleted on the site since",
        id="such an item deleted",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("click", "told"), MOVED)
def test_every_item_that_moved_is_named_with_what_happened_to_it(release: Project, click: str, told: str) -> None:
    release.click(click)

    said = refused(release)

    assert f"\n    {told} " in said.stderr
    assert "1 item moved" in said.stderr
    assert "drupalsync show release.2.plan" in said.stderr
    assert plan_of(release, "release.2.plan")["plan_id"] != plan_of(release)["plan_id"]
    assert "release.3.plan" in refused(release).stderr


def test_several_items_that_moved_are_all_named(release: Project, golden: Check) -> None:
    release.click("UPDATE menu_links SET weight = 6 WHERE link_title = 'Press'")
    release.click("DELETE FROM variable WHERE name = 'site_name'")
    set_variable(release, "site_slogan", "Ahoy")

    golden(refused(release).transcript, "end_to_end/a-plan-of-which-several-items-moved.txt")


def test_an_edit_that_is_taken_back_leaves_the_plan_good(release: Project) -> None:
    release.click("UPDATE menu_links SET weight = 6 WHERE link_title = 'Press'")
    refused(release)
    release.click("UPDATE menu_links SET weight = 10 WHERE link_title = 'Press'")

    assert "3 updated" in release.run(*APPLY).stdout


def test_a_variable_of_the_environment_that_changed_is_named(museum: Project, release: Project) -> None:
    museum.write("config/variables/harbour.yml", "harbour_town: !env TOWN\n")
    release.run("import", "--dry-run", "--out", PLAN, env={"TOWN": "Emden"})

    with untouched(release):
        said = release.run(*APPLY, exits=3, env={"TOWN": "Leer"})
        (release.root / "release.2.plan").unlink()

    assert "variable:harbour_town: the tree's value comes from !env TOWN, which has changed" in said.stderr
    release.run(*APPLY, env={"TOWN": "Emden"})


def test_a_secret_that_changed_on_the_site_is_named_and_not_shown(museum: Project, release: Project) -> None:
    museum.write("config/variables/smtp.yml", "smtp_password: !env SMTP_PASSWORD\n")
    release.run(
        "import", "--dry-run", "--on-drift", "overwrite", "--adopt", "--out", PLAN, env={"SMTP_PASSWORD": "Canary-1"}
    )
    set_variable(release, "smtp_password", "Canary-2")

    said = release.run(*APPLY, exits=3, env={"SMTP_PASSWORD": "Canary-1"})

    assert "variable:smtp_password: changed on the site since" in said.stderr
    assert "Canary" not in said.stderr + release.read(PLAN) + release.read("release.2.plan")


def test_no_byte_of_a_plan_shows_a_secret(museum: Project, production: Project) -> None:
    museum.write("config/variables/smtp.yml", "smtp_password: !env SMTP_PASSWORD\n")
    set_variable(production, "smtp_password", "Canary-live")
    set_variable(production, "mailer_settings", {"api_key": "Canary-api", "host": "mail"})
    production.click("UPDATE block_custom SET body = 'sk_live_Canary0123456789abcdefgh' WHERE info = 'Footer notice'")

    for options in ([], ["--on-drift", "overwrite", "--adopt", "--prune"]):
        exits = 0 if options else 3
        given = {"SMTP_PASSWORD": "Canary-tree"}
        said = production.run("import", "--dry-run", *options, "--out", PLAN, exits=exits, env=given)
        text = production.read(PLAN)
        assert "Canary" not in text.replace("sk_live_Canary", "") + said.stdout.replace("sk_live_Canary", "")
        assert "smtp_password" in text


# How it is asked for.


@pytest.mark.parametrize(
    "options",
    [["--adopt"], ["--prune"], ["--on-drift", "fail"], ["--allow-changes", "9"], ["variable:site_*"], ["--out", "x"]],
    ids=" ".join,
)
def test_what_a_plan_says_itself_cannot_be_said_beside_it(release: Project, options: list[str]) -> None:
    with untouched(release):
        said = release.run(*APPLY, *options, exits=64)
    assert options[0] in said.stderr or "SELECTOR" in said.stderr


def test_out_goes_with_a_dry_run_only(release: Project, golden: Check) -> None:
    with untouched(release):
        said = release.run("import", "--yes", "--out", "other.plan", exits=64)
    golden(said.transcript, "end_to_end/a-plan-to-be-kept-of-a-run-that-writes.txt")


@pytest.mark.parametrize("file", ["config/release.plan", "config/variables/site.yml", "./config/../config/x"])
def test_a_plan_does_not_lie_in_the_tree(release: Project, file: str) -> None:
    with untouched(release):
        said = release.run("import", "--dry-run", "--out", file, exits=64)
    assert "a plan must not lie among the files that it is made from" in said.stderr


def test_a_plan_that_cannot_be_written_is_an_error_that_names_it(release: Project) -> None:
    with untouched(release):
        said = release.run("import", "--dry-run", "--out", "no/such/folder.plan", exits=1)
    assert "no/such/folder.plan" in said.stderr


def test_a_plan_that_somebody_edited_is_refused(release: Project) -> None:
    release.write(PLAN, release.read(PLAN).replace('"prune": false', '"prune": true'))
    with untouched(release):
        said = release.run(*APPLY, exits=1)
    assert "somebody has edited this plan" in said.stderr


def test_the_plan_of_a_rollback_is_shown_and_not_carried_out_by_import(release: Project) -> None:
    release.run("import", "--yes")
    release.write(PLAN, release.run("rollback", "--dry-run", "--format", "json").stdout)

    assert "takes back release 2" in release.run("show", PLAN).stdout
    with untouched(release):
        said = release.run(*APPLY, exits=1)
    assert "this is the plan of a rollback, of release 2" in said.stderr
    assert "drupalsync rollback 2 --dry-run" in said.stderr


def test_a_release_that_was_rolled_back_has_spent_its_plan_all_the_same(release: Project) -> None:
    release.run(*APPLY)
    release.run("rollback", "--yes")

    assert "is spent: release 2 carried it out" in refused(release).stderr


def test_a_plan_that_shows_what_it_is_not_about_is_refused(release: Project) -> None:
    release.write(PLAN, release.read(PLAN).replace('"desired": "Ahoy"', '"desired": "Harmless"'))

    assert "the file does not show what it is about" in refused(release).stderr


def test_the_plans_own_environment_is_taken_where_none_is_said(
    release: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = release.environ()
    environ.pop("DRUPALSYNC_ENV")
    monkeypatch.setattr(type(release), "environ", lambda self, extra=None: environ)

    assert "3 updated" in release.run(*APPLY).stdout


def test_exit_codes_follow_their_order(museum: Project, release: Project) -> None:
    assert release.run(*APPLY, "--dry-run", "--detailed-exitcode", exits=2)
    release.write("broken.plan", "{")
    release.run("import", "--plan", "broken.plan", "--detailed-exitcode", exits=1)
    assert release.run(*APPLY, "--detailed-exitcode", exits=2)
    assert release.run(*APPLY, "--detailed-exitcode", exits=3)


def test_json_gives_the_plan_of_now_and_nothing_else(release: Project) -> None:
    said = release.run(*APPLY, "--format", "json")

    assert json.loads(said.stdout)["plan_id"] == plan_of(release)["plan_id"]
    assert "Release 2: 3 updated" in said.stderr


def test_a_digest_tells_files_from_files_and_leaves_out_the_overlays_of_others() -> None:
    files = {"a.yml": b"1", "environments/prod/a.yml": b"2", "environments/dev/a.yml": b"3"}
    digests = {tree_digest(files), tree_digest(files, "prod"), tree_digest(files, "dev")}
    assert len(digests) == 3
    assert tree_digest(files | {"environments/dev/b.yml": b""}, "prod") == tree_digest(files, "prod")
    assert tree_digest({"a.yml": b"1"}) == tree_digest(files) != tree_digest({"a.yml": b"", "1": b""})
