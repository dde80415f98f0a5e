"""Reads codings of several coders into one table.

Axes: N sentences, A coders, R rounds, K categories.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from practicelib.codebook.reading import read_codebook
from practicelib.errors import Fault, LabelError
from practicelib.files.collection import no_collection
from practicelib.files.together import complete
from practicelib.labels import checks
from practicelib.labels.folder import CODERS, KnownSentences, read_coders, read_sentences
from practicelib.labels.names import key_of, keys_by_name, names_of
from practicelib.labels.rows import ENDINGS, CodingRow, read_rows
from practicelib.records.codebook import Codebook
from practicelib.records.labelled import MISSING, Coder, LabelTable, SentenceInfo
from practicelib.text.normalise import folded_name

LOG = logging.getLogger("practicelib.labels")
PathLike = str | os.PathLike[str]


@no_collection()
def read_codings(
    paths: PathLike | Sequence[PathLike],
    *,
    codebook: Codebook | PathLike | None = None,
    rounds: Literal["round", "codebook"] = "round",
) -> LabelTable:
    """Read a label folder, or one or several coding files, into a `LabelTable`.

    A label folder (`labels/`, with codings/ and sentences/ in it) brings its sentences, coders and
    codebook along. Files alone (see `labels.rows` for their forms) are enough too: sentences are
    then those that were coded, and categories, without a `codebook`, those of the shipped one where
    it knows some label, else the labels that were used, sorted. With `rounds="codebook"` the round
    axis holds codebook versions; of several rounds under one version the first counts.

    Raises LabelError with all faults at once: unknown categories and sentences, a coder who codes
    a sentence twice in a round, ids that match nothing, texts that no longer match their hash.
    """
    chosen = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    files, root = _find(Path(path) for path in chosen)
    faults: list[Fault] = []
    known = read_sentences(root, faults) if root else None
    book = _codebook(codebook, root)
    supposed = book or read_codebook()
    names = names_of(supposed)
    rows = [row for file in files for row in read_rows(file, faults, names)]
    if not rows and not faults:
        raise LabelError("no coding was found", file=", ".join(map(str, chosen)))
    if book is None and _are_of(names, rows):
        book = supposed
    names = names_of(book) if book else _labels_used(rows)
    faults.extend(checks.unknown_categories(rows, names))
    faults.extend(checks.changed_texts(rows, known))
    faults.extend(checks.repeated_codings(rows))
    faults.extend(checks.unknown_sentences(rows, known) if known else _unjoined(rows, faults))
    coders = read_coders(files[0].parent, (row.coder for row in rows), faults)
    if faults:
        raise LabelError(sorted(faults, key=lambda fault: (fault.file, fault.line)))
    if rounds == "codebook":
        rows = _by_version(rows)
    return _table(rows, coders, names, book, _sentences(rows, known))


def read_uncoded(path: PathLike, codebook: Codebook) -> LabelTable:
    """The sentences of a label folder, or of coding files, without coders (A = 0) and rounds.

    Raises LabelError with all faults of the sentences, or of the codings where they alone say
    which sentences there are.
    """
    root = Path(path)
    if not (root / "sentences").is_dir():
        table = read_codings(path, codebook=codebook)
        return replace(table, coders=(), rounds=(), codes=table.codes[:, :0, :0], versions=())
    complete(root)
    faults: list[Fault] = []
    sentences = tuple(read_sentences(root, faults).sentences.values())
    if faults:
        raise LabelError(faults)
    codes = np.full((len(sentences), 0, 0, len(codebook.keys)), MISSING, np.int8)
    names = tuple((c.zh, c.en) for c in codebook.categories)
    return LabelTable(sentences, (), (), codebook.keys, codes, codebook.hash, (), names)


def _unjoined(rows: Sequence[CodingRow], faults: Sequence[Fault]) -> Iterable[Fault]:
    # Rows lost to faults of form could be the very ones that match.
    return [] if faults else checks.no_shared_sentence(rows)


def _find(paths: Iterable[Path]) -> tuple[list[Path], Path | None]:
    """Coding files, and the label folder that they belong to."""
    files: list[Path] = []
    roots: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise LabelError("no such file or folder", file=path)
        if path.is_dir():
            complete(path)
        folder = path / "codings" if (path / "codings").is_dir() else path
        own = [folder] if folder.is_file() else _coding_files(folder)
        if not own:
            raise LabelError(f"no coding file ({', '.join(ENDINGS)}) in it", file=path)
        files.extend(own)
        home = own[0].parent
        if home.name == "codings" and (home.parent / "sentences").is_dir():
            roots.add(home.parent.resolve())
    if len(roots) > 1:
        places = ", ".join(sorted(map(str, roots)))
        raise LabelError(f"codings of several label folders cannot be joined: {places}")
    return files, next(iter(roots), None)


def _coding_files(folder: Path) -> list[Path]:
    return sorted(
        file
        for file in folder.iterdir()
        if file.suffix.lower() in ENDINGS
        and not file.name.startswith((".", "~"))
        and file.name != CODERS
    )


def _codebook(given: Codebook | PathLike | None, root: Path | None) -> Codebook | None:
    if isinstance(given, Codebook):
        return given
    if given is not None:
        return read_codebook(Path(given))
    if root is not None and (root / "codebook.toml").exists():
        return read_codebook(root / "codebook.toml")
    return None


def _are_of(names: Mapping[str, str], rows: Iterable[CodingRow]) -> bool:
    """Whether some label, or a column of a yes/no sheet, is one of a codebook's `names`.

    A label beside it that it does not know is a fault then: a slip of the pen is more likely than a
    codebook that shares a name, and would be a category of its own.
    """
    return any(row.columns or any(key_of(label, names) for label in row.labels) for row in rows)


def _labels_used(rows: Iterable[CodingRow]) -> dict[str, str]:
    used = sorted({label for row in rows for label in row.labels})
    known = keys_by_name(used, ())
    for label in used:
        if (key := known[folded_name(label)]) != label:
            LOG.warning("%r and %r are taken for one category", key, label)
    return known


def _by_version(rows: Iterable[CodingRow]) -> list[CodingRow]:
    """Rows with the codebook version as round, the first round of each version only."""
    kept: dict[tuple[str, str, str], CodingRow] = {}
    for row in sorted(rows, key=lambda row: round_order(row.round)):
        version = row.codebook or "unknown"
        kept.setdefault((row.sentence, row.coder, version), replace(row, round=version))
    return list(kept.values())


def round_order(name: str) -> tuple[int, tuple[int, ...], str]:
    """Sorting key: 2 before 10, 1.9 before 1.10, names last."""
    parts = name.split(".")
    if all(part.isdigit() for part in parts):
        return (0, tuple(map(int, parts)), name)
    return (1, (), name)


def _sentences(rows: Iterable[CodingRow], known: KnownSentences | None) -> list[SentenceInfo]:
    """Coded sentences, in the order of the folder's files or of first appearance."""
    if known is not None:
        coded = {row.sentence for row in rows}
        return [info for info in known.sentences.values() if info.id in coded]
    found: dict[str, SentenceInfo] = {}
    for row in rows:
        info = found.get(row.sentence)
        if info is None:
            found[row.sentence] = SentenceInfo(row.sentence, row.text or "", row.report)
        elif (row.text and not info.text) or (row.report and not info.report):
            # One file may say the text, and another the report.
            text, report = info.text or row.text or "", info.report or row.report
            found[row.sentence] = replace(info, text=text, report=report)
    return list(found.values())


