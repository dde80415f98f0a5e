"""Streams: the same tags as at once, bounded, resumed without loss, whole when a worker dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from practicelib.errors import ReportError, WorkerDiedError
from practicelib.files.tables import write_csv
from practicelib.model.classifier import MechanismClassifier
from practicelib.model.tagger import Tagger
from practicelib.workflows import streams
from practicelib.workflows.processes import run_in_processes
from practicelib.workflows.streams import joined_labels, tag_stream, tag_table
from practicelib.workflows.windows import Reading, count_rows
from tests.workflows.deadly import dies_always, dies_once, length
from tests.workflows.streamed import few, fitted, read_output, rows, small, texts

__all__ = ["few", "fitted", "rows", "small", "texts"]


def test_same_tags_as_at_once(small: Tagger, texts: list[str]) -> None:
    """Whatever the window, the tags are those of one call."""
    expected = small.tag(texts)
    for window in (1, 7, 1000):
        assert list(small.tag_stream(texts, window=window)) == expected
        assert list(tag_stream(small, iter(texts), window=window)) == expected
    with pytest.raises(TypeError):
        next(tag_stream(small, "一句话"))
    with pytest.raises(TypeError):
        next(small.tag_stream("一句话"))


def test_progress_says_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an earlier run had done counts for the rest, not for the rate."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    show = streams.show_progress(100)
    show(40, 0.0)
    show(70, 2.0)
    assert capsys.readouterr().err.split("\r")[1:] == [
        "40 rows, 0 a second  ",
        "70 rows, 15 a second, 2 s left  ",
    ]


def test_rows_are_counted_beforehand(rows: Path, texts: list[str], tmp_path: Path) -> None:
    """The rows of each kind of table; nothing where only reading would tell."""
    parquet = pytest.importorskip("pyarrow.parquet")
    table, arrow = tmp_path / "in.csv", tmp_path / "in.parquet"
    write_csv(table, ["text"], [[text.replace("\n", "")] for text in texts])
    parquet.write_table(pytest.importorskip("pyarrow").table({"text": texts}), arrow)
    for file in (rows, table, arrow):
        assert count_rows(file, Reading()) == len(texts)
        assert count_rows(file, Reading(segment="sentence")) is None
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    for name in ("broken.parquet", "missing.csv", ""):
        assert count_rows(tmp_path / name, Reading()) is None


def test_takes_no_more_than_a_window_ahead(small: Tagger) -> None:
    """A stream without end is read as slowly as its tags are taken."""
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "居民议事"

    stream = tag_stream(small, endless(), window=10)
    for _ in range(25):
        next(stream)
    assert taken == 30


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_tables_hold_all_rows_in_order(
    small: Tagger, rows: Path, texts: list[str], ending: str, tmp_path: Path
) -> None:
    """Every kind of table comes back whole, with its own columns and the tags of each text."""
    output = tmp_path / f"out{ending}"
    result = tag_table(small, rows, output, window=20)
    assert (result.rows, result.resumed) == (len(texts), 0)
    found = read_output(output)
    assert [row["text"] for row in found] == texts
    assert [int(row["id"]) for row in found] == list(range(len(texts)))
    expected = small.tag(texts)
    if ending == ".jsonl":
        assert [row["labels"] for row in found] == [list(tag.labels) for tag in expected]
        for row, tag in zip(found, expected, strict=True):
            assert row["probabilities"] == pytest.approx(tag.probabilities, abs=1e-6)
            assert row["uncertain"] == list(tag.uncertain)
        return
    assert [row["labels"] for row in found] == [";".join(tag.labels) for tag in expected]
    assert [row["uncertain"] for row in found] == [";".join(tag.uncertain) for tag in expected]
    for row, tag in zip(found, expected, strict=True):
        for key, probability in tag.probabilities.items():
            assert abs(float(row[f"p_{key}"]) - probability) < 1e-6
            assert int(row[key]) == (key in tag.labels)
    assert not output.with_name(output.name + ".parts").exists()


def test_all_inputs_give_the_same(small: Tagger, rows: Path, texts: list[str]) -> None:
    """CSV, JSONL and Parquet with the same rows give the same output, byte for byte."""
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    as_csv, as_parquet = rows.with_suffix(".csv"), rows.with_suffix(".parquet")
    write_csv(as_csv, ["text"], [[text] for text in texts])
    parquet.write_table(arrow.table({"text": texts}), as_parquet)
    outputs = []
    for source in (as_csv, as_parquet):
        output = source.with_name(f"from-{source.suffix[1:]}.jsonl")
        tag_table(small, source, output, window=17)
        outputs.append(output.read_bytes())
    assert outputs[0] == outputs[1]


def test_reports_of_a_folder(small: Tagger, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text("第一句。第二句！\n第三句", encoding="utf-8")
    (folder / "b.txt").write_text("第四句。", encoding="utf-8")
    output = tmp_path / "out.jsonl"
    tag_table(small, folder, output, window=3)
    found = read_output(output)
    assert [row["text"] for row in found] == ["第一句。", "第二句！", "第三句", "第四句。"]
    assert [(row["start"], row["end"]) for row in found][:2] == [(0, 4), (4, 8)]


@pytest.mark.parametrize("wrong", [0, -1, 2.5, True])
def test_impossible_counts_are_refused(small: Tagger, rows: Path, wrong: Any) -> None:
    """At once, by name, and before anything is read or written."""
    output = rows.with_name("out.jsonl")
    counts = {"window": wrong}, {"jobs": wrong}
    for one in counts:
        cause = f"{next(iter(one))} must be a whole number from 1, not {wrong}"
        with pytest.raises(ValueError, match=cause):
            tag_stream(small, ["甲"], **one)
        with pytest.raises(ValueError, match=cause):
            tag_table(small, rows, output, **one)
    with pytest.raises(ValueError, match="window must be"):
        small.tag_stream(["甲"], window=wrong)
    with pytest.raises(ValueError, match="jobs must be"):
        run_in_processes(length, [["甲"]], wrong)
    assert [path.name for path in rows.parent.iterdir()] == ["in.jsonl"]


@pytest.mark.parametrize("window", [1, 3, 8192])
def test_streams_refuse_alike(small: Tagger, window: int) -> None:
    """Both take the same for no texts, and say the same place of one that is none."""
    ways = (
        lambda texts: small.tag_stream(texts, window=window),
        lambda texts: tag_stream(small, texts, window=window),
        lambda texts: tag_stream(small, texts, window=window, jobs=2),
    )
    texts = [*"一二三四五六七", None, "九"]
    for way in ways:
        with pytest.raises(TypeError, match="text 7 is NoneType, not str"):
            list(way(texts))
        for wrong in ({"text": ["甲"]}, pd.DataFrame({"text": ["甲"]}), "甲"):
            with pytest.raises(TypeError, match="texts is"):
                way(wrong)


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("in.jsonl", '{"text": "甲"}\n{"text": ', "not JSON"),
        ("in.jsonl", '["甲"]', "not a JSON object"),
        ("in.jsonl", '{"text": "甲"}\n\n{"text": 3}', "in.jsonl:3: a text is not text"),
        ("in.jsonl", '{"text": NaN}', "a text is not text"),
        ("in.jsonl", '{"body": "甲"}', "no column 'text'; there are body"),
        ("in.jsonl", '{"text": "甲", "labels": "x"}', "columns of tags already: labels"),
        ("in.jsonl", "", "nothing to tag"),
        ("in.csv", "text\n甲,乙\n", "more cells than columns"),
        ("in.csv", "text,n\n甲,1\n乙\n", "in.csv:3: fewer cells than columns"),
        ("in.csv", 'text,n\n甲,1\n"乙,2\n丙,3\n', "in.csv:3: not CSV"),
        ("in.csv", "text,n,n\n甲,1,2\n", "'n' stands 2 times"),
        ("in.parquet", "PAR1 and no more", "not a Parquet file"),
    ],
)
def test_faulty_inputs(small: Tagger, tmp_path: Path, name: str, content: str, cause: str) -> None:
    if name.endswith(".parquet"):
        pytest.importorskip("pyarrow")
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ReportError, match=cause):
        tag_table(small, tmp_path / name, tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


def test_blank_lines_are_no_rows(small: Tagger, tmp_path: Path) -> None:
    """An empty text is a row, a line without any cell is none."""
    source, output = tmp_path / "in.csv", tmp_path / "out.jsonl"
    source.write_text("text,n\n\n甲,1\n\n,2\n  \n", encoding="utf-8")
    tag_table(small, source, output)
    assert [(row["text"], row["n"]) for row in read_output(output)] == [("甲", "1"), ("", "2")]


def test_formulas_in_a_header_stay_inert(small: Tagger, tmp_path: Path) -> None:
    """The apostrophe that a header came with is not lost on the way through."""
    source, output = tmp_path / "in.csv", tmp_path / "out.csv"
    write_csv(source, ["text", "=HYPERLINK(1)"], [["甲", "1"]])
    tag_table(small, source, output)
    assert output.read_text(encoding="utf-8-sig").startswith("text,'=HYPERLINK(1),labels")


@pytest.mark.parametrize("encoding", ["hex", "rot13", "klingon"])
def test_encodings_of_no_text_are_refused(small: Tagger, tmp_path: Path, encoding: str) -> None:
    source = tmp_path / "in.csv"
    source.write_text("text\n甲\n", encoding="utf-8")
    with pytest.raises(ReportError, match="no such encoding"):
        tag_table(small, source, tmp_path / "out.csv", reading=Reading(encoding=encoding))


def test_unknown_output_and_missing_input(small: Tagger, rows: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="must end in"):
        tag_table(small, rows, tmp_path / "out.doc")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ReportError, match=r"folder\.csv: the output is a folder"):
        tag_table(small, rows, tmp_path / "folder.csv")
    with pytest.raises(ReportError, match="no such file"):
        tag_table(small, tmp_path / "none.csv", tmp_path / "out.csv")


def test_processes_give_the_serial_bytes(small: Tagger, rows: Path, tmp_path: Path) -> None:
    """Two processes, the same file to the last byte; the same probabilities to the last bit."""
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    tag_table(small, rows, one, window=10)
    tag_table(small, rows, two, window=10, jobs=2)
    assert one.read_bytes() == two.read_bytes()
    texts = [row["text"] for row in read_output(rows)]
    assert list(tag_stream(small, texts, jobs=2, window=9)) == small.tag(texts)


def test_only_a_saved_model_is_shared(fitted: MechanismClassifier) -> None:
    with pytest.raises(ValueError, match="only a saved model"):
        list(tag_stream(Tagger(fitted.parameters_), ["甲"], jobs=2))


WINDOWS = [[str(n), "字" * n, "乙"] for n in range(12)]


@pytest.mark.skipif(os.name == "nt", reason="kill of POSIX")
def test_a_killed_worker_is_replaced(tmp_path: Path) -> None:
    windows = [*WINDOWS[:5], ["甲", "死", "乙"], *WINDOWS[5:]]
    score = partial(dies_once, str(tmp_path / "marker"))
    found = list(run_in_processes(score, iter(windows), 2))
    assert [f.tolist() for f in found] == [length(w).tolist() for w in windows]


@pytest.mark.skipif(os.name == "nt", reason="kill of POSIX")
def test_the_text_that_kills_is_named() -> None:
    windows = [*WINDOWS[:3], ["甲", "乙", "死", "丙"], *WINDOWS[3:]]
    found: list[Any] = []
    with pytest.raises(WorkerDiedError, match=r"died twice on text 12 \[死\]"):
        found.extend(one.tolist() for one in run_in_processes(dies_always, iter(windows), 2))
    assert found == [length(w).tolist() for w in WINDOWS[:3]]
    assert list(map(len, run_in_processes(length, iter(WINDOWS), 2))) == [3] * 12


def test_slow_reader_holds_the_work_back() -> None:
    """No more windows are under way than two a worker."""
    taken = 0

    def source() -> Iterator[list[str]]:
        nonlocal taken
        for window in WINDOWS * 20:
            taken += 1
            yield window

    results = run_in_processes(length, source(), 2)
    next(results)
    assert taken == 4
    results.close()


@pytest.mark.parametrize("size", [1, 8, 63, 64, 65, 200])
def test_labels_are_joined_however_many_categories(size: int) -> None:
    """By the flags of each row; 64 and more do not fit into one whole number."""
    keys = tuple(f"c{k}" for k in range(size))
    flags = np.random.default_rng(size).random((50, size)) < 0.1
    flags[0], flags[1], flags[2] = False, True, np.arange(size) == size - 1
    expected = [";".join(key for key, on in zip(keys, row, strict=True) if on) for row in flags]
    assert joined_labels(flags, keys) == expected
    assert joined_labels(np.asfortranarray(flags)[::2], keys) == expected[::2]
    assert joined_labels(flags[:0], keys) == []
