"""What travels between annotation tools: sentences, categories, codings, predictions.

Axes: N sentences, K categories.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.errors import Fault, LabelError
from practicelib.files.hashing import hash_text
from practicelib.labels.checks import need_categories, unknown_labels
from practicelib.labels.names import key_of, names_of
from practicelib.labels.rows import CodingRow
from practicelib.records.codebook import Codebook
from practicelib.records.labelled import MISSING, LabelTable, SentenceInfo

LOG = logging.getLogger("practicelib.labels")
NONE_NAME = {"zh": "无", "en": "none"}


@dataclass(frozen=True, slots=True)
class Predictions:
    """What a model says beforehand: `probabilities` (N, K) and `assigned` (N, K)."""

    model: str
    probabilities: NDArray[np.float64] = field(repr=False)
    assigned: NDArray[np.bool_] = field(repr=False)


@dataclass(frozen=True)
class Exchange:
    """A set of sentences on its way to coders, with what they are to choose from.

    `names` are the categories as coders see them, in the order of `categories`; `following` maps
    a sentence id to the text after it. `codings` may be empty: then the set is to be coded.
    """

    sentences: tuple[SentenceInfo, ...] = field(repr=False)
    categories: tuple[str, ...]
    names: tuple[str, ...]
    codings: tuple[CodingRow, ...] = field(default=(), repr=False)
    predictions: Predictions | None = None
    codebook: Codebook | None = field(default=None, repr=False)
    following: Mapping[str, str] = field(default_factory=dict, repr=False)
    lang: str = "zh"

    @property
    def coders(self) -> tuple[str, ...]:
        """Coders in order of appearance."""
        return tuple(dict.fromkeys(row.coder for row in self.codings))

    def shown(self, labels: Iterable[str]) -> list[str]:
        """Keys as coders see them, in codebook order."""
        wanted = set(labels)
        pairs = zip(self.categories, self.names, strict=True)
        return [name for key, name in pairs if key in wanted]

    def codings_of(self) -> dict[str, list[CodingRow]]:
        """Codings by sentence."""
        found: dict[str, list[CodingRow]] = {}
        for row in self.codings:
            found.setdefault(row.sentence, []).append(row)
        return found


def exchange_of(
    table: LabelTable,
    *,
    codebook: Codebook | None = None,
    blank: bool = False,
    round: str | None = None,
    predictions: Predictions | None = None,
    lang: str = "zh",
) -> Exchange:
    """The sentences of a table with their codings of one round (the first), or without (`blank`).

    Raises LabelError for an unknown round, TooFewLabelsError where there is no category.
    """
    need_categories(table.categories)
    if round is not None and round not in table.rounds:
        raise LabelError(f"unknown round {round!r}; known are {', '.join(table.rounds)}")
    number = 0 if round is None else table.rounds.index(round)
    pairs = table.names or ((("", ""),) * len(table.categories))
    names = tuple(
        (zh if lang == "zh" else en) or key
        for key, (zh, en) in zip(table.categories, pairs, strict=True)
    )
    codings = () if blank else tuple(_rows(table, number))
    return Exchange(
        table.sentences, table.categories, names, codings, predictions, codebook,
        following_of(table.sentences), lang,
    )  # fmt: skip


def _rows(table: LabelTable, number: int) -> Iterable[CodingRow]:
    for i, sentence in enumerate(table.sentences):
        for a, coder in enumerate(table.coders):
            cell = table.codes[i, a, number]
            if cell[0] != MISSING:
                labels = tuple(
                    key for key, one in zip(table.categories, cell, strict=True) if one == 1
                )
                version = table.versions[a][number] if table.versions else ""
                yield CodingRow(
                    sentence.id, coder.name, labels, table.rounds[number], version,
                    sentence.text, sentence.report,
                )  # fmt: skip


def exchange_of_rows(
    rows: Sequence[CodingRow], codebook: Codebook, *, lang: str = "zh"
) -> Exchange:
    """Codings that came from another tool, on their way to the next."""
    infos: dict[str, SentenceInfo] = {}
    for row in rows:
        infos.setdefault(row.sentence, SentenceInfo(row.sentence, row.text or "", row.report))
    names = tuple(c.zh if lang == "zh" else c.en for c in codebook.categories)
    return Exchange(
        tuple(infos.values()), codebook.keys, names, tuple(rows), None, codebook, lang=lang
    )


def following_of(sentences: Sequence[SentenceInfo]) -> dict[str, str]:
    """Text after each sentence, where the next one names it as the one before."""
    found = {}
    for one, other in pairwise(sentences):
        if one.report == other.report and other.previous == one.text and one.text:
            found[one.id] = other.text
    return found


class Names:
    """Maps what coders chose back to keys; unknown names become faults, all at once."""

    def __init__(self, codebook: Codebook | None) -> None:
        self.faults: list[Fault] = []
        """Of form, to which readers add their own; `found` has those of names too."""
        self._unknown: list[tuple[str, str, int, str]] = []
        self._strict = codebook is not None
        self._known = names_of(codebook) if codebook else {}

    def keys(self, chosen: Iterable[str], file: object, line: int) -> tuple[str, ...]:
        """Keys of chosen names, none left out; "none" in any language is the empty set."""
        labels = []
        for name in chosen:
            key = key_of(name.strip(), self._known)
            if name.strip() in NONE_NAME.values():
                continue
            if key is None and self._strict:
                self._unknown.append((name, str(file), line, ""))
            labels.append(key or name.strip())
        return tuple(dict.fromkeys(labels))

    def found(self) -> list[Fault]:
        """All faults so far."""
        return [*self.faults, *unknown_labels(self._unknown, self._known)]

    def check(self) -> None:
        """Raise LabelError with all faults found so far."""
        if faults := self.found():
            raise LabelError(faults)


def object_of(value: Any, name: str) -> Mapping[str, Any]:
    """A field that holds a JSON object; raises ValueError for anything else."""
    if not isinstance(value, dict):
        raise ValueError(f"{name!r} must be an object")
    return value


def objects_of(value: Any, name: str) -> list[Mapping[str, Any]]:
    """A field that holds a list of JSON objects; raises ValueError for anything else."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError(f"{name!r} must be a list of objects")
    return value


def choices_of(value: Any, name: str) -> list[str]:
    """A field that holds what a coder chose, names or numbers of options, or a single name.

    Raises ValueError for anything else: what cannot be read is not the judgement "none".
    """
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list) or not all(isinstance(one, (str, int)) for one in value):
        raise ValueError(f"{name!r} must be text or a list of text")
    return [str(one) for one in value]


def sentence_id(record: Mapping[str, Any], text: str) -> str:
    """Our own id where the tool kept it, else one made from the text, so that coders still join."""
    for place in (record, record.get("meta"), record.get("metadata"), record.get("data")):
        if isinstance(place, Mapping) and place.get("sid") not in (None, ""):
            return str(place["sid"])
    return f"text:{hash_text(text)[:16]}"


def read_json(path: Path) -> Any:
    """A JSON file; raises LabelError."""
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as cause:
        raise LabelError(f"not readable as JSON: {cause}", file=path) from cause


def last_of_each(rows: Sequence[CodingRow], file: object) -> list[CodingRow]:
    """A coder's last coding of each sentence; how many were replaced is logged."""
    last = {(row.sentence, row.coder, row.round): row for row in rows}
    if len(last) < len(rows):
        LOG.warning(
            "%s: %d codings were replaced by a later one of the same coder",
            file,
            len(rows) - len(last),
        )
    return list(last.values())
