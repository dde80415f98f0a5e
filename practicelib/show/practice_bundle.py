"""Replication bundle: what somebody else needs to make the same figures again, in one zip."""

from __future__ import annotations

import io
import json
import platform
import zipfile
from collections.abc import Iterator
from importlib import metadata
from typing import Any

from practicelib.files.hashing import hash_bytes, hash_text
from practicelib.files.tables import csv_text
from practicelib.practices.cases import case_rows
from practicelib.records.cases import CaseTable
from practicelib.records.practices import Comparison, PracticeProfile
from practicelib.show.practice_methods import methods_paragraph
from practicelib.show.practice_rows import (
    COLUMNS,
    DIFFERENCE_COLUMNS,
    difference_rows,
    profile_data,
    profile_rows,
)
from practicelib.version import __version__

_DATE = (1980, 1, 1, 0, 0, 0)
_PACKAGES = ("numpy", "scipy", "scikit-learn", "jieba", "opencc")


def bundle(comparison: Comparison, *, with_text: bool = True) -> bytes:
    """The bundle's bytes: the same for the same analysis.

    codes.csv has every sentence with offsets, hash, codes and probabilities; its text only with
    `with_text`. texts.csv names each source text with its hash, so that whoever has the texts can
    check them.
    """
    profile = comparison.profile
    files = {
        "codes.csv": csv_text(*_codes(profile, with_text)),
        "texts.csv": csv_text(("file", "characters", "sha256"), _texts(profile)),
        "cases.csv": csv_text(*case_rows(_cases(profile))),
        "shares.csv": csv_text(COLUMNS, profile_rows(profile, comparison)),
        "differences.csv": csv_text(DIFFERENCE_COLUMNS, difference_rows(comparison)),
        "methods.zh.txt": methods_paragraph(profile, comparison, lang="zh") + "\n",
        "methods.en.txt": methods_paragraph(profile, comparison, lang="en") + "\n",
    }
    data = profile_data(profile, comparison)
    if not with_text:
        data["sentences"] = [
            {k: v for k, v in row.items() if k != "text"} for row in data["sentences"]
        ]
    files["analysis.json"] = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    encoded = {name: content.encode("utf-8") for name, content in files.items()}
    manifest = {
        "practicelib": __version__,
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "codebook": profile.coding.codebook,
        "model": profile.coding.model,
        "settings": data["settings"],
        "text_included": with_text,
        "sha256": {name: hash_bytes(content) for name, content in sorted(encoded.items())},
    }
    encoded["manifest.json"] = (
        json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    ).encode("utf-8")
    return _zipped(encoded)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return stream.getvalue()


def _codes(profile: PracticeProfile, with_text: bool) -> tuple[list[str], list[list[Any]]]:
    keys = profile.categories
    columns = ["file", "start", "end", "heading", "sha256", *keys, *(f"p_{key}" for key in keys)]
    if with_text:
        columns.append("text")
    return columns, list(_code_rows(profile, with_text))


def _code_rows(profile: PracticeProfile, with_text: bool) -> Iterator[list[Any]]:
    for tagged in profile.reports:
        file = _base(tagged.report.source.file)
        for row, sentence in enumerate(tagged.report.sentences):
            line: list[Any] = [file, sentence.start, sentence.end, int(sentence.heading)]
            line.append(hash_text(sentence.text))
            line += tagged.assigned[row].astype(int).tolist()
            line += [round(p, 6) for p in tagged.tags.probabilities[row].tolist()]
            yield [*line, sentence.text] if with_text else line


def _texts(profile: PracticeProfile) -> list[list[Any]]:
    # A name can stand for several texts: files of two folders, rows of a table.
    texts = {(_base(t.report.source.file), t.report.text) for t in profile.reports}
    return [[file, len(text), hash_text(text)] for file, text in sorted(texts)]


def _cases(profile: PracticeProfile) -> CaseTable:
    return CaseTable(tuple(case for unit in profile.units for case in unit.cases))


def _base(file: str) -> str:
    return file.replace("\\", "/").rsplit("/", 1)[-1]
