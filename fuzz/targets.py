"""What is fuzzed: each target takes bytes and may raise PracticeError, nothing else.

python fuzz/run.py reader|splitter|model|labels [options of libFuzzer]
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from practicelib.errors import PracticeError
from practicelib.files.hashing import hash_bytes
from practicelib.labels.reading import read_codings
from practicelib.model.storage import load_tagger
from practicelib.text.normalise import normalise
from practicelib.text.reading import DOCUMENTS, TABLES, read_reports
from practicelib.text.structure import split_reports, whole_report

FOLDER = Path(tempfile.mkdtemp(prefix="practicelib-fuzz-"))
ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden" / "format-2"
# .doc and its like are recognised by their first bytes and never read further.
ENDINGS = sorted((*DOCUMENTS, *TABLES, ".zip", ""))


def reader(data: bytes) -> None:
    """A report file of the format that the first byte chooses."""
    if not data:
        return
    file = FOLDER / f"report{ENDINGS[data[0] % len(ENDINGS)]}"
    file.write_bytes(data[1:])
    try:
        reports = read_reports(file)
    except PracticeError as error:
        assert all("\n" not in str(fault) for fault in error.faults)
        return
    for report in reports:
        for sentence in report.sentences:
            assert report.text[sentence.start : sentence.end] == sentence.text


def splitter(data: bytes) -> None:
    """Offsets slice back, nothing but white space lies between sentences, normalising too."""
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    for segment in ("sentence", "line"):
        for rejoin in (False, True):
            report = whole_report(text, rejoin=rejoin, segment=segment)
            at = 0
            for sentence in report.sentences:
                assert text[sentence.start : sentence.end] == sentence.text
                assert not text[at : sentence.start].strip()
                at = sentence.end
            assert not text[at:].strip()
    assert all(r.start <= r.end <= len(text) for r in split_reports(text))
    normalised = normalise(text)
    assert len(normalised.positions) == len(normalised.text)


def model(data: bytes) -> None:
    """A model folder of which one part is the fuzzer's: description, archive or one member."""
    folder = FOLDER / "model"
    folder.mkdir(exist_ok=True)
    description = json.loads((GOLDEN / "model.json").read_text(encoding="utf-8"))
    archive = next(GOLDEN.glob("arrays-*.npz")).read_bytes()
    kind, rest = data[:1], data[1:]
    if kind < b"\x55":
        (folder / "model.json").write_bytes(rest)
    else:
        content = rest if kind < b"\xaa" else _with_member(archive, rest)
        name = description["arrays"]["file"]
        description["arrays"]["sha256"] = hash_bytes(content)
        (folder / name).write_bytes(content)
        (folder / "model.json").write_text(json.dumps(description), encoding="utf-8")
    try:
        tagger = load_tagger(folder)
    except PracticeError:
        return
    tagger.tag(["网格员与村民结对共建。"])


def _with_member(archive: bytes, content: bytes) -> bytes:
    """The archive with one of its members replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(stream, "w") as new:
        names = old.namelist()
        chosen = names[content[0] % len(names)] if content else names[0]
        for name in names:
            new.writestr(zipfile.ZipInfo(name), content[1:] if name == chosen else old.read(name))
    return stream.getvalue()


def labels(data: bytes) -> None:
    """A file of codings: long CSV, wide CSV, JSONL or a workbook."""
    if not data:
        return
    file = FOLDER / f"codings{('.csv', '.jsonl', '.xlsx')[data[0] % 3]}"
    file.write_bytes(data[1:])
    try:
        read_codings(file)
    except PracticeError:
        return


TARGETS: dict[str, Callable[[bytes], None]] = {
    "reader": reader,
    "splitter": splitter,
    "model": model,
    "labels": labels,
}
