"""What `-o` may be called: a format is told by the ending, and an ending is never a lie."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

SHEETS = {".csv": "csv", ".xlsx": "xlsx"}
"""Endings of a sheet to fill in."""


def need_file(output: str) -> None:
    """Raise click.UsageError for `-`: what is written is not one text."""
    if output == "-":
        raise click.UsageError("this goes to a file: -o FILE")


def format_of(
    output: str, given: str | None, endings: Mapping[str, str], default: str,
    *, option: str = "--format",
) -> str:  # fmt: skip
    """The format that was named, else the one of the ending of `output`, else the default.

    `endings` maps endings such as .csv to formats. The default is for stdout and for names
    without an ending. Raises click.UsageError for an ending that is none of `endings`, so that no
    file is called what it is not; `option` is the one that names a format.
    """
    ending = Path(output).suffix.lower()
    if given is not None or output == "-" or not ending:
        return given or default
    if ending in endings:
        return endings[ending]
    way_out = f"; or say {option}" if option else ""
    raise click.UsageError(
        f"{output}: cannot write {ending}, only {', '.join(sorted(endings))}{way_out}"
    )
