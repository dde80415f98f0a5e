"""Other tools: 1,000 double-coded sentences go out and come back with the same agreement."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from practicelib.codebook.reading import read_codebook
from practicelib.errors import LabelError, TooFewLabelsError
from practicelib.files.data import data_path
from practicelib.labels.consistency import consistency
from practicelib.labels.interchange import (
    Exchange,
    Predictions,
    exchange_of,
    guess_form,
    read_exchange,
    write_exchange,
)
from practicelib.labels.interchange_items import exchange_of_rows
from practicelib.labels.reading import read_codings
from practicelib.labels.rows import CodingRow
from practicelib.records.labelled import MISSING, LabelTable
from tests.labels.folders import made_table, studio_task

FILES = {
    "label-studio": "tasks.json",
    "doccano": "export.zip",
    "prodigy": "annotated.jsonl",
    "workbook": "double.xlsx",
}
SIZE = 1000


@pytest.fixture(scope="module")
def table() -> LabelTable:
    """A thousand sentences that two coders coded, some of them missing for the second."""
    root = data_path("labels")
    files = [root / "codings" / f"composed-{name}.csv" for name in ("writer", "second")]
    every = read_codings(files)
    both = (every.codes[:, :, 0, 0] != MISSING).all(axis=1)
    chosen = every.select(np.flatnonzero(both)[:SIZE])
    chosen.codes[::50, 1] = MISSING
    return chosen


def _alphas(table: LabelTable) -> list[float]:
    result = consistency(table, details=False, resamples=20)
    return [c.alpha.value for c in result.categories] + [s.value for s in result.sets]


def _again(rows: list[CodingRow], exchange: Exchange, folder: Path) -> LabelTable:
    """Rows of a tool as a table, by way of the long coding file."""
    book = exchange.codebook
    assert book is not None
    write_exchange(exchange_of_rows(rows, book), folder / "back.csv", "codings")
    return read_codings(folder / "back.csv", codebook=book)


@pytest.mark.parametrize("form", FILES)
def test_round_trip_keeps_agreement(table: LabelTable, tmp_path: Path, form: str) -> None:
    """Sentence by sentence the same codes, and so the same alpha to the last digit."""
    exchange = exchange_of(table, codebook=read_codebook())
    assert len(exchange.sentences) == SIZE
    path = tmp_path / FILES[form]
    assert path in write_exchange(exchange, path, form)
    assert guess_form(path) == form
    back = _again(read_exchange(path), exchange, tmp_path)
    place = {s.id: i for i, s in enumerate(back.sentences)}
    back = back.select([place[s.id] for s in table.sentences])
    assert [s.text for s in back.sentences] == [s.text for s in exchange.sentences]
    order = [[c.name for c in back.coders].index(c.name) for c in table.coders]
    assert back.categories == table.categories
    np.testing.assert_array_equal(back.codes[:, order], table.codes)
    assert _alphas(back) == _alphas(table)


def test_workbook_is_a_coding_file(table: LabelTable, tmp_path: Path) -> None:
    """`read_codings` takes the workbook as it is."""
    book = read_codebook()
    path = tmp_path / "double.xlsx"
    write_exchange(exchange_of(table, codebook=book), path, "workbook")
    np.testing.assert_array_equal(read_codings(path, codebook=book).codes, table.codes)


def test_blank_workbook(table: LabelTable, tmp_path: Path) -> None:
    """Lists to choose from, the codebook's sheet, a hidden hash; formulas stay text."""
    import openpyxl

    sentences = (replace(table.sentences[0], text="=1+1"), *table.sentences[1:20])
    exchange = replace(
        exchange_of(table, codebook=read_codebook(), blank=True), sentences=sentences
    )
    path = tmp_path / "blank.xlsx"
    write_exchange(exchange, path, "workbook")
    book = openpyxl.load_workbook(path)
    sheet = book["coding"]
    header = [cell.value for cell in sheet[1]]
    assert header[6:8] == ["coder_A", "coder_B"]
    assert sheet.freeze_panes == "B2"
    assert sheet.column_dimensions[sheet.cell(1, len(header)).column_letter].hidden
    assert sheet.cell(2, 5).data_type == "s"
    (validation,) = sheet.data_validations.dataValidation
    assert "G2:G21" in str(validation.sqref)
    choices = [cell.value for cell in book["lists"]["A"]][1:]
    assert choices[0] == "无"
    assert len(choices) == 16
    assert book["lists"].sheet_state == "hidden"
    assert book["codebook"].max_row == 5
    assert read_exchange(path) == []
    sheet.cell(2, 7).value, sheet.cell(3, 8).value = " ", "\u3000"
    book.save(path)
    assert read_exchange(path) == []


