"""A model on disk: `model.json` and one array file named by its hash; never pickled.

Saving writes the array file first and replaces `model.json` last, so that a reader finds the whole
old or the whole new model. Loading reads, audits and only then builds; `audit.py` has the checks.
The same model gives the same bytes: members are sorted, uncompressed and dated 1980.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.matcher import matcher_of
from practicelib.codebook.tables import Tables
from practicelib.errors import ModelFileError
from practicelib.files.atomic import locked, write_bytes
from practicelib.files.collection import no_collection
from practicelib.files.data import data_path
from practicelib.files.hashing import hash_bytes, hash_json
from practicelib.model.audit import (
    MAX_DESCRIPTION_BYTES,
    check_consistency,
    check_patterns,
    check_terms,
    read_description,
)
from practicelib.model.audit_arrays import MAX_ARRAYS_BYTES, read_arrays
from practicelib.model.audit_patterns import read_tables, table_arrays, tables_key
from practicelib.model.parameters import CompiledPatterns, FeatureParameters, ModelParameters
from practicelib.model.tagger import Tagger
from practicelib.records.codebook import Codebook
from practicelib.text.words import WordTable, is_ascending

FORMAT = 2
"""Number of the model format; a newer one is refused, older ones keep opening."""

MODEL_FILE = "model.json"

_HEX = "[0-9a-f]" * 16
_ARRAYS = f"arrays-{_HEX}.npz"
_LEFT = (f".{_HEX}.tmp", f".{MODEL_FILE}.*.tmp", f".{_ARRAYS}.*.tmp")
"""Glob patterns of what `write_bytes` begins, now and in earlier versions. Other files of the
folder are not ours to remove."""


def save_tagger(tagger: Tagger, folder: str | os.PathLike[str]) -> Path:
    """Write a tagger's model into a folder, which is made where it is missing.

    Returns the path of `model.json`. Array files of earlier models in the folder are removed after
    the new one is in place; files of other names stay. Raises OSError for a full disk or a
    read-only folder, ModelFileError for a model that is too large to be read again.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    arrays = _pack(_arrays(tagger.parameters))
    if len(arrays) > MAX_ARRAYS_BYTES:
        raise ModelFileError(f"{len(arrays)} bytes are more than a model may have", file=target)
    name = f"arrays-{hash_bytes(arrays)[:16]}.npz"
    description = _describe(tagger.parameters, name, hash_bytes(arrays))
    content = json.dumps(description, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if len(content.encode("utf-8")) > MAX_DESCRIPTION_BYTES:
        raise ModelFileError("its codebook and facts are larger than a model's may be", file=target)
    with locked(target / MODEL_FILE):
        # Under the lock nobody else writes: these are of processes that were killed.
        for form in _LEFT:
            for left in target.glob(form):
                left.unlink()
        write_bytes(target / name, arrays)
        write_bytes(target / MODEL_FILE, content.encode("utf-8"))
        for old in target.glob(_ARRAYS):
            if old.name != name:
                old.unlink()
    return target / MODEL_FILE


def load_tagger(folder: str | os.PathLike[str] | None = None) -> Tagger:
    """Read a saved model; the shipped one without an argument.

    Raises ModelFileError for everything that is not a whole, unaltered model of a known format.
    """
    path = data_path("models/default") if folder is None else Path(folder)
    if path.name == MODEL_FILE:
        path = path.parent
    with no_collection():
        description, arrays = _read(path)
        check_consistency(description, arrays, path / MODEL_FILE)
        return Tagger(
            _build(description, arrays, path / MODEL_FILE),
            name=path.name,
            hash=hash_json(description),
            path=str(path.resolve()),
        )


def _read(folder: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Description and arrays of one and the same model, also while another is being saved."""
    description = read_description(folder / MODEL_FILE, FORMAT)
    while True:
        noted = description["arrays"]
        try:
            return description, read_arrays(
                folder / noted["file"], noted["sha256"], description["format"]
            )
        except ModelFileError:
            newer = read_description(folder / MODEL_FILE, FORMAT)
            if newer["arrays"] == noted:
                raise
            description = newer


def _describe(parameters: ModelParameters, file: str, sha256: str) -> dict[str, Any]:
    features = parameters.features
    return {
        "format": FORMAT,
        "kind": "practicelib model",
        "categories": list(parameters.categories),
        "codebook": parameters.codebook.to_dict(),
        "codebook_hash": parameters.codebook.hash,
        "arrays": {"file": file, "sha256": sha256},
        "features": {
            "character_lengths": list(features.character_lengths),
            "word_scale": features.word_scale,
            "character_scale": features.character_scale,
            "pattern_scale": features.pattern_scale,
            "pattern_tables": tables_key(parameters.codebook, parameters.codebook.hash),
        },
        "facts": parameters.facts,
    }


def _arrays(parameters: ModelParameters) -> dict[str, NDArray[Any]]:
    features, codebook = parameters.features, parameters.codebook
    return {
        **table_arrays(matcher_of(codebook, features.tables_of(codebook)).tables),
        "table_words": _pack_strings(features.table.words),
        "table_frequencies": np.array(features.table.frequencies, np.int32),
        "word_terms": _pack_strings(features.word_terms),
        "word_idf": features.word_idf,
        "character_terms": _pack_strings(features.character_terms),
        "character_idf": features.character_idf,
        "coefficients": parameters.coefficients,
        "intercepts": parameters.intercepts,
        "slopes": parameters.slopes,
        "offsets": parameters.offsets,
        "thresholds": parameters.thresholds,
        "band": parameters.band,
    }


def _pack_strings(strings: tuple[str, ...]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(strings).encode("utf-8"), np.uint8)


def _unpack_strings(array: NDArray[np.uint8]) -> tuple[str, ...]:
    text = array.tobytes().decode("utf-8")
    return tuple(text.split("\n")) if text else ()


def _pack(arrays: dict[str, NDArray[Any]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(
                member, np.ascontiguousarray(arrays[name]), version=(1, 0), allow_pickle=False
            )
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            archive.writestr(info, member.getvalue())
    return stream.getvalue()


def _build(
    description: dict[str, Any], arrays: dict[str, NDArray[Any]], file: Path
) -> ModelParameters:
    codebook = Codebook.from_dict(description["codebook"])
    features = _build_features(description, arrays, file)
    tables = _read_patterns(description, arrays, codebook, file)
    check_patterns(codebook, tables, file)
    if tables is not None:
        features = replace(features, patterns=CompiledPatterns(codebook, tables))
    return ModelParameters(
        codebook,
        features,
        arrays["coefficients"],
        arrays["intercepts"],
        arrays["slopes"],
        arrays["offsets"],
        arrays["thresholds"],
        arrays["band"],
        description["facts"],
    )


def _build_features(
    description: dict[str, Any], arrays: dict[str, NDArray[Any]], file: Path
) -> FeatureParameters:
    settings = description["features"]
    try:
        table = WordTable(
            _unpack_strings(arrays["table_words"]), tuple(arrays["table_frequencies"].tolist())
        )
        features = FeatureParameters(
            table,
            _unpack_strings(arrays["word_terms"]),
            arrays["word_idf"],
            _unpack_strings(arrays["character_terms"]),
            arrays["character_idf"],
            (settings["character_lengths"][0], settings["character_lengths"][1]),
            settings["word_scale"],
            settings["character_scale"],
            settings["pattern_scale"],
        )
    except UnicodeDecodeError as cause:
        raise ModelFileError(f"a list of terms is not UTF-8: {cause}", file=file) from cause
    check_terms("table_words", table.words, table.ascending, file)
    for name, terms in (
        ("word_terms", features.word_terms),
        ("character_terms", features.character_terms),
    ):
        check_terms(name, terms, is_ascending(terms), file)
    return features


def _read_patterns(
    description: dict[str, Any], arrays: dict[str, NDArray[Any]], codebook: Codebook, file: Path
) -> Tables | None:
    """The compiled patterns, where the model has those of its codebook and of today's rules."""
    key = description["features"].get("pattern_tables")
    if description["format"] == 1 or key != tables_key(codebook, description["codebook_hash"]):
        return None
    patterns = sum(len(category.patterns) for category in codebook.categories)
    return read_tables(arrays, patterns, len(codebook.masks), file)
