"""Writes that leave either the whole old file or the whole new one, whatever happens."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Replace a file in one step: temporary file beside it, fsync, rename, fsync of the folder.

    Raises OSError (full disk, read-only folder); the old file is then untouched and no temporary
    file is left.
    """
    target = Path(path)
    # Without the target's name, which may be as long as the file system allows.
    temporary = target.parent / f".{secrets.token_hex(8)}.tmp"
    mode = _mode_of(target)
    try:
        with open(temporary, "xb", opener=_opener(mode)) as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def write_text(path: str | os.PathLike[str], content: str, *, encoding: str = "utf-8") -> None:
    """`write_bytes` of encoded text; line ends are written as they are."""
    write_bytes(path, content.encode(encoding))


@contextlib.contextmanager
def locked(path: str | os.PathLike[str]) -> Iterator[None]:
    """Hold an exclusive lock for a file or folder that several processes may write.

    The lock is a file `.<name>.lock` beside the target; the system frees it when the process ends,
    however it ends.
    """
    target = Path(path)
    lock = target.parent / f".{target.name}.lock"
    with lock.open("a") as stream:
        _lock(stream.fileno())
        try:
            yield
        finally:
            _unlock(stream.fileno())


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)

    def _unlock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


def _mode_of(target: Path) -> int | None:
    """The permissions of the file that is there; None for a new one."""
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        return None


def _opener(mode: int | None) -> Callable[[str, int], int]:
    """Makes a file no more readable than `mode`, a new one as the system's umask says.

    The umask is never asked for: that is only done by setting it, for all threads.
    """
    return lambda name, flags: os.open(name, flags, 0o666 if mode is None else mode)


def _sync_folder(folder: Path) -> None:
    # Some file systems refuse to sync a folder; the rename itself has already happened.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
