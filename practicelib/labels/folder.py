"""The label folder: which sentences there are, where they come from and who coded them.

    sentences/*.csv   id,report,start,end,text,sha256
    sources.csv       report,file,role,source,type,...
    reports/          the source texts, one file a report or one for several
    coders.csv        coder,kind,version,note
    codings/          one file a coder

Only sentences/ and codings/ are needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from practicelib.errors import Fault
from practicelib.files.hashing import hash_text
from practicelib.files.tables import read_csv
from practicelib.records.labelled import SINGLE, Coder, CoderKind, SentenceInfo
from practicelib.text.structure import is_heading

KINDS: tuple[CoderKind, ...] = get_args(CoderKind)
CODERS = "coders.csv"
SENTENCE_COLUMNS = ("id", "report", "start", "end", "text", "sha256")


@dataclass(frozen=True)
class KnownSentences:
    """Sentences by id, in the order of their files, with the hash of each text."""

    sentences: Mapping[str, SentenceInfo]
    hashes: Mapping[str, str]


def read_sentences(root: Path, faults: list[Fault]) -> KnownSentences:
    """All sentences of a label folder; every fault found is added to `faults`.

    Checked are columns, repeated ids, texts that no longer match their hash, and texts that do not
    stand at their offsets in the source text.
    """
    sources = _read_sources(root, faults)
    texts = _Texts(root, sources)
    found: dict[str, SentenceInfo] = {}
    hashes: dict[str, str] = {}
    for path in sorted((root / "sentences").glob("*.csv")):
        for line, row in read_csv(path):
            causes, info = _sentence(row, sources, texts)
            if info.id in found:
                causes.append(f"the id {info.id!r} is given twice")
            faults.extend(Fault(cause, str(path), line) for cause in causes)
            if set(SENTENCE_COLUMNS) - row.keys():
                break
            found[info.id] = info
            hashes[info.id] = row["sha256"]
    return KnownSentences(_with_context(found), hashes)


def _sentence(
    row: Mapping[str, str], sources: Mapping[str, Mapping[str, str]], texts: _Texts
) -> tuple[list[str], SentenceInfo]:
    missing = sorted(set(SENTENCE_COLUMNS) - row.keys())
    if missing:
        return [f"columns are missing: {', '.join(missing)}"], SentenceInfo(row.get("id", ""))
    source = sources.get(row["report"], {})
    causes = [] if row["id"] else ["the id is empty"]
    if sources and not source:
        causes.append(f"report {row['report']!r} is not in sources.csv")
    if hash_text(row["text"]) != row["sha256"]:
        causes.append(f"the text of {row['id']!r} does not match its hash")
    start = end = 0
    try:
        start, end = int(row["start"]), int(row["end"])
    except ValueError:
        causes.append(f"start and end of {row['id']!r} are not whole numbers")
    else:
        text = texts.of(row["report"])
        if text is not None and text[start:end] != row["text"]:
            causes.append(
                f"the text of {row['id']!r} does not stand at {start}-{end} of its report"
            )
    return causes, SentenceInfo(
        row["id"],
        row["text"],
        row["report"],
        source.get("role", ""),
        source.get("source", ""),
        kind=source.get("type", ""),
        start=start,
        end=end,
        origin=source.get("origin", ""),
    )


class _Texts:
    """Source texts, each read once; None where there is no file."""

    def __init__(self, root: Path, sources: Mapping[str, Mapping[str, str]]) -> None:
        self._root, self._sources = root, sources
        self._read: dict[str, str | None] = {}

    def of(self, report: str) -> str | None:
        if report not in self._read:
            name = self._sources.get(report, {}).get("file") or f"reports/{report}.txt"
            path = self._root / name
            content = path.read_bytes() if path.is_file() else None
            self._read[report] = None if content is None else content.decode("utf-8-sig", "replace")
        return self._read[report]


def _read_sources(root: Path, faults: list[Fault]) -> dict[str, dict[str, str]]:
    path = root / "sources.csv"
    if not path.exists():
        return {}
    found: dict[str, dict[str, str]] = {}
    for line, row in read_csv(path):
        report = row.get("report", "")
        if not report:
            faults.append(Fault("the report is empty or has no column", str(path), line))
        elif report in found:
            faults.append(Fault(f"report {report!r} is given twice", str(path), line))
        found[report] = row
    return found


def _with_context(found: Mapping[str, SentenceInfo]) -> dict[str, SentenceInfo]:
    """Previous sentence and heading of each sentence of a running text."""
    done = dict(found)
    reports: dict[str, list[SentenceInfo]] = {}
    for info in found.values():
        if info.kind != SINGLE:
            reports.setdefault(info.report, []).append(info)
    for sentences in reports.values():
        previous = heading = ""
        for info in sorted(sentences, key=lambda s: s.start):
            text = info.text.strip()
            titled = bool(text) and is_heading(text)
            done[info.id] = SentenceInfo(
                info.id,
                info.text,
                info.report,
                info.role,
                info.source,
                info.start,
                info.end,
                previous=previous,
                heading="" if titled else heading,
                is_heading=titled,
                kind=info.kind,
                origin=info.origin,
            )
            previous = info.text
            heading = info.text if titled else heading
    return done


def read_coders(home: Path, names: Iterable[str], faults: list[Fault]) -> tuple[Coder, ...]:
    """Coders of those names, in the order of coders.csv, then of appearance.

    The file stands beside the coding files, or beside the folder codings/ that they are in.
    """
    listed: dict[str, Coder] = {}
    path = home / CODERS
    if home.name == "codings" and not path.exists():
        path = home.parent / CODERS
    if path.exists():
        for line, row in read_csv(path):
            name, kind = row.get("coder", ""), row.get("kind", "")
            known = next((k for k in KINDS if k == kind), None)
            if not name or known is None:
                expected = ", ".join(KINDS)
                cause = f"coder {name!r} of kind {kind!r}; known kinds are {expected}"
                faults.append(Fault(cause, str(path), line))
            elif name in listed:
                faults.append(Fault(f"coder {name!r} is given twice", str(path), line))
            else:
                listed[name] = Coder(name, known, row.get("version", ""), row.get("note", ""))
    appearing = list(dict.fromkeys(names))
    order = [name for name in listed if name in set(appearing)]
    return tuple(listed.get(name, Coder(name)) for name in dict.fromkeys([*order, *appearing]))
