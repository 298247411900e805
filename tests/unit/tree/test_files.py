"""The tree's files, on disk and at a revision: the same files, the same refusals."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from drupalsync.tree.files import (
    NoSuchRevision,
    NotARepository,
    TreeMissing,
    UnreadableFile,
    read_disk,
    read_revision,
)

from .conftest import Repository


def test_disk_and_revision_give_the_same_files_sorted(repo: Repository) -> None:
    for path in ("b.yml", "a/x.yml", "a%2F.yml", "a/é.yml", "a/notes.txt", ".hidden.yml", "a/.git.yml"):
        repo.write(f"config/{path}", f"# {path}\r\n")
    repo.write("config/empty.yml", b"")
    repo.write("other.yml", "x: 1\n")
    (repo.path / "config" / "link.yml").symlink_to("a/x.yml")
    revision = repo.commit_all()

    disk = read_disk(repo.path / "config")

    assert list(disk) == sorted(disk) == ["a%2F.yml", "a/x.yml", "a/é.yml", "b.yml", "empty.yml", "link.yml"]
    assert disk["link.yml"] == disk["a/x.yml"] == b"# a/x.yml\r\n"
    assert read_revision(repo.path, "config", "HEAD") == (revision, disk)
    assert read_revision(repo.path / "config", "a", "main")[1] == {"x.yml": disk["a/x.yml"], "é.yml": disk["a/é.yml"]}
    assert set(read_revision(repo.path, ".", "HEAD")[1]) == {"other.yml", *("config/" + path for path in disk)}


def test_a_revision_is_what_it_was(repo: Repository) -> None:
    repo.write("config/a.yml", "a: 1\n")
    first = repo.commit_all()
    repo.write("config/a.yml", "a: 2\n")
    repo.write("config/b.yml", "b: 1\n")
    repo.git("tag", "-a", "v1", "-m", "x", first)

    assert read_revision(repo.path, "config", "v1") == (first, {"a.yml": b"a: 1\n"})


def test_an_empty_folder_is_no_missing_folder(tmp_path: Path) -> None:
    assert read_disk(tmp_path) == {}
    with pytest.raises(TreeMissing):
        read_disk(tmp_path / "config")


@pytest.mark.parametrize("folder", ["nowhere", "file.yml", "../config", "/etc"])
def test_a_folder_that_a_revision_does_not_have_is_missing(repo: Repository, folder: str) -> None:
    repo.write("file.yml", "a: 1\n")
    repo.commit_all()

    with pytest.raises(TreeMissing):
        read_revision(repo.path, folder, "HEAD")


@pytest.mark.parametrize(
    ("name", "target"), [("out.yml", "../secret.yml"), ("abs.yml", "/etc/hostname"), ("folder", "sub")]
)
def test_a_link_out_of_the_tree_or_to_a_folder_is_refused(repo: Repository, name: str, target: str) -> None:
    repo.write("secret.yml", "password: x\n")
    repo.write("config/sub/a.yml", "a: 1\n")
    (repo.path / "config" / name).symlink_to(target)
    repo.commit_all()

    with pytest.raises(UnreadableFile, match="link") as on_disk:
        read_disk(repo.path / "config")
    with pytest.raises(UnreadableFile, match="link"):
        read_revision(repo.path, "config", "HEAD")
    assert name in on_disk.value.where


def test_yaml_is_to_be_renamed(repo: Repository) -> None:
    repo.write("config/roles/a.yaml", "a: 1\n")
    repo.commit_all()

    for read in (lambda: read_disk(repo.path / "config"), lambda: read_revision(repo.path, "config", "HEAD")):
        with pytest.raises(UnreadableFile) as caught:
            read()
        assert caught.value.hint == "rename it to roles/a.yml"


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on posix systems only")
def test_a_name_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.yml")).write_bytes(b"")

    with pytest.raises(UnreadableFile, match="file name"):
        read_disk(tmp_path)


def test_a_dangling_link_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.yml").symlink_to("b.yml")

    with pytest.raises(UnreadableFile, match="cannot be read") as caught:
        read_disk(tmp_path)
    assert caught.value.where.endswith("a.yml")


def test_no_repository_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotARepository):
        read_revision(tmp_path, "config", "HEAD")
    with pytest.raises(NotARepository):
        read_revision(tmp_path / "nowhere", "config", "HEAD")


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "", "HEAD:config", "-h", "HEAD~9", "f" * 40])
def test_no_such_revision_is_said_and_no_option_smuggled(repo: Repository, revision: str) -> None:
    repo.write("config/a.yml", "a: 1\n")
    repo.commit_all()

    with pytest.raises(NoSuchRevision, match="there is no revision") as caught:
        read_revision(repo.path, "config", revision)
    assert "git fetch first" in caught.value.hint
    assert not (repo.path / "x").exists()


def test_a_shallow_clone_has_a_hint_of_its_own(repo: Repository, tmp_path: Path) -> None:
    repo.write("config/a.yml", "a: 1\n")
    first = repo.commit_all()
    repo.write("config/a.yml", "a: 2\n")
    repo.commit_all()
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.path}", str(tmp_path / "shallow"))

    with pytest.raises(NoSuchRevision) as caught:
        read_revision(tmp_path / "shallow", "config", first)
    assert "git fetch --unshallow" in caught.value.hint


def test_a_program_that_the_checkout_names_does_not_run(repo: Repository, tmp_path: Path) -> None:
    from drupalsync.tree.git import dirty

    repo.write("config/a.yml", "a: 1\n")
    repo.commit_all()
    repo.git("config", "core.fsmonitor", f"touch {tmp_path}/ran; false")

    read_revision(repo.path, "config", "HEAD")
    dirty(repo.path, ["config/a.yml"])

    assert not (tmp_path / "ran").exists()


def test_the_variables_of_a_hook_do_not_mislead(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("config/a.yml", "a: 1\n")
    revision = repo.commit_all()
    monkeypatch.setenv("GIT_DIR", "/nowhere/.git")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")

    assert read_revision(repo.path, "config", "HEAD")[0] == revision
