"""The README's session runs as written, and every command that it shows exists."""

from __future__ import annotations

import doctest
import json
import re
from pathlib import Path

import pytest

from practicelib.cli.main import COMMANDS
from practicelib.show.evaluation_table import number

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_session_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The working session, from the project's root."""
    monkeypatch.chdir(ROOT)
    found = doctest.testfile(str(ROOT / "README.md"), module_relative=False, encoding="utf-8")
    assert found.attempted >= 8
    assert not found.failed


def test_commands_and_targets_exist() -> None:
    """`practicelib X` and `make X`."""
    commands = re.findall(r"^(?:cat .* \| )?practicelib ([a-z]+) ", README, flags=re.MULTILINE)
    assert len(commands) >= 8
    assert set(commands) <= set(COMMANDS)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make ([a-z]+)", README, flags=re.MULTILINE):
        assert f"\n{target}:" in makefile


def test_figures_are_those_of_the_record() -> None:
    """Each row of F1 stands in the record of evaluations of the shipped model."""
    record = json.loads((ROOT / "models/default/outside.json").read_text(encoding="utf-8"))
    for entry in record.values():
        model = entry["systems"][0]
        for k, key in enumerate(entry["categories"]):
            cells = (
                entry["support"][k],
                *(number(model[n][k]) for n in ("precision", "recall", "f1")),
            )
            row = f"{key} | " + " | ".join(map(str, cells))
            assert row in README, (entry["on"], row)
