"""What is kept between runs is never read by code that would make other things."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("numba")

from practicelib.model.compiled import kept

# They write, hash and name; no number of the tables comes of them.
_APART = ("errors", "files.", "version", "records.")


def test_kept_tables_are_named_by_all_code_that_makes_them() -> None:
    """Else code of today would read tables of yesterday."""
    code = (
        "import sys, practicelib.model.compiled.stored, practicelib.model.compiled.tables;"
        "print(*(f'{name} {m.__file__}' for name, m in sys.modules.items()"
        " if name.startswith('practicelib.')), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    hashed = {path.resolve() for path in kept._sources(kept._TABLE_SOURCES)}
    for line in done.stdout.splitlines():
        name, _, file = line.partition(" ")
        if not name.removeprefix("practicelib.").startswith(_APART) and "__init__" not in file:
            assert Path(file).resolve() in hashed, name
