"""Checks of a model's description, and of whether description and arrays agree.

Order: size, JSON schema, format number and hash of the codebook; then the arrays
(`audit_arrays.py`); at last whether all lengths agree and all values can be a model's, and the
patterns of the codebook (`audit_patterns.py` where they come compiled). Whatever fails raises
ModelFileError with file and cause, and costs neither memory nor time that the file's own size does
not justify.

Axes: K categories, F features.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.matcher import StanceMatcher, matcher_of
from practicelib.codebook.tables import Tables
from practicelib.errors import CodebookError, Fault, ModelFileError
from practicelib.files.regular import read_regular
from practicelib.model.parameters import LONGEST_CHARACTERS
from practicelib.records.codebook import Codebook

MAX_DESCRIPTION_BYTES = 4_000_000
MAX_NUMBER = 1e6
"""No coefficient, idf, slope or offset of a fitted model comes near it."""
MAX_TERM = 128

_COUNTS = ("true_positives", "false_positives", "false_negatives", "true_negatives")
_ARRAYS_NAME = re.compile(r"arrays-[0-9a-f]{16}\.npz")
_HASH = re.compile(r"[0-9a-f]{64}")
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
    _check_codebook(description, file)
    faults = [Fault(cause, str(file)) for cause in _count_faults(description)]
    if faults:
        raise ModelFileError(faults)
    return description


def _check_codebook(description: dict[str, Any], file: Path) -> None:
    try:
        codebook = Codebook.from_dict(description["codebook"])
        found = codebook.hash
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as cause:
        raise ModelFileError(f"its codebook is broken: {cause}", file=file) from cause
    if found != description["codebook_hash"]:
        raise ModelFileError("its codebook does not match the codebook's hash", file=file)
    keys = list(codebook.keys)
    if keys != description["categories"]:
        raise ModelFileError("its categories are not those of its codebook", file=file)
    if not keys or len(set(keys)) < len(keys):
        what = "a category twice" if keys else "no categories"
        raise ModelFileError(f"its codebook has {what}", file=file)
    patterns = [pattern for c in codebook.categories for pattern in c.patterns]
    if not all(math.isfinite(pattern.weight) for pattern in patterns):
        raise ModelFileError("its codebook is broken: a weight without end", file=file)
    if not all(isinstance(pattern.source, str) for pattern in patterns):
        raise ModelFileError("its codebook is broken: a pattern that is no text", file=file)


def check_patterns(codebook: Codebook, tables: Tables | None, file: Path) -> None:
    """Whether masks, stances and, where there are no tables of them, patterns can be read."""
    try:
        matcher_of(codebook, tables)
        StanceMatcher(codebook)
    except (CodebookError, AttributeError, TypeError) as cause:
        raise ModelFileError(f"a pattern of its codebook is broken: {cause}", file=file) from cause


def _read_json(file: Path) -> dict[str, Any]:
    larger = "{size} bytes are too many for a description; at most {limit}"
    try:
        content = read_regular(file, MAX_DESCRIPTION_BYTES, larger=larger)
        description = json.loads(
            content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_number
        )
    except FileNotFoundError as cause:
        raise ModelFileError("no model here", file=file) from cause
    except OSError as cause:
        raise ModelFileError(cause.strerror or str(cause), file=file) from cause
    except (ValueError, RecursionError) as cause:
        raise ModelFileError(f"not JSON: {cause}", file=file) from cause
    if not isinstance(description, dict):
        raise ModelFileError("not a JSON object", file=file)
    return description


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


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
    if not isinstance(name, str) or not _ARRAYS_NAME.fullmatch(name):
        causes.append("'arrays.file' is not the name of an array file beside it")
    sha256 = description["arrays"].get("sha256")
    if not isinstance(sha256, str) or not _HASH.fullmatch(sha256):
        causes.append("'arrays.sha256' is not a hash")
    features = description["features"]
    for key in ("word_scale", "character_scale", "pattern_scale"):
        value = features.get(key)
        if not _is_number(value) or not 0.0 <= value <= MAX_NUMBER:
            causes.append(f"'features.{key}' is not a number from 0 to 1e6")
    lengths = features.get("character_lengths")
    if (
        not isinstance(lengths, list)
        or len(lengths) != 2
        or not all(_is_number(n) and n in range(1, LONGEST_CHARACTERS + 1) for n in lengths)
        or lengths[0] > lengths[1]
    ):
        wanted = f"two rising numbers from 1 to {LONGEST_CHARACTERS}"
        causes.append(f"'features.character_lengths' is not {wanted}")
    return causes


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _count_faults(description: dict[str, Any]) -> list[str]:
    """The error counts go into corrected shares: all four of every category, or none at all."""
    counts = description["facts"].get("error_counts", {})
    if not isinstance(counts, dict):
        return ["'facts.error_counts' is no dict"]
    if not counts:
        return []
    if sorted(counts) != sorted(description["categories"]):
        return ["'facts.error_counts' is not of the model's categories"]
    return [
        f"'facts.error_counts.{category}.{key}' is no number from 0"
        for category, row in counts.items()
        for key in _COUNTS
        if not _is_count(row.get(key) if isinstance(row, dict) else None)
    ]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


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
    causes.extend(
        f"{name} has numbers beyond {MAX_NUMBER:g}"
        for name in ("coefficients", "intercepts", "slopes", "offsets", "word_idf", "character_idf")
        if (np.abs(arrays[name]) > MAX_NUMBER).any()
    )
    causes.extend(
        f"{name} has numbers that are not above 0"
        for name in ("slopes", "word_idf", "character_idf")
        if (arrays[name] <= 0).any()
    )
    if not len(arrays["table_frequencies"]) or (arrays["table_frequencies"] < 1).any():
        causes.append("a frequency below 1")
    if (arrays["band"][:, 0] > arrays["band"][:, 1]).any():
        causes.append("a band that ends before it begins")
    return causes


def check_terms(name: str, terms: Sequence[str], ascending: bool, file: Path) -> None:
    """Whether a list of words or terms has no term twice, none that is empty or overlong.

    `ascending` says that each is greater than the one before, as they are saved.
    """
    longest = max(map(len, terms), default=0)
    if longest > MAX_TERM:
        raise ModelFileError(f"a term of {longest} characters is too long", file=file, value=name)
    if "" in (terms[:1] if ascending else terms):
        raise ModelFileError("an empty term", file=file, value=name)
    if not ascending and len(set(terms)) < len(terms):
        raise ModelFileError("a term twice", file=file, value=name)
