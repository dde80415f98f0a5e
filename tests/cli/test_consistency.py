"""The commands consistency, suspects and adjudicate as a user runs them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.labels.folders import TEXTS, label_folder, write_csv


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return label_folder(
        tmp_path,
        {
            "a": ["water", "water", "road", "", "road;water", ""],
            "b": ["water", "water", "road", "", "water", ""],
        },
        kinds={"a": "person", "b": "person"},
    )


def test_folder_and_files_give_the_same_alpha(run: Run, folder: Path) -> None:
    code, out, _ = run("consistency", folder, "--format", "json")
    whole = json.loads(out)
    assert code == 0
    assert whole["basis"]["between"] == "people"
    code, out, _ = run(
        "consistency",
        folder / "codings" / "a.csv",
        folder / "codings" / "b.csv",
        "--format",
        "json",
    )
    assert [c["alpha"]["value"] for c in json.loads(out)["categories"]] == [
        c["alpha"]["value"] for c in whole["categories"]
    ]


def test_table_is_the_default_and_short(run: Run, folder: Path) -> None:
    code, out, _ = run("consistency", folder)
    assert code == 0
    assert "人员之间的编码员信度" in out
    assert "管水" in out
    assert "AC1" not in out
    assert "AC1" in run("consistency", folder, "--full", "--lang", "en")[1]


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("o.html", b"<!doctype html>"),
        ("o.csv", b"\xef\xbb\xbflevel,name"),
        ("o.md", b"# "),
        ("o.tex", b"\\begin{table}"),
        ("o.docx", b"PK"),
        ("o.json", b"{"),
        ("o.txt", "人员之间".encode()),
    ],
)
def test_ending_chooses_the_format(
    run: Run, folder: Path, tmp_path: Path, name: str, start: bytes
) -> None:
    code, out, _ = run("consistency", folder, "-o", tmp_path / name)
    assert (code, out) == (0, "")
    assert (tmp_path / name).read_bytes().startswith(start)


def test_min_alpha_exits_with_3(run: Run, folder: Path) -> None:
    code, out, err = run("consistency", folder, "--min-alpha", "0.8", "--lang", "en")
    assert code == 3
    assert "Water" in out
    assert {line.split(":")[1].strip() for line in err.strip().splitlines()} == {"water", "road"}
    assert "below 0.8" in err
    assert run("consistency", folder, "--min-alpha", "-99")[0] == 0


def test_faults_are_all_on_stderr(run: Run, folder: Path) -> None:
    write_csv(
        folder / "codings" / "c.csv",
        ("sentence", "labels"),
        [("r:0", "bridge"), ("r:77", ""), ("r:1", "water"), ("r:1", "")],
    )
    code, out, err = run("consistency", folder)
    assert (code, out) == (1, "")
    assert [line.split(".csv:")[1].split(":")[0] for line in err.strip().splitlines()] == [
        "2",
        "3",
        "5",
    ]


def test_usage_errors_exit_with_2(run: Run, folder: Path) -> None:
    assert run("consistency")[0] == 2
    assert run("consistency", folder, "--level", "1")[0] == 2
    assert run("suspects", folder, "--with-model", "--probabilities", "x")[0] == 2


def test_suspects(run: Run, folder: Path, tmp_path: Path) -> None:
    code, out, _ = run("suspects", folder, "--format", "json")
    found = json.loads(out)["suspects"]
    assert code == 0
    assert {(s["sentence"], s["category"]) for s in found} == {("r:4", "road")}
    path = write_csv(
        tmp_path / "p.csv",
        ("sentence", "water", "road"),
        [(f"r:{i}", w, r) for i, (w, r) in enumerate([(0.9, 0.1)] * 5 + [(0.99, 0.1)])],
    )
    code, out, _ = run("suspects", folder, "--probabilities", path, "--format", "json")
    causes = {
        (s["sentence"], reason["cause"])
        for s in json.loads(out)["suspects"]
        for reason in s["reasons"]
    }
    assert ("r:5", "model") in causes
    assert "管水" in run("suspects", folder, "--probabilities", path)[1]
    write_csv(path, ("sentence", "water", "road"), [("r:0", 2, 0), ("zz", 0, 0), ("r:1", "x", 0)])
    code, _, err = run("suspects", folder, "--probabilities", path)
    assert code == 1
    assert len(err.strip().splitlines()) == 3


def test_adjudicate_writes_gold_and_a_queue(run: Run, folder: Path, tmp_path: Path) -> None:
    gold, queue = tmp_path / "gold.csv", tmp_path / "queue.csv"
    code, _, err = run("adjudicate", folder, "-o", gold, "--queue", queue, "--lang", "en")
    assert code == 0
    assert "left to a person" in err
    rows = read(gold)
    assert [row["sentence"] for row in rows] == [f"r:{i}" for i in (0, 1, 2, 3, 5)]
    assert {row["how"] for row in rows} == {"unanimous"}
    (open_case,) = read(queue)
    assert (open_case["sentence"], open_case["text"]) == ("r:4", TEXTS[4])
    assert (open_case["a"], open_case["b"]) == ("water;road", "water")
    # The queue, filled in, is a decisions file; that of the folder is found by itself.
    open_case |= {"labels": "road;water", "by": "李", "reason": "规则 2"}
    write_csv(folder / "decisions.csv", list(open_case), [list(open_case.values())])
    code, out, _ = run("adjudicate", folder, "--format", "jsonl")
    decided = [json.loads(line) for line in out.splitlines()]
    assert (decided[4]["labels"], decided[4]["how"]) == ("water;road", "decision")


def test_a_sample_that_two_people_coded_corrects_counts(
    run: Run, seed_path: Path, tmp_path: Path
) -> None:
    """Copies in, differences decided in the queue, the sheet out again for the comparison."""
    sheet, gold, queue = (tmp_path / name for name in ("s.csv", "gold.csv", "queue.csv"))
    assert run("sample", seed_path, "--size", "30", "-o", sheet)[0] == 0
    rows = read(sheet)
    for coder, first in (("wang", "网格管理"), ("li", "-")):
        own = [{**row, "labels": "-"} for row in rows]
        own[0]["labels"] = first
        own[1]["labels"] = "autonomy;共建联建"
        columns = list(rows[0])
        write_csv(tmp_path / f"{coder}.csv", columns, [[row[c] for c in columns] for row in own])
    copies = [tmp_path / "wang.csv", tmp_path / "li.csv"]
    assert run("adjudicate", *copies, "-o", gold, "--queue", queue)[0] == 0
    done = read(gold)
    assert [row["labels"] for row in done[:3]] == ["", "co_building;autonomy", "-"]
    assert [row["how"] for row in done[:3]] == ["", "unanimous", "unanimous"]
    compare = ("compare", seed_path, "--validation", gold)
    code, _, err = run(*compare)
    assert (code, "not coded" in err) == (1, True)
    (left,) = read(queue)
    left |= {"labels": "-", "by": "赵", "reason": "只是提到"}
    write_csv(queue, list(left), [list(left.values())])
    assert run("adjudicate", *copies, "--decisions", queue, "-o", gold)[0] == 0
    assert read(gold)[0]["labels"] == "-"
    code, out, err = run(*compare)
    assert code == 0, err
    assert "corrected" in {row["figures"] for row in csv.DictReader(out.splitlines())}


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_codings_on_stdin(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """The same figures as of a file; faults are named as of stdin."""
    rows = [(n, coder, label) for n in "123" for coder, label in (("a", "网格管理"), ("b", "-"))]
    file = write_csv(tmp_path / "c.csv", ("sentence", "coder", "labels"), rows)
    if ending == ".jsonl":
        file = tmp_path / "c.jsonl"
        keys = ("sentence", "coder", "labels")
        file.write_text(
            "".join(json.dumps(dict(zip(keys, row, strict=True))) + "\n" for row in rows)
        )
    expected = run("consistency", file, "--format", "json")

    def given(content: bytes) -> None:
        stream = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")
        monkeypatch.setattr("sys.stdin", stream)

    given(file.read_bytes())
    assert run("consistency", "-", "--format", "json")[:2] == expected[:2]
    given(file.read_bytes().replace(b"-", b"xx"))
    code, _, err = run("consistency", "-")
    assert code == 1
    assert "<stdin>:" in err
    assert str(tmp_path) not in err
    assert "/stdin" not in err
