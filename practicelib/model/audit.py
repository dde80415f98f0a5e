"""Checks of a model's files before anything is built from them.

Order: size, JSON schema, format number, hash of the codebook; then the archive's members, the
header of every array (type, shape, length) before its data is read, the hash of the file, finite
numbers; at last whether all lengths agree. Whatever fails raises ModelFileError with file and
cause, and costs neither memory nor time that the file's own size does not justify.

Axes: K categories, F features.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.errors import CodebookError, Fault, ModelFileError
from practicelib.files.hashing import hash_bytes
from practicelib.records.codebook import Codebook

MAX_DESCRIPTION_BYTES = 16_000_000
MAX_ARRAYS_BYTES = 400_000_000

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
_SCHEMA: dict[str, type] = {
    "kind": str,
    "categories": list,
    "codebook": dict,
    "codebook_hash": str,
    "arrays": dict,
    "features": dict,
    "facts": dict,
}


def read_description(file: Path, newest_format: int) -> dict[str, Any]:
    """The content of `model.json`, checked by itself."""
    description = _read_json(file)
    faults = _schema_faults(description, file, newest_format)
    if faults:
        raise ModelFileError(faults)
    try:
        codebook = Codebook.from_dict(description["codebook"])
    except (CodebookError, KeyError, TypeError, ValueError) as cause:
        raise ModelFileError(f"its codebook is broken: {cause}", file=file) from cause
    if codebook.hash != description["codebook_hash"]:
        raise ModelFileError("its codebook does not match the codebook's hash", file=file)
    if list(codebook.keys) != description["categories"]:
        raise ModelFileError("its categories are not those of its codebook", file=file)
    return description


def _read_json(file: Path) -> dict[str, Any]:
    try:
        size = file.stat().st_size
        if size > MAX_DESCRIPTION_BYTES:
            raise ModelFileError(f"{size} bytes are too many for a description", file=file)
        description = json.loads(file.read_bytes().decode("utf-8"))
    except FileNotFoundError as cause:
        raise ModelFileError("no model here", file=file) from cause
    except OSError as cause:
        raise ModelFileError(cause.strerror or str(cause), file=file) from cause
    except (ValueError, RecursionError) as cause:
        raise ModelFileError(f"not JSON: {cause}", file=file) from cause
    if not isinstance(description, dict):
        raise ModelFileError("not a JSON object", file=file)
    return description


def _schema_faults(description: dict[str, Any], file: Path, newest: int) -> list[Fault]:
    number = description.get("format")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        return [Fault("no format number", str(file), value=str(number)[:40])]
    if number > newest:
        cause = f"format {number} is newer than this practicelib reads ({newest}); update it"
        return [Fault(cause, str(file))]
    faults = [
        Fault(f"{key!r} is missing or no {kind.__name__}", str(file))
        for key, kind in _SCHEMA.items()
        if not isinstance(description.get(key), kind)
    ]
    if faults:
        return faults
    if description["kind"] != "practicelib model":
        faults.append(Fault("not a practicelib model", str(file)))
    faults.extend(Fault(cause, str(file)) for cause in _setting_faults(description))
    return faults


def _setting_faults(description: dict[str, Any]) -> list[str]:
    causes = []
    name = description["arrays"].get("file")
    if not isinstance(name, str) or Path(name).name != name or not name.startswith("arrays-"):
        causes.append("'arrays.file' is not the name of an array file beside it")
    sha256 = description["arrays"].get("sha256")
    if not isinstance(sha256, str) or len(sha256) != 64:
        causes.append("'arrays.sha256' is not a hash")
    features = description["features"]
    for key in ("word_scale", "character_scale", "pattern_scale"):
        value = features.get(key)
        if not isinstance(value, (int, float)) or not 0.0 <= value <= 1e6:
            causes.append(f"'features.{key}' is not a number from 0 to 1e6")
    lengths = features.get("character_lengths")
    if (
        not isinstance(lengths, list)
        or len(lengths) != 2
        or not all(isinstance(n, int) and 1 <= n <= 8 for n in lengths)
    ):
        causes.append("'features.character_lengths' is not two numbers from 1 to 8")
    return causes


def read_arrays(file: Path, sha256: str) -> dict[str, NDArray[Any]]:
    """The arrays of a model, each of the type and rank that it must have."""
    try:
        size = file.stat().st_size
        if size > MAX_ARRAYS_BYTES:
            raise ModelFileError(f"{size} bytes are more than a model may have", file=file)
        content = file.read_bytes()
    except OSError as cause:
        raise ModelFileError(cause.strerror or str(cause), file=file) from cause
    if hash_bytes(content) != sha256:
        raise ModelFileError("altered or incomplete: its hash is not the one noted", file=file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive, file)
            return {name: _read_array(archive, name, file) for name in _KINDS}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as cause:
        raise ModelFileError(f"not an array archive: {cause}", file=file) from cause


def _check_members(archive: zipfile.ZipFile, file: Path) -> None:
    members = archive.infolist()
    names = sorted(member.filename for member in members)
    expected = sorted(f"{name}.npy" for name in _KINDS)
    if names != expected:
        wrong = sorted(set(names) ^ set(expected)) or ["a member twice"]
        raise ModelFileError("wrong members", file=file, value=", ".join(wrong)[:200])
    for member in members:
        # Stored members cannot unfold to more than the file itself.
        if member.compress_type != zipfile.ZIP_STORED or member.file_size != member.compress_size:
            raise ModelFileError("a compressed member", file=file, value=member.filename)


def _read_array(archive: zipfile.ZipFile, name: str, file: Path) -> NDArray[Any]:
    content = archive.read(f"{name}.npy")
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        if version != (1, 0):
            raise ValueError(f"array format {version}")
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    except (ValueError, SyntaxError, TypeError) as cause:
        raise ModelFileError(f"no array header: {cause}", file=file, value=name) from cause
    kind, rank = _KINDS[name]
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


def check_consistency(
    description: dict[str, Any], arrays: dict[str, NDArray[Any]], file: Path
) -> None:
    """Whether the lengths of all arrays agree with each other and with the description."""
    k = len(description["categories"])
    patterns = sum(len(c["patterns"]) for c in description["codebook"]["categories"])
    features = len(arrays["word_idf"]) + len(arrays["character_idf"]) + patterns
    wanted = {
        "coefficients": (k, features),
        "intercepts": (k,),
        "slopes": (k,),
        "offsets": (k,),
        "thresholds": (k,),
        "band": (k, 2),
    }
    causes = [
        f"{name} has shape {arrays[name].shape}, not {shape}"
        for name, shape in wanted.items()
        if arrays[name].shape != shape
    ]
    for terms, numbers in (
        ("table_words", "table_frequencies"),
        ("word_terms", "word_idf"),
        ("character_terms", "character_idf"),
    ):
        count = int((arrays[terms] == 10).sum()) + (1 if len(arrays[terms]) else 0)
        if count != len(arrays[numbers]):
            causes.append(f"{count} {terms} but {len(arrays[numbers])} {numbers}")
    if not causes:
        causes.extend(_value_faults(arrays))
    if causes:
        raise ModelFileError([Fault(cause, str(file)) for cause in causes])


def _value_faults(arrays: dict[str, NDArray[Any]]) -> list[str]:
    causes = [
        f"{name} outside (0, 1)"
        for name in ("thresholds", "band")
        if ((arrays[name] <= 0) | (arrays[name] >= 1)).any()
    ]
    if not len(arrays["table_frequencies"]) or (arrays["table_frequencies"] < 1).any():
        causes.append("a frequency below 1")
    if (arrays["band"][:, 0] > arrays["band"][:, 1]).any():
        causes.append("a band that ends before it begins")
    return causes