def test_edited_and_faulty_rows_are_all_named(table: LabelTable, tmp_path: Path) -> None:
    """A text that was touched, an unknown category, none beside a category."""
    import openpyxl

    path = tmp_path / "double.xlsx"
    exchange = exchange_of(table.select(range(10)), codebook=read_codebook())
    write_exchange(exchange, path, "workbook")
    book = openpyxl.load_workbook(path)
    sheet = book["coding"]
    sheet.cell(2, 5).value += "。"
    sheet.cell(3, 7).value = "网格化"
    sheet.cell(4, 7).value = "无;网格管理"
    book.save(path)
    with pytest.raises(LabelError) as caught:
        read_exchange(path)
    causes = [(fault.line, fault.cause) for fault in caught.value.faults]
    assert [line for line, _ in causes] == [2, 3, 4]
    assert "edited" in causes[0][1]
    assert "unknown category" in causes[1][1]
    assert "none and a category together" in causes[2][1]


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        (studio_task(), [("1", ("grid_management", "autonomy"))]),
        (studio_task(completed_by={"id": 3, "email": "w@a.cn"}),
         [("w@a.cn", ("grid_management", "autonomy"))]),
        (studio_task(completed_by={"id": 3, "first_name": "Li", "last_name": "Wang"}),
         [("Li Wang", ("grid_management", "autonomy"))]),
        (studio_task(completed_by={"id": 3}), [("3", ("grid_management", "autonomy"))]),
        (studio_task(completed_by={}), [("unknown", ("grid_management", "autonomy"))]),
        (studio_task(completed_by=None), [("unknown", ("grid_management", "autonomy"))]),
        (studio_task(result=[]), [("1", ())]),
        ({"text": "一句话。", "sid": "d1#12", "mechanism": "网格管理", "annotator": 2},
         [("2", ("grid_management",))]),
        ({"text": "一句话。", "sid": "d1#12", "annotator": 2,
          "mechanism": {"choices": ["网格管理"]}},
         [("2", ("grid_management",))]),
    ],
)  # fmt: skip
def test_shapes_of_label_studio(
    tmp_path: Path, task: dict[str, Any], expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    """Numbers, accounts and names as coders; an empty result is none; JSON-MIN."""
    path = tmp_path / "export.json"
    path.write_text(json.dumps([task]), encoding="utf-8")
    rows = read_exchange(path)
    assert [(row.coder, row.labels) for row in rows] == expected
    assert {row.sentence for row in rows} == {"d1#12"}


def test_label_studio_refusals(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Cancelled only, no list; a second annotation of a coder replaces the first."""
    path = tmp_path / "export.json"
    for content, cause in (
        ([studio_task(was_cancelled=True)], "no submitted annotation"),
        ({"a": 1}, "no list of tasks"),
    ):
        path.write_text(json.dumps(content), encoding="utf-8")
        with pytest.raises(LabelError, match=cause):
            read_exchange(path)
    task = studio_task()
    task["annotations"].append({**task["annotations"][0], "result": [], "created_at": "2026"})
    path.write_text(json.dumps([task]), encoding="utf-8")
    with caplog.at_level(logging.WARNING, "practicelib"):
        assert [row.labels for row in read_exchange(path)] == [()]
    assert "1 codings were replaced" in caplog.text


def _doccano_zip(path: Path, files: dict[str, list[dict[str, Any]]]) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, rows in files.items():
            archive.writestr(name, "".join(json.dumps(row) + "\n" for row in rows))
    path.write_bytes(stream.getvalue())


def test_shapes_of_doccano(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One file a coder; blanks; texts without our id still join; merged labels are a warning."""
    path = tmp_path / "export.zip"
    rows = [
        {"id": 1, "text": "甲。", "label": ["网格管理"]},
        {"id": 2, "text": "乙。", "label": []},
    ]
    _doccano_zip(path, {"wang.jsonl": rows, "li.jsonl": rows})
    found = read_exchange(path)
    assert [(r.coder, r.labels) for r in found[:2]] == [("li", ("grid_management",)), ("li", ())]
    assert found[0].sentence == found[2].sentence
    _doccano_zip(path, {"wang.jsonl": rows, "li.jsonl": [{**rows[0], "label": ["无"]}]})
    assert [(r.coder, r.labels) for r in read_exchange(path)] == [
        ("li", ()), ("wang", ("grid_management",)),
    ]  # fmt: skip
    single = tmp_path / "all.jsonl"
    single.write_text(json.dumps(rows[0]), encoding="utf-8")
    with caplog.at_level(logging.WARNING, "practicelib"):
        read_exchange(single, "doccano")
    assert "agreement cannot be measured" in caplog.text


def test_shapes_of_prodigy(tmp_path: Path) -> None:
    """Only accepted answers are codings; the annotator is told."""
    path = tmp_path / "out.jsonl"
    lines = [
        {"text": "甲。", "options": [], "accept": ["autonomy"], "answer": answer,
         "_annotator_id": "ds-wang", "meta": {"sid": f"s{i}"}}
        for i, answer in enumerate(("accept", "reject", "ignore"))
    ]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (row,) = read_exchange(path)
    assert (row.sentence, row.coder, row.labels) == ("s0", "ds-wang", ("autonomy",))


def test_tasks_carry_predictions(table: LabelTable, tmp_path: Path) -> None:
    """Label Studio's predictions and Prodigy's preselection are those of the model."""
    part = table.select(range(3))
    said = Predictions("m1", np.full((3, 4), 0.2), np.eye(3, 4, dtype=bool))
    exchange = exchange_of(part, codebook=read_codebook(), blank=True, predictions=said)
    path, config = write_exchange(exchange, tmp_path / "tasks.json", "label-studio")
    tasks = json.loads(path.read_text(encoding="utf-8"))
    assert all("annotations" not in task for task in tasks)
    chosen = [task["predictions"][0]["result"][0]["value"]["choices"] for task in tasks]
    assert chosen == [[name] for name in exchange.names[:3]]
    assert all(name in config.read_text(encoding="utf-8") for name in exchange.names)
    (path,) = write_exchange(exchange, tmp_path / "tasks.jsonl", "prodigy")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["accept"] for line in lines] == [[key] for key in table.categories[:3]]
    assert all("answer" not in line for line in lines)


def _to_code(lang: str) -> Exchange:
    """Three sentences of a report and one of another, to be coded."""
    codes = np.array([[[1, 0]], [[0, 0]], [[1, 1]], [[0, 1]]], np.int8)
    table = made_table(codes, per_report=3, texts=["甲。", "乙。", "丙。", "丁。"])
    before = ("", "甲。", "乙。", "丙。")
    sentences = tuple(
        replace(s, previous=text) for s, text in zip(table.sentences, before, strict=True)
    )
    return exchange_of(replace(table, sentences=sentences), blank=True, lang=lang)


@pytest.mark.parametrize(
    ("lang", "names", "none"),
    [("zh", ["类0", "类1"], "无"), ("en", ["Class 0", "Class 1"], "none")],
)
def test_what_coders_see(tmp_path: Path, lang: str, names: list[str], none: str) -> None:
    """Names in their language, none among them where it has to be clicked, and the context."""
    exchange = _to_code(lang)
    tasks, side = write_exchange(exchange, tmp_path / "all.jsonl", "doccano")
    labels = json.loads(side.read_text(encoding="utf-8"))
    assert [label["text"] for label in labels] == [*names, none]
    assert [label["suffixKey"] for label in labels] == ["1", "2", "3"]
    lines = [json.loads(line) for line in tasks.read_text(encoding="utf-8").splitlines()]
    assert lines[1] == {"text": "乙。", "sid": "s1", "report": "r0", "label": []}
    tasks, config = write_exchange(exchange, tmp_path / "all.json", "label-studio")
    assert f'value="{names[0]}" hint="c0"' in config.read_text(encoding="utf-8")
    seen = [task["data"] for task in json.loads(tasks.read_text(encoding="utf-8"))]
    assert [(one["previous"], one["next"]) for one in seen] == [
        ("", "乙。"), ("甲。", "丙。"), ("乙。", ""), ("丙。", ""),
    ]  # fmt: skip
    (tasks,) = write_exchange(exchange, tmp_path / "out.jsonl", "prodigy")
    line = json.loads(tasks.read_text(encoding="utf-8").splitlines()[0])
    assert line["options"] == [{"id": f"c{k}", "text": name} for k, name in enumerate(names)]
    assert line["meta"] == {"sid": "s0", "report": "r0"}
    assert not {"accept", "answer"} & line.keys()
    assert guess_form(tasks) == "prodigy"
    assert guess_form(tmp_path / "all.jsonl") == "doccano"


def test_who_coded_is_told_by_the_record_or_the_file(tmp_path: Path) -> None:
    """A session of Prodigy, an account of doccano; else the name of the file."""
    path = tmp_path / "wang.jsonl"
    task = {"text": "甲。", "accept": ["autonomy"], "answer": "accept", "label": ["autonomy"]}
    for form, who, coder in (
        ("prodigy", {"_annotator_id": "li", "_session_id": "zhao"}, "li"),
        ("prodigy", {"_session_id": "zhao"}, "zhao"),
        ("prodigy", {}, "wang"),
        ("doccano", {"username": "li", "annotator": "zhao"}, "li"),
        ("doccano", {"annotator": "zhao"}, "zhao"),
        ("doccano", {}, "wang"),
    ):
        path.write_text(json.dumps({**task, **who}), encoding="utf-8")
        (row,) = read_exchange(path, form)
        assert (row.coder, row.labels, row.text) == (coder, ("autonomy",), "甲。")


def test_unknown_formats(table: LabelTable, tmp_path: Path) -> None:
    """A wrong name and a file that tells nothing."""
    with pytest.raises(ValueError, match="format must be one of"):
        write_exchange(exchange_of(table), tmp_path / "x", "brat")
    with pytest.raises(ValueError, match="format must be one of"):
        read_exchange(tmp_path / "x.json", "brat")
    with pytest.raises(LabelError, match="cannot tell"):
        read_exchange(tmp_path / "x.dat")
    with pytest.raises(LabelError, match="unknown round '9'"):
        exchange_of(table, round="9")


def test_no_category_at_all() -> None:
    """Codings that are all "none", without a codebook, cannot be told from missing ones."""
    with pytest.raises(TooFewLabelsError, match="no category"):
        exchange_of(made_table(np.zeros((2, 2, 0), np.int8)))
