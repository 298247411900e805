"""Commits of exactly the files that were written, in real repositories."""

from __future__ import annotations

from pathlib import Path

import pytest

from drupalsync.tree import git
from drupalsync.tree.files import NotARepository
from drupalsync.tree.git import CommitFailed, commit, dirty, head, repository

from .conftest import Repository


def test_only_the_named_files_are_committed_and_what_is_staged_stays_staged(repo: Repository) -> None:
    kept = [repo.write("config/a.yml", "a: 1\n"), repo.write("config/gone.yml", "x\n")]
    repo.write("mine.txt", "one\n")
    first = repo.commit_all()
    kept[0].write_text("a: 2\n")
    kept[1].unlink()
    new = repo.write("config/new/b *[x].yml", "b: 1\n")
    repo.write("mine.txt", "two\n")
    repo.write("staged-new.txt", "new\n")
    repo.git("add", "mine.txt", "staged-new.txt")
    repo.write("mine.txt", "three\n")

    made = commit(repo.path / "config", [*kept, new], "Export\n\n# body")

    assert made == repo.git("rev-parse", "HEAD") != first
    assert repo.git("log", "-1", "--format=%an|%B") == "Dev|Export\n\n# body"
    assert repo.git("show", "--name-status", "--format=").splitlines() == [
        "M\tconfig/a.yml", "D\tconfig/gone.yml", "A\tconfig/new/b *[x].yml",
    ]  # fmt: skip
    assert repo.git("status", "--porcelain").splitlines() == ["MM mine.txt", "A  staged-new.txt"]
    assert repo.git("show", ":mine.txt") == "two"


def test_the_first_commit_of_a_repository(repo: Repository) -> None:
    repo.write("staged.txt", "x\n")
    repo.git("add", "staged.txt")
    file = repo.write("config/a.yml", "a: 1\n")

    assert head(repo.path) is None
    made = commit(repo.path, [file], "first")

    assert made == head(repo.path)
    assert repo.git("ls-tree", "-r", "--name-only", "HEAD") == "config/a.yml"
    assert repo.git("status", "--porcelain") == "A  staged.txt"


def test_nothing_new_is_no_commit(repo: Repository) -> None:
    file = repo.write("config/a.yml", "a: 1\n")
    first = repo.commit_all()

    assert commit(repo.path, [file], "x") is None
    assert commit(repo.path, [], "x") is None
    assert commit(repo.path, [repo.path / "config" / "never.yml"], "x") is None
    repo.write("config/a.yml", "a: 2\n")
    repo.git("add", "config/a.yml")
    repo.write("config/a.yml", "a: 1\n")
    assert commit(repo.path, [file], "staged, and taken back on disk") is None
    assert head(repo.path) == first


def test_the_users_hooks_run_and_see_only_these_files(repo: Repository) -> None:
    repo.write("other.txt", "1\n")
    repo.commit_all()
    repo.write("other.txt", "2\n")
    repo.git("add", "other.txt")
    repo.hook("pre-commit", "git diff --cached --name-only -- '*.yml' '*.txt' > seen.log\n")
    repo.hook("commit-msg", 'echo "Signed-off" >> "$1"\n')

    commit(repo.path, [repo.write("config/a.yml", "a: 1\n")], "subject")

    assert (repo.path / "seen.log").read_text() == "config/a.yml\n"
    assert "Signed-off" in repo.git("log", "-1", "--format=%B")


def test_a_hook_that_says_no_leaves_everything_as_it_was(repo: Repository) -> None:
    changed = repo.write("config/a.yml", "a: 1\n")
    repo.write("mine.txt", "1\n")
    first = repo.commit_all()
    changed.write_text("a: 2\n")
    new = repo.write("config/b.yml", "b: 1\n")
    repo.write("mine.txt", "2\n")
    repo.git("add", "mine.txt")
    before = repo.git("status", "--porcelain")
    repo.hook("pre-commit", "echo 'no tabs please' >&2\nexit 1\n")

    with pytest.raises(CommitFailed, match="no tabs please"):
        commit(repo.path, [changed, new], "x")

    assert head(repo.path) == first
    assert repo.git("status", "--porcelain") == before


