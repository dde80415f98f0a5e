"""Compiles functions with numba and keeps the machine code in the user's private folder.

numba looks only at a function's own file to see whether its cache is out of date, but a kernel is
made of functions from several files. So the folder's name holds a hash of all of them.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba

from practicelib.files.hashing import hash_text
from practicelib.files.private import private_folder

Function = TypeVar("Function", bound=Callable[..., Any])
_DECORATING = threading.Lock()


@cache
def code_folder() -> Path | None:
    """Where the machine code of this version is kept; None where no folder is safe."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    content = "".join(path.read_text(encoding="utf-8") for path in sources)
    version = f"{numba.__version__} {sys.version} {content}"
    return private_folder(f"code-{hash_text(version)[:16]}")


def has_code() -> bool:
    """Whether machine code is kept already, so that nothing needs to be compiled."""
    folder = code_folder()
    return folder is not None and any(folder.rglob("score_texts*.nbc"))


def kernel(function: Function) -> Function:
    """Decorator: compile a function on its first call; it runs without the interpreter lock.

    No fast mathematics: sums and ties must come out as in the pure path.
    """
    folder = code_folder()
    with _DECORATING:
        config, kept = numba.config, numba.config.CACHE_DIR
        try:
            # The locator reads the setting when it is made; other users of numba keep theirs.
            config.CACHE_DIR = str(folder or "")
            compiled: Function = numba.njit(nogil=True, cache=folder is not None)(function)
        finally:
            config.CACHE_DIR = kept
    return compiled
