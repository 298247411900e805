"""What git knows of the tree is heeded: lost files delete nothing, and a tree that is behind is told to be."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from pathlib import Path

    from support.cli import Project
    from support.golden import Check

FOOTER: Final = "config/blocks/custom/footer-notice.yml"
COUNT: Final = "SELECT COUNT(*) FROM block_custom WHERE info = 'Footer notice'"
RENAME: Final = "UPDATE variable SET value = 's:13:\"Museum by {}\";' WHERE name = 'site_name'"


def _release(museum: Project, time: str) -> None:
    museum.click(RENAME.format(time))
    museum.run("export", "--commit")
    museum.at("prod").run("import", "--yes")


def test_a_folder_that_git_has_and_the_disk_lost_is_not_pruned(production: Project, golden: Check) -> None:
    shutil.rmtree(production.root / "config/nodes")

    with untouched(production):
        said = [
            production.run("import", "--prune", "--yes", exits=1),
            production.run("import", "--prune", "--dry-run", exits=1),
        ]

    golden("".join(result.transcript for result in said), "end_to_end/a-folder-that-the-checkout-lost.txt")


def test_the_files_that_were_lost_come_back_by_what_the_message_says(production: Project) -> None:
    shutil.rmtree(production.root / "config/blocks")

    said = production.run("import", "--prune", "--yes", exits=1)

    mend = said.stderr.partition("mend:  ")[2].partition("   or,")[0]
    subprocess.run(["sh", "-c", mend], cwd=production.root, check=True)
    assert production.run("import", "--prune", "--yes").stdout.endswith("Nothing to do.\n")


def test_whoever_only_looks_is_told_of_it(production: Project) -> None:
    shutil.rmtree(production.root / "config/nodes")

    for command, code in (("status", 0), ("diff", 4)):  # the front page is protected
        said = production.run(command, exits=code).stdout
        assert "that git has are missing on the disk, so an import with --prune will stop" in said


def test_a_file_that_somebody_deleted_is_pruned_and_told_to_be_missing(production: Project) -> None:
    (production.root / FOOTER).unlink()

    said = production.run("import", "--prune", "--yes")

    note = (
        f"note: 1 file of the tree that git has is missing on the disk: --prune deletes what it stands for ({FOOTER})"
    )
    assert note in said.stdout
    assert production.one(COUNT) == 0


def test_a_deletion_that_is_staged_is_meant(production: Project) -> None:
    production.git("rm", "--quiet", FOOTER)

    said = production.run("import", "--prune", "--yes")

    assert "note: 1 file" not in said.stdout
    assert production.one(COUNT) == 0


def test_what_git_says_is_asked_again_though_no_file_has_changed(production: Project) -> None:
    (production.root / FOOTER).unlink()
    production.run("diff")

    production.git("rm", "--quiet", "--cached", FOOTER)

    assert "note: 1 file" not in production.run("diff").stdout


def test_a_sparse_checkout_is_no_reason_to_prune(production: Project, golden: Check) -> None:
    production.git("sparse-checkout", "set", "--no-cone", "/*", "!/config/blocks/")
    assert not (production.root / FOOTER).exists()

    with untouched(production):
        said = production.run("import", "--prune", "--yes", exits=1)

    golden(said.transcript, "end_to_end/a-sparse-checkout-is-no-reason-to-prune.txt")
    production.git("sparse-checkout", "disable")
    production.run("import", "--prune", "--yes")


def test_a_revision_is_pruned_by_whatever_lies_on_the_disk(production: Project) -> None:
    (production.root / FOOTER).unlink()

    production.run("import", "--prune", "--rev", "HEAD", "--yes")

    assert production.one(COUNT) == 1


def test_an_older_tree_than_the_last_release_is_told(museum: Project, production: Project, golden: Check) -> None:
    _release(museum, "day")
    production.git("checkout", "--quiet", "HEAD~1")

    said = production.run("import", "--dry-run")

    golden(said.transcript, "end_to_end/a-tree-that-is-older-than-the-last-release.txt")
    assert "this tree is older than what release 2 imported" in production.run("status").stdout
    production.git("checkout", "--quiet", "main")
    assert "note: this" not in production.run("import", "--dry-run").stdout


def test_a_newer_tree_has_nothing_to_tell(museum: Project, production: Project) -> None:
    _release(museum, "day")
    museum.click(RENAME.format("sea"))
    museum.run("export", "--commit")

    assert "note: th" not in production.run("import", "--dry-run").stdout


def test_a_release_of_a_commit_that_this_clone_lacks_is_told(
    museum: Project, production: Project, tmp_path: Path
) -> None:
    clone = museum.clone(tmp_path / "clone").at("prod")
    clone.root = tmp_path / "clone"
    _release(museum, "day")

    said = clone.run("import", "--dry-run")

    assert "note: this clone does not have " in said.stdout
    assert ", which release 2 imported: git fetch, or another branch or repository imported it" in said.stdout
    assert "1 to update" in said.stdout


def _shallow(project: Project, root: Path) -> Project:
    project.git("clone", "--quiet", "--depth=1", f"file://{project.root}", str(root))
    clone = project.at(project.env)
    clone.root = root
    return clone


def test_a_shallow_clone_says_what_it_cannot_tell(museum: Project, production: Project, tmp_path: Path) -> None:
    museum.click(RENAME.format("day"))
    museum.run("export", "--commit")
    clone = _shallow(production, tmp_path / "shallow")

    said = clone.run("import", "--dry-run")

    assert "note: this clone is shallow: it cannot be told whether the tree is older than " in said.stdout
    clone.git("fetch", "--quiet", "--unshallow")
    assert "note: this" not in clone.run("import", "--dry-run").stdout
    clone.run("import", "--yes")


def test_a_shallow_clone_binds_no_ledger_to_itself(tiny: Project, tmp_path: Path) -> None:
    tiny.run("export", "--commit")
    clone = _shallow(tiny.at("prod"), tmp_path / "shallow")

    clone.run("import", "--adopt", "--yes")

    assert clone.rows("SELECT value FROM drupalsync_meta WHERE name = 'repository'") == []
    tiny.at("prod").run("import", "--yes")


def test_a_revision_that_a_shallow_clone_lacks_says_how_to_get_it(production: Project, tmp_path: Path) -> None:
    clone = _shallow(production, tmp_path / "shallow")

    said = clone.run("import", "--rev", production.git("rev-parse", "HEAD~1").strip(), "--dry-run", exits=1)

    assert "this clone is shallow: git fetch --unshallow" in said.stderr


@pytest.mark.parametrize("lacking", ["repository", "git"])
def test_without_a_repository_or_git_all_works_and_says_what_it_cannot_tell(
    museum: Project, production: Project, tmp_path: Path, lacking: str
) -> None:
    museum.click(RENAME.format("day"))
    museum.run("export", "--commit")
    (tmp_path / "empty").mkdir()
    env = {"PATH": str(tmp_path / "empty")} if lacking == "git" else {}
    if lacking == "repository":
        (production.root / ".git").rename(tmp_path / "away")
    (production.root / FOOTER).unlink()

    said = production.run("import", "--prune", "--dry-run", env=env)

    assert "note: it cannot be told whether this tree is older than " in said.stdout
    assert "no git repository to ask\n" in said.stdout
    production.run("import", "--prune", "--yes", env=env)
    assert production.one(COUNT) == 0


def test_a_look_with_nothing_to_do_asks_git_for_its_commit_alone(
    production: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from drupalsync.tree import plumbing

    asked: list[str] = []
    run = plumbing.run

    def noting(folder: Path, *arguments: str, data: bytes = b"") -> object:
        asked.append(arguments[0])
        return run(folder, *arguments, data=data)

    production.run("import", "--dry-run")
    monkeypatch.setattr(plumbing, "run", noting)

    production.run("import", "--dry-run")

    assert asked == ["rev-parse"]
