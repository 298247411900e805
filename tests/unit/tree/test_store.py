"""Writing files: all or none, and what a failure leaves behind."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drupalsync.tree.files import WriteFailed, write_all, write_file


def everything(root: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None for path in root.rglob("*")
    }


def test_a_file_is_replaced_with_its_mode_and_its_link(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_bytes(b"old")
    file.chmod(0o640)
    (tmp_path / "link.yml").symlink_to("a.yml")

    write_file(tmp_path / "link.yml", b"new")
    write_file(tmp_path / "fresh.yml", b"x")

    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o640)
    assert (tmp_path / "link.yml").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yml", "fresh.yml", "link.yml"]


def test_many_files_are_written_and_deleted_with_their_folders(tmp_path: Path) -> None:
    write_all(tmp_path, {"a/b/c.yml": b"1", "a/d.yml": b"2", "e.yml": b"3"})
    write_all(tmp_path, {"a/b/c.yml": None, "f/g.yml": b"4", "e.yml": b"5", "never/was.yml": None})

    assert everything(tmp_path) == {"a": None, "a/d.yml": b"2", "e.yml": b"5", "f": None, "f/g.yml": b"4"}

    write_all(tmp_path, {"a/d.yml": None, "f/g.yml": None, "e.yml": None})
    assert everything(tmp_path) == {}


def full_after(files: int) -> Callable[..., Any]:
    """Stands for a disk that is full: a file more can be made, but its content does not fit."""
    real, left = Path.open, [files]

    def opened(path: Path, *arguments: Any, **named: Any) -> Any:
        file = real(path, *arguments, **named)
        left[0] -= 1
        if left[0] < 0:
            file.close()
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return file

    return opened


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    write_all(tmp_path, {"a.yml": b"old", "gone.yml": b"x"})
    before = everything(tmp_path)
    monkeypatch.setattr(Path, "open", full_after(after))

    with pytest.raises(WriteFailed, match="nothing was changed") as caught:
        write_all(tmp_path, {"a.yml": b"new", "b/c/d.yml": b"new", "gone.yml": None, "z.yml": b"new"})

    monkeypatch.undo()
    assert caught.value.hint == "make room on the disk"
    assert everything(tmp_path) == before


def test_a_full_disk_leaves_a_single_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yml").write_bytes(b"old")
    monkeypatch.setattr(Path, "open", full_after(0))

    with pytest.raises(WriteFailed, match="No space left on device"):
        write_file(tmp_path / "a.yml", b"new")

    monkeypatch.undo()
    assert everything(tmp_path) == {"a.yml": b"old"}


@pytest.mark.parametrize(("good", "effect"), [(0, "nothing was changed"), (1, "1 of 2 files were already written")])
def test_a_failed_rename_says_how_far_it_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, good: int, effect: str
) -> None:
    left = [good]
    real = Path.replace

    def failing(path: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] < 0:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(WriteFailed, match=effect):
        write_all(tmp_path, {"a.yml": b"1", "b/c.yml": b"2"})

    assert not [path for path in everything(tmp_path) if path.endswith(".tmp")]
    assert (tmp_path / "b").exists() is bool(good)


def test_a_file_where_a_folder_should_be_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"a file")

    with pytest.raises(WriteFailed, match="nothing was changed"):
        write_all(tmp_path, {"a.yml": b"1", "m/n.yml": b"2"})
    assert everything(tmp_path) == {"m": b"a file"}


@pytest.mark.parametrize("path", ["../x.yml", "/x.yml", "a/../../x.yml", "out/x.yml", "."])
def test_nothing_is_written_outside_of_the_tree(tmp_path: Path, path: str) -> None:
    root = tmp_path / "config"
    (tmp_path / "elsewhere").mkdir()
    root.mkdir()
    (root / "out").symlink_to("../elsewhere")

    with pytest.raises(WriteFailed, match="out of the tree"):
        write_all(root, {"a.yml": b"1", path: b"2"})
    assert everything(tmp_path / "elsewhere") == {}
    assert not (root / "a.yml").exists()
