"""A tree that cannot be imported: one message says what is wrong, where, and how to mend it; nothing is changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check

Edit = Callable[[str], str]

MENU: Final = "config/menus/main-menu.yml"
FOOTER: Final = "config/menus/menu-footer.yml"
NOTICE: Final = "config/blocks/custom/footer-notice.yml"
VISIT: Final = "config/nodes/page/visit.yml"
SITE: Final = "config/variables/site.yml"
SMTP: Final = "config/variables/smtp.yml"


def _replaced(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times in:\n{text}"
        return text.replace(old, new)

    return edit


def _followed_by(more: str) -> Edit:
    return lambda text: text + more


CASES: Final = [
    pytest.param(SITE, _replaced("site_name: ", "site_name:\n\t- "), id="a tab where spaces belong"),
    pytest.param(SITE, _followed_by("site_name: Once more\n"), id="a key that is there twice"),
    pytest.param(NOTICE, _replaced("title: ", "titel: "), id="a field of a block that nobody knows"),
    pytest.param(VISIT, _replaced("fields:\n", "feilds:\n"), id="a field of a node that nobody knows"),
    pytest.param(FOOTER, _replaced("weight: 10", "wieght: 10"), id="a field of a link that nobody knows"),
    pytest.param(MENU, _replaced("path: node:page/about", "path: node:page/abuot"), id="a link to a page that is nowhere"),
    pytest.param(SITE, _replaced("site_404: node:page/errors-404", "site_404: node:page/gone"), id="a variable that names a page that is nowhere"),
    pytest.param(MENU, _replaced("path: node:page/about", "path: node/12"), id="an id of one database in the tree"),
    pytest.param(NOTICE, _replaced("region: footer", "region: foter"), id="a block in a region that the theme lacks"),
    pytest.param(NOTICE, _replaced("bartik:", "bartok:"), id="a block in a theme that the site lacks"),
    pytest.param(NOTICE, _followed_by("roles: [reviewer]\n"), id="a block for a role that the site lacks"),
    pytest.param(NOTICE, _replaced("format: full_html", "format: rich_html"), id="a text format that the site lacks"),
    pytest.param(VISIT, _replaced("author: anna", "author: hanna"), id="an author that the site lacks"),
    pytest.param(VISIT, _followed_by("status: 'yes'\n"), id="a text where true or false belongs"),
    pytest.param(SMTP, _replaced("smtp_password: !env {name: SMTP_PASSWORD, unset: keep}", "smtp_password: hunter2-very-secret"), id="a secret in clear"),
    pytest.param(SMTP, _followed_by("smtp_from: !env MAIL_FROM\n"), id="a variable of the environment that is not set"),
    pytest.param(SMTP, _followed_by("site_name: Also here\n"), id="an item in two files"),
    pytest.param(SITE, _followed_by("cron_last: 1700000000\n"), id="a variable that is no configuration"),
    pytest.param(MENU, _replaced("menu: main-menu", "menu: other-menu"), id="a file whose name and key differ"),
    pytest.param(SITE, _followed_by("site_slogan_2: &slogan Hello\n"), id="an anchor"),
    pytest.param(SITE, lambda text: text.replace(": ", " = "), id="a file that is no YAML mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "edit"), CASES)
def test_an_import_says_what_is_wrong_with_the_tree(
    museum: Project, golden: Check, request: pytest.FixtureRequest, file: str, edit: Edit
) -> None:
    museum.write(file, edit(museum.read(file)))

    _refused(museum, golden, str(request.node.callspec.id))


def test_ten_levels_are_one_more_than_a_menu_has(museum: Project, golden: Check) -> None:
    museum.write(FOOTER, "menu: menu-footer\ntitle: Footer\nlinks:\n" + _levels(9))
    museum.at("prod").run("import", "--dry-run")
    museum.write(FOOTER, "menu: menu-footer\ntitle: Footer\nlinks:\n" + _levels(10))

    _refused(museum, golden, "a menu ten levels deep")


def test_a_file_that_is_not_utf_8_is_named_with_the_place(museum: Project, golden: Check) -> None:
    text = museum.read(SITE).replace("Harbour", "Häfen")
    (museum.root / SITE).write_bytes(text.encode("latin-1"))

    _refused(museum, golden, "a file that is not UTF-8")


def test_a_folder_without_files_never_means_to_delete_everything(museum: Project, golden: Check) -> None:
    museum.git("rm", "--quiet", "-r", "config")
    (museum.root / "config").mkdir()

    _refused(museum, golden, "a tree without files", "--prune")


def test_a_folder_that_is_not_there_is_not_an_empty_one(museum: Project, golden: Check) -> None:
    museum.git("rm", "--quiet", "-r", "config")

    _refused(museum, golden, "a tree that is not there", "--prune")


def test_a_folder_that_no_kind_knows_is_no_typing_error_in_silence(museum: Project, golden: Check) -> None:
    (museum.root / "config/menus").rename(museum.root / "config/menues")

    _refused(museum, golden, "a folder that no kind knows")


def test_all_that_is_wrong_is_told_at_once(museum: Project, golden: Check) -> None:
    for file, edit in (
        (SITE, _followed_by("site_name: Twice\n")),
        (NOTICE, _replaced("title: ", "titel: ")),
        (MENU, _replaced("title: Home", "title: 5")),
    ):
        museum.write(file, edit(museum.read(file)))

    _refused(museum, golden, "several mistakes in several files")


def test_an_export_does_not_overwrite_a_file_that_it_cannot_read(museum: Project, golden: Check) -> None:
    museum.write(SITE, museum.read(SITE) + "site_name: Once more\n")

    with untouched(museum, museum.at("prod")):
        said = museum.run("export", exits=1)

    golden(said.transcript, "end_to_end/an-export-into-a-file-that-cannot-be-read.txt")


def test_a_plan_that_is_looked_at_is_refused_as_well(museum: Project) -> None:
    museum.write(MENU, museum.read(MENU).replace("path: node:page/about\n", "path: node:page/abuot\n"))

    with untouched(museum, museum.at("prod")):
        said = [
            museum.at("prod").run(*argv, exits=1).stderr for argv in (["import", "--dry-run"], ["diff"], ["status"])
        ]

    assert len(set(said)) == 1
    assert "node:page/abuot" in said[0]


def _levels(count: int) -> str:
    """A link, and below each another one."""
    lines: list[str] = []
    for level in range(count):
        pad = "    " * level
        lines += [f"{pad}  - key: level-{level + 1}", f"{pad}    title: Level {level + 1}", f"{pad}    path: <front>"]
        lines += [f"{pad}    children:"] if level + 1 < count else []
    return "\n".join(lines) + "\n"


def _refused(museum: Project, golden: Check, case: str, *argv: str) -> None:
    """Checks that an import stops with a message, and that it changed neither site, nor a file."""
    with untouched(museum, museum.at("prod")):
        said = museum.at("prod").run("import", "--yes", *argv, exits=1)

    assert "Traceback" not in said.transcript
    golden(said.transcript, f"end_to_end/{re.sub(r'[^a-z0-9]+', '-', case.lower())}.txt")
