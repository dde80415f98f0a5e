"""Gold of a label folder: the codebook that is given reads the codings and the decisions."""

from __future__ import annotations

from pathlib import Path

import pytest

from practicelib.workflows.gold import read_gold
from tests.labels.folders import CODEBOOK, label_folder, write_csv


def test_a_given_codebook_reads_codings_and_decisions(tmp_path: Path) -> None:
    """A folder without a codebook of its own, coded by the categories' Chinese names."""
    sets = ["管水", "管水", "修路", "", "管水;修路", ""]
    folder = label_folder(tmp_path, {"a": sets, "b": [*sets[:5], "修路"]})
    (folder / "codebook.toml").unlink()
    write_csv(
        folder / "decisions.csv",
        ("sentence", "labels", "by", "reason"),
        [("r:5", "修路", "李", "规则 3")],
    )
    given = tmp_path / "book.toml"
    given.write_text(CODEBOOK, encoding="utf-8")
    gold, book = read_gold(folder, given)
    assert gold.categories == book.keys == ("water", "road")
    assert gold.codebook == book.hash
    assert gold.labels.astype(int).tolist() == [[1, 0], [1, 0], [0, 1], [0, 0], [1, 1], [0, 1]]
    assert gold.how[-1] == "decision"


def test_what_is_left_to_decide_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Sentences without a majority are in no gold; none left, nothing said."""
    folder = label_folder(tmp_path / "a", {"a": ["管水"] * 6, "b": ["管水"] * 4 + ["修路"] * 2})
    assert len(read_gold(folder)[0]) == 4
    assert "2 sentences are not decided" in caplog.text
    caplog.clear()
    assert len(read_gold(label_folder(tmp_path / "b", {"a": ["管水"] * 6}))[0]) == 6
    assert not caplog.text
