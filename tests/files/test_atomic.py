"""Writes are whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from practicelib.files import atomic
from practicelib.files.atomic import locked, move_into_place, write_bytes, write_text


def test_replaces_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """The new content stands alone in the folder, readable as the umask says."""
    file = tmp_path / "a.txt"
    write_text(file, "旧")
    write_text(file, "新\r\n")
    assert file.read_bytes() == "新\r\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    umask = os.umask(0)
    os.umask(umask)
    assert file.stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a full disk: the error is raised, the old file whole, no temporary file left."""
    file = tmp_path / "a.txt"
    write_bytes(file, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_bytes(file, b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_the_umask_is_never_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It belongs to all threads: set even for a moment, another thread's files are open to all."""

    def setting(_: int) -> int:
        raise AssertionError("the umask was set")

    with monkeypatch.context() as patch:
        patch.setattr(os, "umask", setting)
        write_text(tmp_path / "a.txt", "新")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "新"


def test_a_private_file_stays_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The permissions of the old file hold, also for the temporary one while it is written."""
    file = tmp_path / "a.txt"
    write_text(file, "旧")
    modes: list[int] = []

    def look(_: int) -> None:
        modes.extend(path.stat().st_mode & 0o777 for path in tmp_path.iterdir())

    for mode in (0o600, 0o666):
        file.chmod(mode)
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", look)
            write_text(file, "新")
        assert file.stat().st_mode & 0o777 == mode
    assert modes[:2] == [0o600, 0o600]


def test_the_longest_names_can_be_written(tmp_path: Path) -> None:
    """A Chinese name has three bytes a character; file systems allow 255 bytes."""
    for name in ("社" * 80 + ".csv", "区" * 85):
        write_text(tmp_path / name, "新")
        assert (tmp_path / name).read_text(encoding="utf-8") == "新"


def test_lock_excludes_another_process(tmp_path: Path) -> None:
    """A second writer waits until the first is done."""
    file = tmp_path / "a.txt"
    order: list[str] = []
    with locked(file):
        child = os.fork()
        if child == 0:
            with locked(file):
                file.write_text(file.read_text() + "child")
            os._exit(0)
        file.write_text("parent ")
        order.append(file.read_text())
    os.waitpid(child, 0)
    assert order == ["parent "]
    assert file.read_text() == "parent child"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes of POSIX")
def test_what_is_no_regular_file_is_written_into(tmp_path: Path) -> None:
    """A pipe stays a pipe, and who reads from it gets all; also behind a link."""
    pipe = tmp_path / "a.csv"
    os.mkfifo(pipe)
    (tmp_path / "link.csv").symlink_to(pipe)
    (tmp_path / "done").write_bytes(b"moved")
    for write in (
        lambda: write_bytes(pipe, b"new"),
        lambda: write_bytes(tmp_path / "link.csv", b"new"),
        lambda: move_into_place(tmp_path / "done", pipe),
    ):
        # A reader that does not wait: the opening to write would otherwise wait for one.
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        write()
        assert os.read(reader, 9) in (b"new", b"moved")
        os.close(reader)
        assert pipe.is_fifo()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "link.csv"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What it leads to is replaced, in one step, beside where it stands; also where it is new."""
    (tmp_path / "real").mkdir()
    link, real = tmp_path / "a.txt", tmp_path / "real" / "b.txt"
    link.symlink_to(Path("real", "b.txt"))
    for content in (b"first", b"second"):
        write_bytes(link, content)
        assert link.is_symlink() and not real.is_symlink()
        assert real.read_bytes() == content
    (tmp_path / "done").write_bytes(b"moved")
    move_into_place(tmp_path / "done", link)
    assert link.is_symlink() and real.read_bytes() == b"moved"
    assert [path.name for path in real.parent.iterdir()] == ["b.txt"]


def test_errors_name_what_was_asked_for(tmp_path: Path) -> None:
    """Not the temporary file, which nobody knows and which is gone."""
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", tmp_path / "none" / "a.txt"):
        with pytest.raises(OSError) as found:
            write_bytes(path, b"new")
        assert found.value.filename == str(path)
        assert found.value.filename2 is None
        assert ".tmp" not in str(found.value)
    (tmp_path / "done").touch()
    with pytest.raises(OSError) as found:
        move_into_place(tmp_path / "done", tmp_path / "folder")
    assert found.value.filename == str(tmp_path / "folder")
    (tmp_path / "done").unlink()
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_lock_that_is_not_waited_for(tmp_path: Path) -> None:
    """The second is told at once; the lock leaves nothing behind and can be had again."""
    for _ in range(2):
        with locked(tmp_path / "a", wait=False):
            with pytest.raises(BlockingIOError), locked(tmp_path / "a", wait=False):
                pass
            with locked(tmp_path / "b", wait=False):
                pass
        assert not list(tmp_path.iterdir())


def test_a_lock_that_was_taken_away_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who gives it back between another's opening and locking leaves him a file without a name,
    beside which a third could make a new one."""
    lock = atomic._lock

    def late(handle: int, wait: bool) -> None:
        (tmp_path / ".a.lock").unlink()
        lock(handle, wait)

    monkeypatch.setattr(atomic, "_lock", late)
    with pytest.raises(BlockingIOError), locked(tmp_path / "a", wait=False):
        pass
