"""Reads a file whole, but only a regular one of a bounded size."""

from __future__ import annotations

import os
import stat
from pathlib import Path


class UnfitFileError(OSError):
    """What stands under the name is no regular file, or is larger than allowed."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.strerror = cause


def read_regular(path: str | os.PathLike[str], limit: int, *, larger: str) -> bytes:
    """The content of a regular file of at most `limit` bytes.

    A pipe, a device or a folder is refused without waiting for it, and what was checked is what
    is read: both happen on the same open file. `larger` says what too large a file is, with
    `{size}` and `{limit}` in it. Raises OSError.
    """
    # A pipe without a writer would otherwise hold the opening forever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if Path(path).is_dir():
        raise UnfitFileError("not a regular file but a folder")
    with os.fdopen(os.open(path, flags), "rb") as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise UnfitFileError("not a regular file")
        content = stream.read(limit + 1) if found.st_size <= limit else b""
        if found.st_size > limit or len(content) > limit:
            raise UnfitFileError(larger.format(size=found.st_size, limit=limit))
        return content
