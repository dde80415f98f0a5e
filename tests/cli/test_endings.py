"""The ending of -o is never a lie: formats by ending, and endings that are refused."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from practicelib.files.tables import read_csv
from practicelib.files.xlsx import read_xlsx
from practicelib.version import __version__
from tests.cli.conftest import Run
from tests.labels.folders import label_folder
from tests.text.formats.corpus import FIRST


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six sentences coded by two people, who differ once."""
    codes = {"a": ["water", "", "road", "", "road", ""], "b": ["water", "", "road", "", "", ""]}
    return label_folder(tmp_path, codes, kinds=dict.fromkeys(codes, "person"))


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "report.txt"
    file.write_text(FIRST, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("command", "known"),
    [
        ("tag", ".csv, .htm, .html, .jsonl, .parquet, .txt, .xlsx; or say --format"),
        ("consistency", ".csv, .docx, .htm, .html, .json, .md, .tex, .txt, .xlsx; or say --format"),
        ("suspects", ".csv, .htm, .html, .json, .txt, .xlsx; or say --format"),
        ("adjudicate", ".csv, .jsonl; or say --format"),
        ("compare", ".csv, .docx, .htm, .html, .json, .png, .svg, .tex, .xlsx, .zip; or say"),
        ("evaluate", ".json, .md, .txt; or say --format"),
        ("card", ".md, .txt\n"),
        ("sample", ".csv, .xlsx\n"),
        ("manifest", ".csv, .xlsx\n"),
        ("suggest", ".xlsx; or say --to"),
        ("convert", ".csv, .xlsx; or say --to"),
    ],
)
def test_an_unknown_ending_is_refused(
    run: Run, folder: Path, report: Path, tmp_path: Path, command: str, known: str
) -> None:
    """Exit code 2, the endings that could be written are named, and nothing is written."""
    source = [folder] if command in ("consistency", "suspects", "adjudicate", "convert") else []
    source = [report] if command in ("tag", "compare", "sample", "manifest", "suggest") else source
    code, _, err = run(command, *source, "-o", "out.xyz")
    assert code == 2
    assert f"out.xyz: cannot write .xyz, only {known}" in err
    assert not (tmp_path / "out.xyz").exists()


def test_a_format_that_is_named_wins_over_the_ending(run: Run, folder: Path) -> None:
    assert run("suspects", folder, "--format", "csv", "-o", "out.xyz")[0] == 0
    assert read_csv("out.xyz")[0][1]["category"] == "road"


def test_agreement_as_a_workbook(run: Run, folder: Path) -> None:
    """One sheet a table in the language asked for; the last has the figures of the CSV."""
    assert run("consistency", folder, "-o", "o.xlsx")[0] == 0
    assert run("consistency", folder, "-o", "en.xlsx", "--lang", "en")[0] == 0
    assert run("consistency", folder, "-o", "o.csv")[0] == 0
    assert [row["类别"] for _, row in read_xlsx("o.xlsx", "编码一致性")] == ["管水", "修路"]
    assert read_xlsx("en.xlsx", "Consistency of coding")[0][1]["category"] == "Water"
    # A workbook has no 1.0 beside 1: read back, whole numbers stand without a point.
    of_sheet = [(row["name"], row["coefficient"]) for _, row in read_xlsx("o.xlsx", "全部系数")]
    assert of_sheet == [(row["name"], row["coefficient"]) for _, row in read_csv("o.csv")]
    figures = [
        [float(row["value"]) for _, row in rows if row["value"]]
        for rows in (read_xlsx("o.xlsx", "全部系数"), read_csv("o.csv"))
    ]
    assert figures[0] == figures[1]
    assert len(figures[0]) > 10


