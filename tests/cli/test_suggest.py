"""`suggest`, `review` and `convert` as a user runs them."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from practicelib.cli.main import main
from practicelib.files.data import data_path
from practicelib.files.tables import read_csv
from practicelib.labels.reading import read_codings
from practicelib.records.labelled import SUGGESTED
from practicelib.workflows.gold import read_gold
from tests.labels.folders import CODEBOOK


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> object:
    """Run the program; gives exit code and stderr."""

    def call(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stop:
            main(list(arguments))
        return int(stop.value.code or 0), capfd.readouterr().err

    return call


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """A small label folder of its own: the codebook and the coded seed."""
    root = tmp_path / "labels"
    for name in ("codebook.toml", "sentences/seed.csv", "codings/seed-a.csv", "codings/seed-b.csv"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(data_path("labels") / name, root / name)
    return root


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A report that is in no label folder."""
    file = tmp_path / "new.txt"
    lines = [
        f"第{i}项工作中，{who}{what}，{how}。"
        for i, (who, what, how) in enumerate(
            (w, x, y)
            for w in ("街道党工委", "驻区单位", "村民小组", "网格员")
            for x in ("每周入户走访", "签订共建协议", "召开议事会商量停车问题", "选派干部驻村")
            for y in ("群众表示满意", "形成长效机制", "问题当天上报")
        )
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def _fill(path: Path, answers: dict[int, tuple[str, str, str]]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["coding"]
    header = [cell.value for cell in sheet[1]]
    for row, cells in answers.items():
        for column, value in zip(("coder_A", "coder_B", "adjudicated"), cells, strict=True):
            sheet.cell(row, header.index(column) + 1).value = value
    book.save(path)


def test_suggested_coded_and_brought_back(run, labels: Path, report: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The whole loop: a workbook out, answers in, marked, and gold knows them."""
    path = tmp_path / "next.xlsx"
    code, err = run("suggest", str(report), "-n", "12", "-o", str(path), "--labels", str(labels))
    assert (code, "12 sentences" in err) == (0, True)
    _fill(
        path,
        {
            2: ("网格管理", "网格管理", ""),
            3: ("无", "群众自治", "群众自治"),
            4: ("共建联建", "", ""),
        },
    )
    arguments = ["review", str(path), "--labels", str(labels), "--coder", "coder_A=wang"]
    code, err = run(*arguments)
    assert (code, "nobody is named" in err) == (1, True)
    assert not (labels / "sentences" / "suggested.csv").exists()
    code, err = run(*arguments, "--coder", "coder_B=li", "--by", "zhao")
    assert code == 0, err
    assert "3 new sentences; codings: wang 3, li 2; decisions: 1" in err
    table = read_codings(labels)
    brought = [s for s in table.sentences if s.source == SUGGESTED]
    assert [(s.role, s.kind) for s in brought] == [("train", "单句")] * 3
    gold, _ = read_gold(labels)
    decided = dict(zip((s.id for s in gold.sentences), gold.labels.tolist(), strict=True))
    assert decided[brought[1].id][gold.categories.index("autonomy")]
    code, err = run(*arguments, "--coder", "coder_B=li", "--by", "zhao")
    assert (code, "has coded it before" in err, "decided before" in err) == (1, True, True)
    assert len(read_csv(labels / "codings" / "wang.csv")) == 3


@pytest.mark.parametrize("command", ["suggest", "convert"])
def test_what_is_no_single_text_goes_to_a_file(
    run, command: str, labels: Path, report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    """`-o -` writes no file of that name."""
    monkeypatch.chdir(tmp_path)
    source = report if command == "suggest" else labels
    code, err = run(command, str(source), "-o", "-")
    assert (code, "-o FILE" in err) == (2, True)
    assert not (tmp_path / "-").exists()


def test_coded_sentences_are_not_suggested_again(run, labels: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The seed is in the folder: nothing of it is left."""
    seed = str(data_path("labels/reports/seed.txt"))
    code, err = run("suggest", seed, "-o", str(tmp_path / "n.xlsx"), "--labels", str(labels))
    assert (code, "no sentence is left" in err) == (1, True)


def test_review_refuses_strange_workbooks(run, labels: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Empty ones, those of a double coding, and names that are no file names."""
    path = tmp_path / "double.xlsx"
    assert run("convert", str(labels), "-o", str(path), "--to", "workbook", "--blank")[0] == 0
    assert "nothing is filled in" in run("review", str(path), "--labels", str(labels))[1]
    _fill(path, {2: ("无", "", "")})
    assert "not a suggested sentence" in run("review", str(path), "--labels", str(labels))[1]
    bad = run("review", str(path), "--labels", str(labels), "--coder", "coder_A=../x")
    assert "not a coder's name" in bad[1]
    assert run("review", str(path), "--labels", str(labels), "--coder", "x")[0] == 2


def test_convert_out_and_in(run, labels: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A label folder to each tool and back to a coding file; wrong use is named."""
    for to, name in (("label-studio", "t.json"), ("doccano", "t.zip"), ("prodigy", "t.jsonl")):
        code, err = run("convert", str(labels), "-o", str(tmp_path / name), "--to", to)
        assert (code, "302 codings of 2 coders" in err) == (0, True)
        assert run("convert", str(tmp_path / name), "-o", str(tmp_path / "back.csv"))[0] == 0
        assert len(read_csv(tmp_path / "back.csv")) == 302
    assert run("convert", str(tmp_path / "t.json"), "-o", "x.csv", "--blank")[0] == 2
    assert "no such file" in run("convert", "nowhere", "-o", "x.csv")[1]
    predicted = tmp_path / "p.json"
    arguments = ("--to", "label-studio", "--blank", "--predict")
    assert run("convert", str(labels), "-o", str(predicted), *arguments)[0] == 0
    assert '"model_version": "default ' in predicted.read_text(encoding="utf-8")


def test_other_categories_than_the_model(run, report: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """No model's answers under the names of another codebook, and no sheet with a wrong list."""
    own = tmp_path / "codebook.toml"
    own.write_text(CODEBOOK, encoding="utf-8")
    assert run("prepare", str(report), "-o", str(tmp_path / "own"), "--codebook", str(own))[0] == 0
    wanted = "codes co_building, grid_management, autonomy, talent_selection, but the codebook has"
    for command in (
        ("convert", str(tmp_path / "own"), "--to", "label-studio", "--predict", "--blank"),
        ("suggest", str(report), "--labels", str(tmp_path / "own"), "--to", "label-studio"),
    ):
        code, said = run(*command, "-o", str(tmp_path / "out.json"))
        assert code == 1 and f"{wanted} water, road" in said and "--model" in said
        assert not (tmp_path / "out.json").exists()


def test_a_workbook_of_another_codebook(run, report: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """One line a name that is not known, and the way out; with the codebook it is read."""
    own = tmp_path / "own/codebook.toml"
    own.parent.mkdir()
    own.write_text(CODEBOOK, encoding="utf-8")
    sheet = tmp_path / "double.xlsx"
    assert run("prepare", str(report), "-o", str(own.parent))[0] == 0
    assert run("convert", str(own.parent), "--blank", "-o", str(sheet))[0] == 0
    _fill(sheet, dict.fromkeys(range(2, 40), ("管 水", "Ｒｏａｄ；管水", "")))
    code, said = run("convert", str(sheet), "-o", str(tmp_path / "c.csv"))
    assert code == 1 and len(said.splitlines()) == 4
    assert "'管 水'" in said and "so in 38 rows" in said and "--codebook" in said
    assert run("convert", str(sheet), "-o", str(tmp_path / "c.csv"), "--codebook", str(own))[0] == 0
    rows = [row for _, row in read_csv(tmp_path / "c.csv")]
    assert {row["labels"] for row in rows} == {"water", "road;water"}
