"""doccano: JSONL to import, exports in: a zip with one file a coder, or one JSONL.

Where the label "无" / "none" is used anywhere in an export, an empty list means that the coder did
not get to the sentence; where it never is, an empty list is the judgement "none" (export only
confirmed examples then). A collaborative project merges labels and loses the coder.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from practicelib.errors import Fault, LabelError
from practicelib.files.archives import archive_fault
from practicelib.files.tables import jsonl_text
from practicelib.labels.interchange_items import (
    LOG,
    NONE_NAME,
    Exchange,
    Names,
    choices_of,
    last_of_each,
    sentence_id,
)
from practicelib.labels.rows import CodingRow
from practicelib.records.codebook import Codebook

_COLOURS = ("#1f77b4", "#2ca02c", "#9467bd", "#bcbd22", "#17becf", "#d62728", "#8c564b")
_ALL = ("all", "unknown")
_LABELS = ("label", "labels", "cats")


def write_doccano(exchange: Exchange) -> dict[str, bytes]:
    """JSONL to import, or with codings the zip that doccano exports; `.labels.json` beside it."""
    none = NONE_NAME[exchange.lang]
    labels = [
        {"text": name, "suffixKey": str(i % 10), "backgroundColor": _COLOURS[i % len(_COLOURS)]}
        for i, name in enumerate((*exchange.names, none), start=1)
    ]
    side = {".labels.json": (json.dumps(labels, ensure_ascii=False, indent=1) + "\n").encode()}
    infos = {sentence.id: sentence for sentence in exchange.sentences}
    if not exchange.codings:
        rows = ({**_row(s.id, s.text, s.report), "label": []} for s in exchange.sentences)
        return {"": jsonl_text(rows).encode(), **side}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for coder in exchange.coders:
            own = (
                {
                    **_row(r.sentence, infos[r.sentence].text, r.report),
                    "label": exchange.shown(r.labels) or [none],
                }
                for r in exchange.codings
                if r.coder == coder
            )
            member = zipfile.ZipInfo(f"{coder}.jsonl", (1980, 1, 1, 0, 0, 0))
            archive.writestr(member, jsonl_text(own))
    return {"": stream.getvalue(), **side}


def _row(sid: str, text: str, report: str) -> dict[str, Any]:
    return {"text": text, "sid": sid, "report": report}


def read_doccano(path: Path, codebook: Codebook | None = None) -> list[CodingRow]:
    """Codings of an export; raises LabelError with all faults."""
    names = Names(codebook)
    records = list(_labelled(path, names.faults))
    has_none = any(set(labels) & set(NONE_NAME.values()) for *_, labels in records)
    rows = []
    merged = False
    for member, line, record, labels in records:
        coder = record.get("username") or record.get("annotator") or member
        merged = merged or (not record.get("username") and member in ("", *_ALL))
        if not labels and has_none:
            continue
        text = str(record.get("text", record.get("data", "")))
        rows.append(
            CodingRow(
                sentence_id(record, text), str(coder or path.stem),
                names.keys(labels, path, line), text=text or None,
                report=str(record.get("report", "")), file=str(path), line=line,
            )
        )  # fmt: skip
    names.check()
    if not rows:
        raise LabelError("the export holds no labelled example", file=path)
    if merged:
        LOG.warning(
            "%s: labels of all coders are merged into one; agreement cannot be measured", path
        )
    return last_of_each(rows, path)


def _labelled(
    path: Path, faults: list[Fault]
) -> Iterator[tuple[str, int, dict[str, Any], list[str]]]:
    """Coder's name by the file ("" for a single file), line, record and its labels."""
    for coder, content in _members(path):
        for line, record in _lines(coder, content, path):
            try:
                labels = _labels(record)
            except ValueError as cause:
                faults.append(Fault(str(cause), str(path), line, coder))
                continue
            yield coder, line, record, labels


def _labels(record: dict[str, Any]) -> list[str]:
    name = next((name for name in _LABELS if name in record), _LABELS[0])
    found = record.get(name)
    return [] if found in (None, "") else choices_of(found, name)


def _members(path: Path) -> list[tuple[str, bytes]]:
    """Coder's name and content of each file of an export; "" for the name of a single file."""
    try:
        content = path.read_bytes()
        if not content.startswith(b"PK"):
            return [("", content)]
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            fault = archive_fault(archive)
            members = [] if fault else sorted(archive.namelist())
            found = [
                (PurePosixPath(name).stem, archive.read(name))
                for name in members
                if name.endswith((".jsonl", ".json"))
            ]
    except Exception as cause:  # BadZipFile, zlib.error and LZMAError share no other base
        raise LabelError(f"not readable: {cause}", file=path) from cause
    if fault:
        raise LabelError(f"not readable: {fault}", file=path)
    return found


def _lines(coder: str, content: bytes, path: Path) -> Iterable[tuple[int, dict[str, Any]]]:
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as cause:
        raise LabelError(f"not UTF-8: {cause.reason}", file=path, value=coder) from cause
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as cause:
                text = f"not JSON: {cause}"
                raise LabelError(text, file=path, line=number, value=coder) from cause
            if not isinstance(record, dict):
                raise LabelError("not a JSON object", file=path, line=number, value=coder)
            yield number, record
