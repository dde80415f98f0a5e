"""Exports that are damaged or wrongly shaped: named with file and line, all at once."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from practicelib.errors import LabelError
from practicelib.labels.interchange import (
    read_exchange,
)
from tests.labels.folders import studio_task


def _nested(depth: int = 100_000) -> str:
    return "[" * depth + "]" * depth


def _faulty(path: Path, content: str) -> list[tuple[int, str]]:
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LabelError) as caught:
        read_exchange(path)
    assert {fault.file for fault in caught.value.faults} == {str(path)}
    return [(fault.line, fault.cause) for fault in caught.value.faults]


def test_malformed_label_studio(tmp_path: Path) -> None:
    """Every task of another shape is named; none becomes the judgement "none"."""
    region = {"type": "choices", "from_name": "mechanism"}
    tasks: list[dict[str, Any]] = [
        {"data": {"text": "甲。"}, "annotations": [1]},
        {"data": {"text": "甲。"}, "annotations": 1},
        {"data": "甲。", "annotations": []},
        studio_task(result=None),
        studio_task(result=[1]),
        studio_task(result=[{**region, "value": ["网格管理"]}]),
        studio_task(result=[{**region, "value": {"choices": None}}]),
        studio_task(result=[{**region, "value": {"choices": [["网格管理"]]}}]),
        {"text": "甲。", "mechanism": None},
        {"text": "甲。", "mechanism": {"choices": 1}},
        studio_task(),
        {"text": "甲。", "mechanism": ""},
        studio_task(result=[{**region, "value": {"choices": [1]}}]),
    ]
    path = tmp_path / "export.json"
    found = _faulty(path, json.dumps(tasks))
    assert [line for line, _ in found] == [*range(1, 11), 12, 13]
    causes = [cause for _, cause in found]
    assert causes[:2] == ["'annotations' must be a list of objects"] * 2
    assert causes[2] == "'data' must be an object"
    assert all("must be" in cause for cause in causes[:-2])
    assert "unknown category ''" in causes[-2]
    assert "unknown category '1'" in causes[-1]
    assert "not readable as JSON" in _faulty(path, _nested())[0][1]


def test_malformed_prodigy(tmp_path: Path) -> None:
    """What was accepted must be a list; missing choices are not the judgement "none"."""
    task = {"text": "甲。", "answer": "accept", "options": [], "accept": ["autonomy"]}
    lines = [{**task, "accept": None}, {**task, "accept": 5}, {**task, "meta": "s1"}, task]
    found = _faulty(tmp_path / "out.jsonl", "\n".join(map(json.dumps, lines)))
    assert [line for line, _ in found] == [1, 2, 3]
    assert all("must be" in cause for _, cause in found)


def test_malformed_doccano(tmp_path: Path) -> None:
    """Labels that are no list are named, and what is nested too deep."""
    lines = [{"text": "甲。", "label": found} for found in (5, 0, {"a": 1}, ["网格管理"], [[0, 2]])]
    path = tmp_path / "all.jsonl"
    found = _faulty(path, "\n".join(map(json.dumps, lines)))
    assert [line for line, _ in found] == [1, 2, 3, 5]
    assert all("'label' must be text or a list of text" in cause for _, cause in found)
    assert _faulty(path, '{"text": "甲。"}\n' + _nested())[0][0] == 2
    chosen = ("网格管理", "", None)
    lines = [{"text": f"第{i}句。", "label": found} for i, found in enumerate(chosen)]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert [row.labels for row in read_exchange(path)] == [("grid_management",), (), ()]


def test_damaged_and_swelling_archives(tmp_path: Path) -> None:
    """A stream that does not unpack, and a small one that unpacks to very much."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("wang.jsonl", json.dumps({"text": "甲乙丙丁" * 50, "label": []}))
    content = bytearray(path.read_bytes())
    content[40:44] = b"\xff" * 4  # just behind the local header: the deflate stream
    path.write_bytes(content)
    with pytest.raises(LabelError, match="not readable"):
        read_exchange(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("wang.jsonl", b"\n" * (16 * 1024 * 1024))
    with pytest.raises(LabelError, match="packed suspiciously small"):
        read_exchange(path)
