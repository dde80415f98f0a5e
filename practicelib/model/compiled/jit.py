"""Compiles functions with numba and keeps the machine code in the user's private folder."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numba

from practicelib.model.compiled.kept import code_folder

_DECORATING = threading.Lock()


def builder(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: compile a function on its first call; it runs without the interpreter lock.

    No fast mathematics: sums and ties must come out as in the pure path.
    """
    return _compile(function)


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a function that makes no arrays, which then counts no references to any."""
    return _compile(function, _nrt=False)


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """A kernel that is built into those that call it."""
    return _compile(function, _nrt=False, forceinline=True)


def _compile(function: Callable[..., Any], **options: bool) -> Callable[..., Any]:
    folder = code_folder()
    with _DECORATING:
        config, kept = numba.config, numba.config.CACHE_DIR
        try:
            # The locator reads the setting when it is made; other users of numba keep theirs.
            config.CACHE_DIR = str(folder or "")
            compiled: Callable[..., Any] = numba.njit(
                nogil=True, cache=folder is not None, error_model="numpy", **options
            )(function)
        finally:
            config.CACHE_DIR = kept
    return compiled
