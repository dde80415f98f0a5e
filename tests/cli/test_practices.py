"""`practicelib manifest`, `sample` and `compare`, as a user runs them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from practicelib.cli import compare as module
from practicelib.errors import ReportError
from practicelib.files.data import data_path
from practicelib.files.hashing import hash_text
from practicelib.files.tables import write_csv
from practicelib.labels.sample_sheet import COLUMNS
from practicelib.labels.sampling import needed_size
from practicelib.model.storage import load_tagger
from practicelib.practices.cases import read_cases
from practicelib.records.practices import PracticeProfile
from practicelib.workflows.tagging import tag_files
from tests.cli.conftest import Run


def rows_of(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file that was written for Excel."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_from_a_folder_to_a_page(run: Run, seed_path: Path, tmp_path: Path) -> None:
    """manifest, then compare with the table it wrote; guesses are marked, then confirmed."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "seed.txt").write_bytes(seed_path.read_bytes())
    table = tmp_path / "cases.csv"
    code, _, err = run("manifest", folder, "-o", table)
    assert code == 0
    assert "6 reports" in err
    assert [case.file for case in read_cases(table).cases] == ["seed.txt"] * 6
    assert run("manifest", folder, "-o", table)[0] == 2
    page = tmp_path / "out" / "compare.html"
    assert run("compare", folder, "--by", "unit", "--cases", table, "-o", page)[0] == 0
    assert "推测" in page.read_text(encoding="utf-8")
    done = table.read_text(encoding="utf-8-sig").replace("guessed", "confirmed")
    table.write_text(done, encoding="utf-8")
    data = tmp_path / "c.json"
    assert run("compare", folder, "--cases", table, "-o", data)[0] == 0
    notes = json.loads(data.read_text(encoding="utf-8"))["notes"]
    assert not any("guessed" in note for note in notes)


