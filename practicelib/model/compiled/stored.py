"""Tables on disk: one file a model, mapped into memory, so that processes share its pages.

The file lies in the user's private folder and is replaced in one step. It is plain data: a header
in JSON, then the arrays, each from the start of a line of the cache on.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.files.atomic import write_bytes
from practicelib.model.compiled.pattern_tables import PatternTables
from practicelib.model.compiled.tables import LINE, Tables

_MAGIC = b"practicelib tables\n"


def write_tables(file: Path, tables: Tables) -> None:
    """Keep tables; raises OSError where the disk is full."""
    header, parts, place = {}, [], 0
    fields = tables._asdict()
    patterns = fields.pop("patterns")._asdict()
    for name, array in {**fields, **patterns}.items():
        content = array.tobytes()
        header[name] = [_kind(array.dtype), list(array.shape), place]
        padding = -len(content) % LINE
        parts.append(content + bytes(padding))
        place += len(content) + padding
    text = json.dumps(header).encode("ascii")
    text += b" " * (-(len(_MAGIC) + len(text) + 1) % LINE) + b"\n"
    write_bytes(file, b"".join([_MAGIC, text, *parts]))


def read_tables(file: Path) -> Tables | None:
    """Tables that were kept, as a view of the file; None where it is missing or not whole."""
    try:
        content = np.memmap(file, np.uint8, "r")
        end = len(_MAGIC) + bytes(content[len(_MAGIC) : 1 << 16]).index(b"\n") + 1
        if bytes(content[: len(_MAGIC)]) != _MAGIC:
            return None
        header = json.loads(bytes(content[len(_MAGIC) : end]))
        plain = content.view(np.ndarray)[end:]
        arrays = {name: _view(plain, *place) for name, place in header.items()}
        patterns = PatternTables(**{name: arrays.pop(name) for name in PatternTables._fields})
        return Tables(**arrays, patterns=patterns)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _kind(dtype: np.dtype[Any]) -> str | list[Any]:
    return dtype.str if dtype.names is None else dtype.descr


def _view(
    content: NDArray[np.uint8], kind: str | list[list[str]], shape: list[int], place: int
) -> NDArray[Any]:
    # JSON has no tuples, which fields must be.
    dtype = np.dtype(kind if isinstance(kind, str) else [(n, t) for n, t in kind])
    size = dtype.itemsize * int(np.prod(shape))
    return content[place : place + size].view(dtype).reshape(shape)
