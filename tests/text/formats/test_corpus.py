"""The corpus of real formats: the right text in the right order, every offset true."""

from __future__ import annotations

from pathlib import Path

import pytest

from practicelib.text.reading import read_reports
from practicelib.text.splitting import split_lines
from tests.text.formats.corpus import CORPUS


def test_the_corpus_is_large_enough() -> None:
    """At least forty files, of every format that is read."""
    assert len(CORPUS) >= 40


@pytest.mark.parametrize("name", CORPUS)
def test_file_reads_right(tmp_path: Path, name: str) -> None:
    """The lines of the text are the expected ones, and sentences and sections slice it."""
    make, lines = CORPUS[name]
    file = tmp_path / name
    file.write_bytes(make())
    reports = read_reports(file)
    found = [
        text[line.start : line.end]
        for text in (report.text[report.start : report.end] for report in reports)
        for line in split_lines(text)
    ]
    assert found == lines
    for report in reports:
        assert report.source.file == str(file)
        for piece in (*report.sentences, *report.sections):
            text = piece.text if hasattr(piece, "text") else piece.title
            assert report.text[piece.start : piece.end] == text
