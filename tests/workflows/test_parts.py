"""Output in parts: taken up again, by one run at a time, and never over what is another's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from practicelib.errors import ReportError
from practicelib.model.tagger import Tagger
from practicelib.workflows import parts, streams
from practicelib.workflows.streams import tag_table
from tests.workflows.streamed import few, fitted, read_output, rows, small, texts

__all__ = ["few", "fitted", "rows", "small", "texts"]


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_goes_on_where_it_was_cut_off(
    small: Tagger, rows: Path, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that dies after two windows is taken up: no window twice, none lost, same bytes."""
    whole, output = tmp_path / f"whole{ending}", tmp_path / f"out{ending}"
    tag_table(small, rows, whole, window=20)
    calls = 0
    real = streams._columns

    def dies(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(streams, "_columns", dies)
    with pytest.raises(KeyboardInterrupt):
        tag_table(small, rows, output, window=20)
    assert not output.exists()
    result = tag_table(small, rows, output, window=20)
    assert (result.rows, result.resumed) == (93, 40)
    assert calls == 3 + 3
    assert output.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_rows_are_right_where_only_the_end_was_missing(
    small: Tagger, rows: Path, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last window is shorter than the others; cut off behind it, nothing is tagged again."""
    output = tmp_path / f"out{ending}"

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(parts.Parts, "finish", dies)
        tag_table(small, rows, output, window=20)
    result = tag_table(small, rows, output, window=20)
    assert (result.rows, result.resumed) == (93, 93)
    assert len(read_output(output)) == 93


def test_a_folder_of_others_is_not_taken(small: Tagger, rows: Path, tmp_path: Path) -> None:
    """What bears the name of the parts but is none of them is neither deleted nor written into."""
    output, folder = tmp_path / "out.jsonl", tmp_path / "out.jsonl.parts"
    folder.mkdir()
    tag_table(small, rows, output)  # an empty one is of use
    output.unlink()
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(ReportError, match=r"out\.jsonl\.parts: .*holds other things"):
        tag_table(small, rows, output)
    assert (folder / "thesis.txt").read_text() == "mine"
    assert not output.exists()
    (folder / "thesis.txt").rename(tmp_path / "kept")
    folder.rmdir()
    (tmp_path / "kept").rename(folder)
    with pytest.raises(ReportError, match="holds other things"):
        tag_table(small, rows, output)
    assert folder.read_text() == "mine"


@pytest.mark.parametrize(
    "left", [".0123456789abcdef.tmp", "part-00000000-20.jsonl", "joined.jsonl"]
)
def test_what_a_killed_run_left_is_taken(
    small: Tagger, rows: Path, tmp_path: Path, left: str
) -> None:
    """Before the note was written, or when it was already gone."""
    output, folder = tmp_path / "out.jsonl", tmp_path / "out.jsonl.parts"
    folder.mkdir()
    (folder / left).write_text("half")
    result = tag_table(small, rows, output)
    assert (result.rows, result.resumed) == (93, 0)
    assert not folder.exists()


def test_one_output_has_one_run_at_a_time(small: Tagger, rows: Path, tmp_path: Path) -> None:
    """The second is refused, the first goes on, and no lock is left."""
    output = tmp_path / "out.jsonl"

    def second(done: int, _: float) -> None:
        if done == 20:
            with pytest.raises(ReportError, match="another run is writing this output"):
                tag_table(small, rows, output, window=20)

    assert tag_table(small, rows, output, window=20, progress=second).rows == 93
    assert len(read_output(output)) == 93
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_refused_work_leaves_nothing(small: Tagger, rows: Path, tmp_path: Path) -> None:
    """No folder of parts; parts of earlier work stay, which can still go on."""
    (tmp_path / "empty.jsonl").write_text("")
    output, folder = tmp_path / "out.jsonl", tmp_path / "out.jsonl.parts"
    for source, column in ((rows, "body"), (tmp_path / "no.csv", "text"), ("empty.jsonl", "text")):
        with pytest.raises(ReportError):
            tag_table(small, tmp_path / source, output, column=column)
        assert not folder.exists()
    folder.mkdir()
    (folder / "work.json").write_text("{}")
    with pytest.raises(ReportError):
        tag_table(small, rows, output, column="body")
    assert [path.name for path in folder.iterdir()] == ["work.json"]


def test_an_output_that_is_a_link_stays_one(small: Tagger, rows: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "out.jsonl"
    link.symlink_to(tmp_path / "real" / "tags.jsonl")
    tag_table(small, rows, link)
    assert link.is_symlink()
    assert [path.name for path in (tmp_path / "real").iterdir()] == ["tags.jsonl"]
    assert len(read_output(link)) == 93


def test_parts_of_other_work_are_not_used(small: Tagger, rows: Path, tmp_path: Path) -> None:
    """Another threshold makes other work, so nothing of the first run is taken over."""
    output = tmp_path / "out.jsonl"
    folder = tmp_path / "out.jsonl.parts"
    tag_table(small, rows, output)
    folder.mkdir()
    (folder / "work.json").write_text("{}")
    (folder / "part-00000000-1.jsonl").write_text('{"text": "not of this work"}\n')
    assert tag_table(small, rows, output).resumed == 0
    assert "not of this work" not in output.read_text(encoding="utf-8")
