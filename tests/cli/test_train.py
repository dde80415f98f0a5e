"""`practicelib train` reads what lies in the label folder."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from practicelib.cli import train as module
from practicelib.errors import LabelError
from practicelib.files.hashing import hash_text

BOOK = 'version = "1"\n[[category]]\nkey = "grid"\nzh = "网格"\nen = "Grid"\n'


@pytest.mark.parametrize("own", [True, False])
def test_the_dictionary_of_the_label_folder_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    """Without one there, the shipped one."""
    (tmp_path / "codebook.toml").write_text(BOOK, "utf-8")
    for name, rows in (
        ("sentences/a.csv", f"id,report,start,end,text,sha256\n1,r,0,2,网格,{hash_text('网格')}\n"),
        ("codings/a.csv", "sentence,labels\n1,grid\n"),
    ):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(rows, "utf-8")
    if own:
        (tmp_path / "dictionary.txt").write_text("网格员\n", "utf-8")
    asked: list[Any] = []

    def stop(*_: Any, dictionary: Any, **__: Any) -> None:
        asked.append(dictionary)
        raise LabelError("far enough")

    monkeypatch.setattr(module, "train", stop)
    CliRunner().invoke(module.command, [str(tmp_path), "-o", str(tmp_path / "model")])
    assert asked == [tmp_path / "dictionary.txt" if own else None]