def test_nobody_known_is_told_how_to_say_who(repo: Repository) -> None:
    repo.git("config", "--unset", "user.name")
    repo.git("config", "--unset", "user.email")
    repo.git("config", "user.useConfigOnly", "true")

    with pytest.raises(CommitFailed, match="who makes this commit") as caught:
        commit(repo.path, [repo.write("a.yml", "a: 1\n")], "x")

    assert "git config user.name" in caught.value.hint
    assert repo.git("status", "--porcelain") == "?? a.yml"


def test_an_ignored_tree_is_named(repo: Repository) -> None:
    repo.write(".gitignore", "config/\n")

    with pytest.raises(CommitFailed) as caught:
        commit(repo.path, [repo.write("config/a.yml", "a: 1\n")], "x")
    assert "out of .gitignore" in caught.value.hint


def test_a_file_elsewhere_is_refused(repo: Repository, tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text("x")

    with pytest.raises(CommitFailed, match="not in the repository"):
        commit(repo.path, [tmp_path / "x.yml"], "x")


def test_a_lock_that_was_left_behind_is_explained(repo: Repository) -> None:
    file = repo.write("a.yml", "a: 1\n")
    repo.commit_all()
    file.write_text("a: 2\n")
    repo.write(".git/index.lock", "")

    with pytest.raises(CommitFailed) as caught:
        commit(repo.path, [file], "x")
    assert "index.lock" in caught.value.hint


def test_inside_another_commits_hook_the_real_index_counts(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("mine.txt", "1\n")
    repo.commit_all()
    monkeypatch.setenv("GIT_INDEX_FILE", str(repo.path / ".git" / "next-index-1.lock"))
    made = commit(repo.path, [repo.write("a.yml", "a: 1\n")], "x")
    monkeypatch.delenv("GIT_INDEX_FILE")

    assert made == head(repo.path)
    assert repo.git("status", "--porcelain") == ""


def test_dirty_names_what_git_does_not_have_as_it_is(repo: Repository) -> None:
    repo.write(".gitignore", "ignored.yml\n")
    for name in ("clean", "changed", "staged", "deleted", "unstaged"):
        repo.write(f"config/{name}.yml", "1\n")
    repo.commit_all()
    repo.write("config/changed.yml", "2\n")
    repo.write("config/staged.yml", "2\n")
    repo.git("add", "config/staged.yml")
    repo.git("rm", "--quiet", "--cached", "config/unstaged.yml")
    (repo.path / "config/deleted.yml").unlink()
    repo.write("config/sub/untracked.yml", "1\n")
    repo.write("config/ignored.yml", "1\n")
    names = ["clean", "changed", "staged", "deleted", "unstaged", "sub/untracked", "ignored", "never"]

    found = dirty(repo.path / "config", [f"{name}.yml" for name in names])

    assert found == ["changed.yml", "deleted.yml", "ignored.yml", "staged.yml", "sub/untracked.yml", "unstaged.yml"]
    assert dirty(repo.path, ["config/clean.yml", "config/changed.yml"]) == ["config/changed.yml"]


def test_where_there_is_no_repository(tmp_path: Path) -> None:
    assert repository(tmp_path) is None
    assert head(tmp_path) is None
    with pytest.raises(NotARepository):
        dirty(tmp_path, ["a.yml"])
    with pytest.raises(NotARepository):
        commit(tmp_path, [tmp_path / "a.yml"], "x")


def test_the_repository_of_a_folder_is_its_top(repo: Repository) -> None:
    repo.write("config/a.yml", "a: 1\n")

    assert repository(repo.path / "config") == repo.path.resolve()


def test_gitpython_is_imported_only_for_a_commit() -> None:
    assert "Repo" not in vars(git)
