"""Several files replaced as one: all of them or none, whatever happens in between.

The new contents are first laid down in a folder `.pending` with a list of where they belong (a
redo log); from the moment it has that name the change is made, and whoever comes next completes
what was cut off. Until then nothing has happened.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from practicelib.errors import LabelError
from practicelib.files.atomic import locked, write_bytes

PENDING = ".pending"
_LIST = "list.json"


def write_together(folder: str | os.PathLike[str], files: Mapping[str, bytes]) -> None:
    """Replace files of a folder, by their paths in it, all at once.

    Raises OSError before anything is changed where the disk is full or the folder read-only, and
    LabelError where an earlier change cannot be completed.
    """
    root = Path(folder)
    with locked(root / PENDING):
        _complete(root)
        # What a killed process had laid down and not yet named is of no use to anyone.
        for left in root.glob(f"{PENDING}-*"):
            shutil.rmtree(left)
        stage = Path(tempfile.mkdtemp(dir=root, prefix=f"{PENDING}-"))
        try:
            for number, content in enumerate(files.values()):
                write_bytes(stage / str(number), content)
            write_bytes(stage / _LIST, json.dumps(list(files)).encode("utf-8"))
            stage.rename(root / PENDING)
        except BaseException:
            shutil.rmtree(stage, ignore_errors=True)
            raise
        _complete(root)


def complete(folder: str | os.PathLike[str]) -> None:
    """Finish a change that was cut off, if there is one; nothing else is touched."""
    root = Path(folder)
    if (root / PENDING).is_dir():
        with locked(root / PENDING):
            _complete(root)


def _complete(root: Path) -> None:
    pending = root / PENDING
    if not pending.is_dir():
        return
    for number, target in enumerate(_targets(root)):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(target, (pending / str(number)).read_bytes())
    # Renamed first: a list without its contents must never stand under that name.
    done = root / f"{PENDING}-done"
    if done.exists():
        shutil.rmtree(done)
    pending.rename(done)
    shutil.rmtree(done)


def _targets(root: Path) -> list[Path]:
    """Where the contents belong; a list that someone else made must not lead out of the folder."""
    file = root / PENDING / _LIST
    try:
        names = json.loads(file.read_text(encoding="utf-8"))
        found = [(root / name).resolve() for name in names]
    except (OSError, ValueError, TypeError) as cause:
        raise LabelError(f"a change that cannot be completed: {cause}", file=file) from cause
    if not all(target.is_relative_to(root.resolve()) for target in found):
        raise LabelError("a change that leads out of the folder", file=file)
    return found
