"""Output in parts, so that work that was cut off goes on where it stopped.

Beside the output stands a folder `<output>.parts`: a note of what the work is, and one file a
window, each written in one step and named by its number and its rows. When all are there they are
put together, the output is replaced in one step, and the folder goes. The folder is made with the
first part, so that work which is refused at once leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from practicelib.errors import MissingExtraError, ReportError
from practicelib.files.atomic import landing, locked, move_into_place, write_bytes
from practicelib.files.tables import csv_text, jsonl_text

ENDINGS = (".parquet", ".csv", ".jsonl")
_NOTE = "work.json"
_PART = re.compile(r"part-(\d{8})-(\d+)\.\w+")
# Beside parts: the note, what they were put together to, and a file that was being written.
_OURS = re.compile(rf"{_PART.pattern}|work\.json|joined\.\w+|\.[0-9a-f]{{16}}\.tmp")
_BLOCK = 1 << 20


@contextlib.contextmanager
def begun(output: Path, work: dict[str, Any]) -> Iterator[Parts]:
    """The parts of one output, which nobody else may write meanwhile.

    Raises ReportError for an ending that is none of `ENDINGS`, for a folder in the place of the
    output or, not of this library, in that of its parts, and where another run is writing it.
    """
    parts = Parts(output, work)
    parts.folder.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(locked(parts.folder, wait=False))
        except BlockingIOError as cause:
            raise ReportError("another run is writing this output", file=output) from cause
        except OSError as cause:
            # Not of the lock, of which nobody knows.
            raise OSError(cause.errno, cause.strerror, str(output)) from cause
        parts.begin()
        yield parts


class Parts:
    """The parts of one output, `count` of them with `rows` rows; see `begun`."""

    def __init__(self, output: Path, work: dict[str, Any]) -> None:
        self.kind = output.suffix.lower()
        if self.kind not in ENDINGS:
            raise ReportError(f"the output must end in {', '.join(ENDINGS)}", file=output)
        if output.is_dir():
            raise ReportError("the output is a folder; name a file", file=output)
        if self.kind == ".parquet":
            _arrow()
        self.output = output
        # Beside what a link leads to, so that the last step is one of renaming.
        beside = landing(output)
        self.folder = beside.with_name(beside.name + ".parts")
        self._work = json.dumps(work, ensure_ascii=False, sort_keys=True)
        self._parts: list[Path] = []
        self.rows = 0

    @property
    def count(self) -> int:
        """How many windows are done."""
        return len(self._parts)

    def begin(self) -> None:
        """Find the windows that are done already; those of other work do not count."""
        note = self.folder / _NOTE
        if self.folder.exists() and not _is_ours(self.folder):
            why = "stands where parts of the output belong and holds other things; move it away"
            raise ReportError(why, file=self.folder)
        if not note.exists() or note.read_text(encoding="utf-8") != self._work:
            return
        found = [(_PART.fullmatch(path.name), path) for path in sorted(self.folder.iterdir())]
        for match, path in found:
            if match and int(match[1]) == self.count:
                self._parts.append(path)
                self.rows += int(match[2])

    def write(self, columns: dict[str, Any], rows: int) -> None:
        """Keep the columns of the next window, lists or arrays of `rows` rows."""
        content = self._encode(columns, not self._parts)
        if not self._parts:
            self._make_folder()
        part = self.folder / f"part-{self.count:08d}-{rows}{self.kind}"
        write_bytes(part, content)
        self._parts.append(part)
        self.rows += rows

    def finish(self) -> None:
        """Put the parts together as the output."""
        joined = self.folder / f"joined{self.kind}"
        if self.kind == ".parquet":
            self._join_parquet(joined)
        else:
            with joined.open("wb") as stream:
                for one in self._parts:
                    with one.open("rb") as part:
                        shutil.copyfileobj(part, stream, _BLOCK)
        move_into_place(joined, self.output)
        shutil.rmtree(self.folder)

    def _make_folder(self) -> None:
        # What is there is of other work: `begin` has seen to it that it is of ours.
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir()
        write_bytes(self.folder / _NOTE, self._work.encode("utf-8"))

    def _encode(self, columns: dict[str, Any], first: bool) -> bytes:
        if self.kind == ".parquet":
            arrow, parquet = _arrow()
            sink = arrow.BufferOutputStream()
            parquet.write_table(arrow.table(columns), sink)
            content: bytes = sink.getvalue().to_pybytes()
            return content
        plain = {name: _plain(values) for name, values in columns.items()}
        rows = zip(*plain.values(), strict=True)
        if self.kind == ".jsonl":
            return jsonl_text(dict(zip(plain, row, strict=True)) for row in rows).encode("utf-8")
        if first:
            return csv_text(list(plain), rows).encode("utf-8-sig")
        header = csv_text(list(plain), [])
        with self._parts[0].open(encoding="utf-8-sig", newline="") as stream:
            if stream.read(len(header)) != header:
                raise ReportError("the columns of a window differ from the first", file=self.output)
        return csv_text(list(plain), rows).removeprefix(header).encode("utf-8")

    def _join_parquet(self, joined: Path) -> None:
        arrow, parquet = _arrow()
        schema = parquet.read_schema(self._parts[0])
        for number, one in enumerate(self._parts[1:], start=2):
            # A column may be empty, or missing, in some windows only.
            found = [schema, parquet.read_schema(one)]
            try:
                schema = arrow.unify_schemas(found, promote_options="permissive")
            except (arrow.ArrowInvalid, arrow.ArrowTypeError) as cause:
                why = f"columns of window {number} differ from those before: {cause}"
                raise ReportError(why, file=self.output) from cause
        with parquet.ParquetWriter(joined, schema) as writer:
            for one in self._parts:
                part = parquet.read_table(one)
                columns = [
                    part[field.name].cast(field.type)
                    if field.name in part.column_names
                    else arrow.nulls(len(part), field.type)
                    for field in schema
                ]
                writer.write_table(arrow.table(columns, schema=schema))


def _is_ours(folder: Path) -> bool:
    """Whether nothing is in a folder but what this module writes, or leaves when it is killed."""
    return folder.is_dir() and all(_OURS.fullmatch(path.name) for path in folder.iterdir())


def _plain(values: Any) -> list[Any]:
    for method in ("to_pylist", "tolist"):
        if hasattr(values, method):
            found: list[Any] = getattr(values, method)()
            return found
    return list(values)


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as cause:
        raise MissingExtraError("writing Parquet needs pyarrow", extra="parquet") from cause
    return pyarrow, parquet
