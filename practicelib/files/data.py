"""Where the data that comes with the package lies: `labels/` and `models/`."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def data_path(name: str) -> Path:
    """Path of a shipped file or folder, such as `labels/codebook.toml`.

    A wheel carries the two folders inside the package; an editable install finds them in the
    project's root. Raises FileNotFoundError where neither has it.
    """
    for root in (_PACKAGE / "_data", _PACKAGE.parent):
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"practicelib is installed without its data: {name}")