def _table(
    rows: Sequence[CodingRow],
    coders: Sequence[Coder],
    names: dict[str, str],
    book: Codebook | None,
    sentences: Sequence[SentenceInfo],
) -> LabelTable:
    keys = tuple(dict.fromkeys(names.values()))
    rounds = sorted({row.round for row in rows}, key=round_order)
    number = {info.id: i for i, info in enumerate(sentences)}
    coder_number = {coder.name: a for a, coder in enumerate(coders)}
    codes = np.full((len(sentences), len(coders), len(rounds), len(keys)), MISSING, np.int8)
    versions: dict[tuple[int, int], set[str]] = {}
    for row in rows:
        a, r = coder_number[row.coder], rounds.index(row.round)
        cell = codes[number[row.sentence], a, r]
        cell[:] = 0
        for label in row.labels:
            cell[keys.index(str(key_of(label, names)))] = 1
        versions.setdefault((a, r), set()).add(row.codebook)
    return LabelTable(
        tuple(sentences),
        tuple(coders),
        tuple(rounds),
        keys,
        codes,
        book.hash if book else "",
        tuple(
            tuple(", ".join(sorted(versions.get((a, r), set()) - {""})) for r in range(len(rounds)))
            for a in range(len(coders))
        ),
        tuple((c.zh, c.en) for c in book.categories) if book else (),
    )
