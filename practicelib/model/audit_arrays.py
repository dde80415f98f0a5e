"""Checks of a model's array file: its size, hash and directory, then each header before its data.

Nothing is unpacked: members must be stored, so that they cannot be larger than the file, and no
array of Python objects is ever read.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.errors import ModelFileError
from practicelib.files.hashing import hash_bytes
from practicelib.files.regular import read_regular
from practicelib.model.audit_patterns import TABLE_KINDS

MAX_ARRAYS_BYTES = 64_000_000
MAX_DIRECTORY_BYTES = 10_000

_END = struct.Struct("<4s4H2LH")
"""End of central directory record (APPNOTE.TXT 6.3.10, 4.3.16)."""
_KINDS: dict[str, tuple[str, int]] = {
    "table_words": ("uint8", 1),
    "table_frequencies": ("int32", 1),
    "word_terms": ("uint8", 1),
    "word_idf": ("float64", 1),
    "character_terms": ("uint8", 1),
    "character_idf": ("float64", 1),
    "coefficients": ("float64", 2),
    "intercepts": ("float64", 1),
    "slopes": ("float64", 1),
    "offsets": ("float64", 1),
    "thresholds": ("float64", 1),
    "band": ("float64", 2),
}


def read_arrays(file: Path, sha256: str, number: int) -> dict[str, NDArray[Any]]:
    """The arrays of a model of format `number`, each of the type and rank that it must have."""
    kinds = _KINDS if number == 1 else {**_KINDS, **TABLE_KINDS}
    larger = "{size} bytes are more than a model may have ({limit})"
    try:
        content = read_regular(file, MAX_ARRAYS_BYTES, larger=larger)
    except OSError as cause:
        raise ModelFileError(cause.strerror or str(cause), file=file) from cause
    if hash_bytes(content) != sha256:
        raise ModelFileError("altered or incomplete: its hash is not the one noted", file=file)
    _check_end(content, len(kinds), file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive, kinds, file)
            return {name: _read_array(archive, name, kind, file) for name, kind in kinds.items()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as cause:
        raise ModelFileError(f"not an array archive: {cause}", file=file) from cause


def _check_end(content: bytes, members: int, file: Path) -> None:
    """The directory is where its end record says, small, and nothing follows it or comes first.

    Checked by hand because zipfile reads a directory of any length into objects at once.
    """
    end = content[-_END.size :]
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
        raise ModelFileError("not an array archive: it does not end as one", file=file)
    _, _, _, _, count, size, start, comment = _END.unpack(end)
    whole = start + size + _END.size == len(content) and not comment
    if not whole or content[-_END.size - 20 :].startswith(b"PK\x06\x07"):
        raise ModelFileError("not an array archive: its directory is elsewhere", file=file)
    if size > MAX_DIRECTORY_BYTES or count != members:
        raise ModelFileError(f"{count} members, not {members}", file=file)


def _check_members(archive: zipfile.ZipFile, kinds: Iterable[str], file: Path) -> None:
    members = archive.infolist()
    names = sorted(member.filename for member in members)
    expected = sorted(f"{name}.npy" for name in kinds)
    if names != expected:
        wrong = sorted(set(names) ^ set(expected)) or ["a member twice"]
        raise ModelFileError("wrong members", file=file, value=", ".join(wrong)[:200])
    for member in members:
        # Stored members cannot unfold to more than the file itself.
        if member.compress_type != zipfile.ZIP_STORED or member.file_size != member.compress_size:
            raise ModelFileError("a compressed member", file=file, value=member.filename)


def _read_array(
    archive: zipfile.ZipFile, name: str, kind_and_rank: tuple[str, int], file: Path
) -> NDArray[Any]:
    content = archive.read(f"{name}.npy")
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        if version != (1, 0):
            raise ValueError(f"array format {version}")
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    except Exception as cause:  # numpy parses the header as Python and lets any error through
        said = " ".join(str(cause).split())[:120]
        raise ModelFileError(f"no array header: {said}", file=file, value=name) from cause
    kind, rank = kind_and_rank
    if dtype != np.dtype(kind) or len(shape) != rank or fortran:
        raise ModelFileError(f"{dtype} of shape {shape}, not {kind}", file=file, value=name)
    data = memoryview(content)[stream.tell() :]
    if any(n < 0 for n in shape) or len(data) != dtype.itemsize * _product(shape):
        raise ModelFileError(f"shape {shape} does not fit its data", file=file, value=name)
    array = np.frombuffer(data, dtype).reshape(shape)
    if kind == "float64" and not np.isfinite(array).all():
        raise ModelFileError("not all numbers are finite", file=file, value=name)
    return array


def _product(shape: tuple[int, ...]) -> int:
    product = 1
    for size in shape:
        product *= int(size)
    return product
