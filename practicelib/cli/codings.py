"""Coding files as the commands take them: paths, and - for stdin."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from practicelib.errors import LabelError
from practicelib.labels.reading import read_codings
from practicelib.records.labelled import LabelTable

_STDIN = "<stdin>"


def read_coded(paths: Sequence[str], **options: Any) -> LabelTable:
    """`read_codings` of paths, of which one may be - : CSV, or JSONL where an object begins it.

    Raises what `read_codings` raises; what came from stdin is named <stdin>.
    """
    if "-" not in paths:
        return read_codings(paths, **options)
    content = sys.stdin.buffer.read()
    ending = ".jsonl" if content.lstrip()[:1] == b"{" else ".csv"
    with tempfile.TemporaryDirectory() as folder:
        # The coder of a file that names none is called as the file is.
        file = Path(folder) / f"stdin{ending}"
        file.write_bytes(content)
        try:
            return read_codings([str(file) if path == "-" else path for path in paths], **options)
        except LabelError as error:
            own = (
                replace(
                    fault,
                    file=fault.file.replace(str(file), _STDIN),
                    cause=fault.cause.replace(str(file), _STDIN),
                )
                for fault in error.faults
            )
            raise LabelError(list(own)) from error
