"""Habits of a good command: configuration file, volume, completion, formats by ending."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from tests.text.formats.corpus import CORPUS, FIRST


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def report(tmp_path: Path) -> str:
    """A report of one sentence."""
    file = tmp_path / "report.txt"
    file.write_text(FIRST, encoding="utf-8")
    return str(file)


def test_options_may_stand_in_a_file(run, tmp_path: Path, report: str) -> None:  # type: ignore[no-untyped-def]
    """Common and command's own options; the command line wins; pyproject.toml does too."""
    (tmp_path / "practicelib.toml").write_text(
        'lang = "en"\n[tag]\nformat = "jsonl"\nevidence = "none"\n', encoding="utf-8"
    )
    code, out, _ = run("tag", report)
    assert code == 0
    assert "evidence" not in json.loads(out)
    assert "1 sentences" in run("tag", report, "--format", "table")[1]
    (tmp_path / "practicelib.toml").unlink()
    (tmp_path / "pyproject.toml").write_text(
        '[tool.practicelib.tag]\nformat = "csv"\n', encoding="utf-8"
    )
    assert run("tag", report)[1].startswith("file,part,report,unit")


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("[fly]\nx = 1\n", "no command: fly"),
        ("[tag]\nspeed = 1\n", "no option of tag: speed"),
        ("[tag\n", "not readable as TOML"),
        ('[tag]\nformat = "pdf"\n', "'pdf' is not one of"),
    ],
)
def test_a_wrong_file_is_a_usage_error(  # type: ignore[no-untyped-def]
    run, tmp_path: Path, report: str, content: str, cause: str
) -> None:
    """What the file says wrongly is named, with exit code 2."""
    (tmp_path / "practicelib.toml").write_text(content, encoding="utf-8")
    code, _, err = run("tag", report)
    assert code == 2
    assert cause in err


def test_volume(run, tmp_path: Path, report: str) -> None:  # type: ignore[no-untyped-def]
    """Nothing by default, encodings with -v; warnings by default, none with -q; faults always."""
    doubtful = tmp_path / "short.txt"
    doubtful.write_bytes("甲乙丙丁戊己庚辛".encode("gb18030"))
    assert run("tag", report)[2] == ""
    assert "utf-8, 1 sentences" in run("tag", report, "-v")[2]
    assert "narrow margin" in run("tag", str(doubtful))[2]
    assert run("tag", str(doubtful), "--quiet")[2] == ""
    assert "no such file" in run("tag", "nothing.txt", "--quiet")[2]
    assert logging.getLogger("practicelib").level == logging.NOTSET


def test_a_library_prints_nothing(report: str) -> None:
    """Imported, it logs to a NullHandler unless the program says otherwise."""
    code = f"import practicelib as pl; pl.read_report({report!r}, encoding='gb18030')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.stdout == b""
    assert any(
        isinstance(h, logging.NullHandler) for h in logging.getLogger("practicelib").handlers
    )


def test_completion(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell completes commands and options."""
    for words, number, expected in (
        ("practicelib ta", "1", "tag"),
        ("practicelib tag --enc", "2", "--encoding"),
    ):
        done = subprocess.run(
            [str(Path(sys.executable).parent / "practicelib")],
            env={
                "COMP_WORDS": words,
                "COMP_CWORD": number,
                "_PRACTICELIB_COMPLETE": "bash_complete",
            },
            capture_output=True,
            check=False,
        )
        assert expected in done.stdout.decode()


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_of_other_shells(shell: str) -> None:
    """Each shell gets a script of its own, which calls the program back."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "practicelib")],
        env={"_PRACTICELIB_COMPLETE": f"{shell}_source"},
        capture_output=True,
        check=True,
    )
    assert f"_PRACTICELIB_COMPLETE={shell}_complete" in done.stdout.decode()


def test_formats_by_ending(run, tmp_path: Path, report: str) -> None:  # type: ignore[no-untyped-def]
    """`-o` decides the format; workbooks are in the language asked for."""
    import pandas

    from practicelib.files.xlsx import read_xlsx

    assert run("tag", report, "-o", "tags.xlsx")[0] == 0
    assert run("tag", report, "-o", "tags.parquet")[0] == 0
    assert run("tag", report, "-o", "en.xlsx", "--lang", "en")[0] == 0
    assert read_xlsx(tmp_path / "tags.xlsx", "句子")[0][1]["句子"] == FIRST
    assert read_xlsx(tmp_path / "tags.xlsx", "句子")[0][1]["类别"] == "网格管理;选人育人"
    assert read_xlsx(tmp_path / "tags.xlsx", "材料")[0][1]["网格管理"] == "1"
    first = read_xlsx(tmp_path / "en.xlsx", "sentences")[0][1]
    assert (first["text"], first["labels"].split(";")[0]) == (FIRST, "Grid management")
    frame = pandas.read_parquet(tmp_path / "tags.parquet")
    assert frame.loc[0, "grid_management"] == 1


def test_every_format_is_tagged(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Word, PDF, a page, a table and a zip at once; what fails is named and the rest is coded."""
    names = ("word.docx", "one-column-cid.pdf", "page.html", "table.xlsx", "reports.zip")
    for name in names:
        (tmp_path / name).write_bytes(CORPUS[name][0]())
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-")
    code, out, err = run("tag", *names, "bad.pdf", "--format", "csv")
    assert code == 1
    assert err.count("\n") == 1
    assert {line.split(",")[0] for line in io.StringIO(out).read().splitlines()[1:]} >= set(names)


def test_over_long_texts_are_split_loudly(  # type: ignore[no-untyped-def]
    run, tmp_path: Path
) -> None:
    """A text longer than a cell goes on in the next row, and a warning says so."""
    from practicelib.files.xlsx import read_xlsx

    (tmp_path / "long.txt").write_text("我镇划分网格" * 8000, encoding="utf-8")
    code, _, err = run("tag", "long.txt", "-o", "tags.xlsx")
    assert code == 0
    assert "split over 2 rows" in err
    rows = read_xlsx(tmp_path / "tags.xlsx", "句子")
    assert "".join(row["句子"] for _, row in rows) == "我镇划分网格" * 8000