def grouped(run: Run, seed_path: Path, table: Path, years: tuple[str, ...]) -> Path:
    """A case table of the seed's six reports: two units, and a year each."""
    run("manifest", seed_path, "-o", table)
    rows = rows_of(table)
    for number, (row, year) in enumerate(zip(rows, years, strict=True)):
        row |= {"unit": "甲乙"[number // 3], "year": year, "confirmed": "confirmed"}
    write_csv(table, list(rows[0]), [list(row.values()) for row in rows])
    return table


def test_adjusted_shares_are_written_and_what_they_drop_is_said(
    run: Run, seed_path: Path, tmp_path: Path
) -> None:
    """A table has no place for notes, so stderr warns; not where nothing is dropped."""
    table = grouped(run, seed_path, tmp_path / "cases.csv", ("2019", "2020", "2020") * 2)
    base = ("compare", seed_path, "--cases", table, "--adjust")
    code, out, err = run(*base, "year")
    assert code == 0
    assert "Dropped" not in err
    plain = run(*base[:-1])[1]
    assert "standardised" in {row["figures"] for row in csv.DictReader(out.splitlines())}
    assert set(plain.splitlines()) < set(out.splitlines())
    grouped(
        run, seed_path, tmp_path / "other.csv", ("2019", "2020", "2020", "2020", "2021", "2020")
    )
    _, _, err = run(*base[:3], tmp_path / "other.csv", "--adjust", "年份")
    assert "year that every unit has: 2020. Dropped" in err
    assert "2019, 2021" in err


def test_unmatched_rows_are_errors(run: Run, seed_path: Path, tmp_path: Path) -> None:
    """A row for a report that was not given stops the comparison and is named."""
    table = tmp_path / "cases.csv"
    run("manifest", seed_path, "-o", table)
    text = table.read_text(encoding="utf-8-sig")
    table.write_text(text + "other.txt,0,9,,,,,,,,guessed\n", encoding="utf-8")
    code, _, err = run("compare", seed_path, "--cases", table)
    assert code == 1
    assert "cases.csv:8" in err


def test_sample_code_correct(run: Run, seed_path: Path, tmp_path: Path) -> None:
    """Draw, code, compare: corrected figures appear, and only with the whole sample coded."""
    sheet = tmp_path / "sample.csv"
    code, _, err = run("sample", seed_path, "-n", 60, "-o", sheet)
    assert code == 0
    assert "sentences of" in err
    assert run("compare", seed_path, "--validation", sheet)[0] == 1
    rows = rows_of(sheet)
    for row in rows:
        row["labels"] = "-"
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    code, out, _ = run("compare", seed_path, "--validation", sheet)
    assert code == 0
    assert {row["figures"] for row in csv.DictReader(out.splitlines())} >= {"raw", "corrected"}
    code, out, _ = run("compare", seed_path)
    assert "corrected" not in {row["figures"] for row in csv.DictReader(out.splitlines())}


def test_uncertainty_lists_are_refused(run: Run, seed_path: Path, tmp_path: Path) -> None:
    """A list picked by hand or by uncertainty cannot correct counts, with the reason."""
    sheet = tmp_path / "picked.csv"
    sheet.write_text("file,start,end,text,labels\nseed.txt,0,3,一句话,-\n", encoding="utf-8")
    code, _, err = run("compare", seed_path, "--validation", sheet)
    assert code == 1
    assert "uncertainty" in err


def test_size_calculator(run: Run, seed_path: Path) -> None:
    """Without a size, what sizes would give is printed; a half width asks for a size."""
    code, out, _ = run("sample", seed_path)
    assert code == 0
    assert "half width" in out
    code, out, _ = run("sample", seed_path, "--half-width", 3)
    assert code == 0
    assert len(out.splitlines()) > 50
    assert run("sample", seed_path, "-n", 5, "--half-width", 3)[0] == 2
    assert run("sample", seed_path, "-n", 60, "--by", "place")[0] == 2


def test_nothing_drawn_is_said(run: Run, seed_path: Path, tmp_path: Path) -> None:
    """A file that was asked for and is not written would be looked for in vain."""
    sheet = tmp_path / "sample.csv"
    code, out, err = run("sample", seed_path, "-o", sheet)
    assert (code, sheet.exists()) == (0, False)
    assert "half width" in out
    assert "nothing was drawn" in err
    assert "--size" in err and "--half-width" in err
    assert "nothing was drawn" not in run("sample", seed_path)[2]


@pytest.mark.parametrize("size", [(), ("-n", 60)])
def test_a_refused_file_is_told_by_the_exit_code(
    run: Run, seed_path: Path, size: tuple[object, ...]
) -> None:
    """With a size and without."""
    code, out, _ = run("sample", seed_path, "missing.txt", *size)
    assert code == 1
    assert out


@pytest.mark.parametrize(
    ("command", "option", "value"),
    [
        ("sample", "--size", 0),
        ("sample", "--half-width", 0),
        ("sample", "--precision", 2),
        ("sample", "--missed", -1),
        ("sample", "--seed", -1),
        ("compare", "--resamples", -5),
        ("compare", "--least", 0),
        ("compare", "--level", 1),
        ("compare", "--seed", -1),
        ("suspects", "--seed", -1),
    ],
)
def test_numbers_out_of_range_are_usage_errors(
    run: Run, seed_path: Path, command: str, option: str, value: float
) -> None:
    """Before anything is read."""
    code, out, err = run(command, seed_path, option, value)
    assert (code, out) == (2, "")
    assert f"Invalid value for '{option}'" in err or f"/ '{option}'" in err


def test_the_size_found_is_drawn(run: Run, seed_path: Path, tmp_path: Path) -> None:
    """And not what it draws asked for once more, which would draw too few."""
    found = tag_files(load_tagger(), [seed_path])
    tagged = [t for own in found if not isinstance(own, ReportError) for t in own]
    sheet = tmp_path / "sample.csv"
    for points in (8, 1):
        assert run("sample", seed_path, "--half-width", points, "-o", sheet)[0] == 0
        needed = needed_size(tagged, points / 100)
        assert needed is not None
        assert len(rows_of(sheet)) == needed.drawn


def test_samples_of_tables_can_be_given(run: Run, seed_path: Path, tmp_path: Path) -> None:
    """Rows of a table begin at one place each; the sheet says which row a sentence is of."""
    lines = seed_path.read_text(encoding="utf-8-sig").split("\n")
    texts = ["\n".join(lines[n : n + 8]).strip() for n in range(0, len(lines), 8)]
    table, sheet = tmp_path / "cases.csv", tmp_path / "sample.csv"
    write_csv(table, ["text"], [[text] for text in texts if text])
    assert run("sample", table, "-n", 60, "-o", sheet)[0] == 0
    rows = rows_of(sheet)
    assert all(row["part"].startswith("row ") for row in rows)
    coded = [[{**row, "labels": "-"}[name] for name in COLUMNS] for row in rows]
    write_csv(sheet, COLUMNS, coded)
    shares = tmp_path / "shares.csv"
    by = ("--by", "report", "-o", shares)
    code, _, err = run("compare", table, "--validation", sheet, *by)
    assert code == 0, err
    assert {row["figures"] for row in rows_of(shares)} >= {"raw", "corrected"}


def test_gold_beside_the_model(
    run: Run, seed_path: Path, seed_labels: Path, tmp_path: Path
) -> None:
    """A person's codes compared, the model's beside them, with the sentences that differ."""
    page = tmp_path / "gold.html"
    arguments = ("compare", "--labels", seed_labels, "--role", "test")
    assert run(*arguments, "--beside-model", seed_path, "-o", page)[0] == 0
    text = page.read_text(encoding="utf-8")
    assert 'id="beside"' in text
    code, out, _ = run(*arguments)
    assert code == 0
    assert {row["figures"] for row in csv.DictReader(out.splitlines())} == {"raw"}
    assert run(*arguments, "--beside-model")[0] == 2


@pytest.fixture
def plain_folder(tmp_path: Path) -> Path:
    """A label folder with a codebook of its own that has no stances."""
    folder = tmp_path / "labels"
    (folder / "codings").mkdir(parents=True)
    (folder / "codebook.toml").write_text(
        'version = "1"\n[[category]]\nkey = "fiscal"\nzh = "财政激励"\nen = "Fiscal"\n',
        encoding="utf-8",
    )
    texts = ("下一步打算发放补贴", "计划给予补助", "天气很好", "将要发放奖金")
    (folder / "sentences").mkdir()
    write_csv(
        folder / "sentences" / "all.csv",
        ["id", "report", "start", "end", "text", "sha256"],
        [[f"s{n}", f"r{n % 2}", 0, len(t), t, hash_text(t)] for n, t in enumerate(texts)],
    )
    write_csv(
        folder / "codings" / "wang.csv",
        ["sentence", "coder", "labels"],
        [[f"s{n}", "wang", "" if n == 2 else "fiscal"] for n in range(4)],
    )
    return folder


def test_an_own_codebook_gets_no_stances_of_another(run: Run, plain_folder: Path) -> None:
    """Those of the shipped codebook only where it is named; each time it is said."""
    base = ("compare", "--labels", plain_folder, "--by", "report", "--format", "json")
    code, out, err = run(*base)
    assert code == 0, err
    data = json.loads(out)
    assert data["stances"] == []
    assert any("no patterns of what is planned" in note for note in data["notes"])
    code, out, err = run(*base, "--codebook", data_path("labels/codebook.toml"))
    assert code == 0, err
    data = json.loads(out)
    assert {row["stance"] for row in data["stances"]} == {"planned", "lacking"}
    assert sum(row["count"] for row in data["stances"])
    assert any("another codebook" in note for note in data["notes"])


def test_what_stands_beside_is_counted_alike(
    run: Run, seed_path: Path, seed_labels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With other headings or duplicates a difference would be one of counting."""
    asked: list[dict[str, object]] = []
    real = module.profile

    def record(*given: object, **options: object) -> PracticeProfile:
        asked.append(options)
        return real(*given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "profile", record)
    options = {
        "headings": "without", "least": 2, "duplicates": "first", "estimand": "like-these",
        "level": 0.9,
    }  # fmt: skip
    given = [part for name, value in options.items() for part in (f"--{name}", value)]
    base = ("compare", "--labels", seed_labels, "--role", "test", "--beside-model")
    code, _, err = run(*base, seed_path, *given, "--format", "html")
    assert code == 0, err
    assert asked == [{"by": ("unit",), **options}]


def test_stated_ranges_make_the_band(run: Run, seed_path: Path) -> None:
    """The user's own ranges replace the model's; half a range is a usage error."""
    base = ("compare", seed_path, "--sensitivity")
    code, wide, _ = run(*base, "0.5-1", "--specificity", "0.9-1")
    assert code == 0
    code, narrow, _ = run(*base, "0.9-1", "--specificity", "0.99-1")
    assert code == 0

    def width(text: str) -> float:
        rows = [row for row in csv.DictReader(text.splitlines()) if row["figures"] == "band"]
        return sum(float(row["high"]) - float(row["low"]) for row in rows)

    assert width(wide) > width(narrow)
    assert run(*base, "0.9-1")[0] == 2
    assert run(*base, "1-0.9", "--specificity", "0.9-1")[0] == 2


def test_usage_errors(run: Run, seed_path: Path) -> None:
    """No input, unknown columns, binary output to a terminal: exit code 2 each."""
    assert run("compare")[0] == 2
    assert run("compare", seed_path, "--by", "colour")[0] == 2
    assert run("compare", seed_path, "--format", "xlsx")[0] == 2
    assert run("compare", seed_path, "--by", "report", "--level", "2")[0] == 2
    assert run("compare", "missing.txt")[0] == 1