def test_suspects_as_a_workbook(run: Run, folder: Path) -> None:
    assert run("suspects", folder, "-o", "s.xlsx")[0] == 0
    assert run("suspects", folder, "-o", "s.csv")[0] == 0
    rows = [row for _, row in read_xlsx("s.xlsx", "suspects")]
    assert [(row["rank"], row["sentence"], row["category"]) for row in rows] == [
        ("1", "r:4", "road"),
        ("2", "r:4", "road"),
    ]
    assert [row["coder"] for row in rows] == [row["coder"] for _, row in read_csv("s.csv")]


def test_codings_as_a_workbook(run: Run, folder: Path) -> None:
    """`convert` takes .xlsx for the workbook and .csv for codings, and they give the same codes."""
    assert run("convert", folder, "-o", "w.xlsx")[0] == 0
    assert Path("w.xlsx").read_bytes().startswith(b"PK")
    assert run("convert", folder, "-o", "c.csv")[0] == 0
    assert run("convert", "w.xlsx", "--codebook", folder / "codebook.toml", "-o", "b.csv")[0] == 0
    codes = [
        {(row["sentence"], row["coder"], row["labels"]) for _, row in read_csv(file)}
        for file in ("c.csv", "b.csv")
    ]
    assert codes[0] == codes[1]
    assert len(codes[0]) == 12


def test_card_and_figures_by_ending(run: Run, seed_labels: Path) -> None:
    assert run("card", "-o", "card.md")[0] == 0
    assert Path("card.md").read_text(encoding="utf-8").startswith("**No person")
    evaluate = ("evaluate", "--quick", "--labels", seed_labels)
    assert run(*evaluate, "-o", "e.json")[0] == 0
    assert Path("e.json").read_text(encoding="utf-8").startswith("{")
    assert run(*evaluate, "-o", "e.md")[0] == 0
    assert "| --- |" in Path("e.md").read_text(encoding="utf-8")


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"practicelib, version {__version__}\n", "")


@pytest.mark.parametrize("quiet", ["-q", "--quiet"])
def test_quiet_and_verbose_of_other_commands(run: Run, tmp_path: Path, quiet: str) -> None:
    """Warnings of reading appear by default and with -v, not when quiet; faults always do."""
    doubtful = tmp_path / "short.txt"
    doubtful.write_bytes("甲乙丙丁戊己庚辛".encode("gb18030"))
    for command in (("manifest",), ("compare", "--resamples", "20")):
        assert "narrow margin" in run(*command, doubtful)[2]
        assert "narrow margin" in run(*command, doubtful, "--verbose")[2]
        assert "narrow margin" not in run(*command, doubtful, quiet)[2]
    code, _, err = run("consistency", "nothing", quiet)
    assert code == 1
    assert "nothing" in err


def _on_a_terminal(arguments: list[str], environment: dict[str, str]) -> str:
    """What the program prints on a terminal of its own."""
    controller, terminal = pty.openpty()
    program = [sys.executable, "-m", "practicelib", *arguments]
    with subprocess.Popen(program, stdout=terminal, env=environment) as process:
        os.close(terminal)
        printed = b""
        while chunk := _read(controller):
            printed += chunk
        assert process.wait() == 0
    os.close(controller)
    return printed.decode()


def _read(controller: int) -> bytes:
    try:
        return os.read(controller, 65536)
    except OSError:  # Linux says so where the program closed its terminal
        return b""


@pytest.mark.parametrize("command", ["tag", "consistency"])
def test_no_color(folder: Path, report: Path, command: str) -> None:
    """A terminal gets colours, and none where NO_COLOR is set and not empty."""
    arguments = [command, str(report if command == "tag" else folder)]
    plain = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    coloured = _on_a_terminal(arguments, plain)
    assert "\x1b[" in coloured
    assert "\x1b[" in _on_a_terminal(arguments, {**plain, "NO_COLOR": ""})
    uncoloured = _on_a_terminal(arguments, {**plain, "NO_COLOR": "1"})
    assert "\x1b[" not in uncoloured
    assert len(uncoloured) > 40
