"""Writes that leave either the whole old file or the whole new one, whatever happens."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Replace a file in one step: temporary file beside it, fsync, rename, fsync of the folder.

    A link stays one, and what it leads to is replaced; a pipe or device is written straight into.
    Raises OSError (full disk, read-only folder) naming `path`; the old file is then untouched and
    no temporary file is left.
    """
    try:
        if _is_special(path):
            with Path(path).open("wb") as stream:
                stream.write(content)
        else:
            _replace(_landing(path), content)
    except OSError as cause:
        raise _naming(path, cause) from cause


def move_into_place(file: Path, path: str | os.PathLike[str]) -> None:
    """Let a finished file take the place of `path`, as `write_bytes` does with bytes.

    In one step where both are on one disk, so `file` is best made in the folder of `landing(path)`.
    """
    try:
        if _is_special(path):
            with file.open("rb") as source, Path(path).open("wb") as stream:
                shutil.copyfileobj(source, stream)
            file.unlink()
        else:
            file.replace(_landing(path))
    except OSError as cause:
        raise _naming(path, cause) from cause


def landing(path: str | os.PathLike[str]) -> Path:
    """The path whose place a new file takes: of a link to a file that to which it leads."""
    return Path(path) if _is_special(path) else _landing(path)


def write_text(path: str | os.PathLike[str], content: str, *, encoding: str = "utf-8") -> None:
    """`write_bytes` of encoded text; line ends are written as they are."""
    write_bytes(path, content.encode(encoding))


@contextlib.contextmanager
def locked(path: str | os.PathLike[str], *, wait: bool = True) -> Iterator[None]:
    """Hold an exclusive lock for a file or folder that several processes may write.

    The lock is a file `.<name>.lock` beside the target; the system frees it when the process ends,
    however it ends. With `wait=False` BlockingIOError is raised where another has it, and the file
    goes when the lock is given back: all who lock one target must then not wait.
    """
    target = Path(path)
    lock = target.parent / f".{target.name}.lock"
    with lock.open("a") as stream:
        _lock(stream.fileno(), wait)
        if not wait:
            _refuse_gone(lock, stream.fileno())
        try:
            yield
        finally:
            if not wait:
                # Windows does not let go of a file that is open; it is used again.
                with contextlib.suppress(OSError):
                    lock.unlink()
            _unlock(stream.fileno())


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, wait: bool) -> None:
        try:
            msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except PermissionError as cause:
            raise BlockingIOError(cause.errno, cause.strerror) from cause

    def _unlock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int, wait: bool) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


def _refuse_gone(lock: Path, handle: int) -> None:
    """Raise BlockingIOError where the file was taken away between its opening and its locking."""
    try:
        same = os.path.samestat(lock.stat(), os.fstat(handle))
    except FileNotFoundError:
        same = False
    if not same:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(lock))


def _is_special(path: str | os.PathLike[str]) -> bool:
    """Whether a pipe or device stands there: what would be lost if a file took its place."""
    try:
        mode = Path(path).stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _landing(path: str | os.PathLike[str]) -> Path:
    given = Path(path)
    return Path(os.path.realpath(given)) if given.is_symlink() else given


def _naming(path: str | os.PathLike[str], cause: OSError) -> OSError:
    """The same error of the path that was asked for, not of a temporary file."""
    return OSError(cause.errno, cause.strerror, os.fspath(path)) if cause.errno else cause


def _replace(target: Path, content: bytes) -> None:
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
