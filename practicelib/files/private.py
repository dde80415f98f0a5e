"""A folder for derived files that only its user can reach.

What is cached decides how text is coded, so nobody else may be able to plant a file: the folder is
made with mode 0700, and one that is a link, is owned by another user or is open to others is not
used at all.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

VARIABLE = "PRACTICELIB_CACHE"
"""Environment variable that names another place for the cache; empty switches it off."""


def private_folder(name: str) -> Path | None:
    """The folder `name` of this user's cache, made where it is missing; None where none is safe.

    None also where the cache is switched off or its disk cannot be written.
    """
    root = _root()
    if root is None:
        return None
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = root / name
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    safe = all(_is_private(path) for path in (root, folder)) and os.access(folder, os.W_OK)
    return folder if safe else None


def _root() -> Path | None:
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home) / "practicelib" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "practicelib"


def _is_private(folder: Path) -> bool:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return False
    if sys.platform == "win32":
        return True
    return found.st_uid == os.getuid() and not found.st_mode & 0o077
