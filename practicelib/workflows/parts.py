"""Output in parts, so that work that was cut off goes on where it stopped.

Beside the output stands a folder `<output>.parts`: a note of what the work is, and one file a
window, each written in one step. When all are there they are put together, the output is replaced
in one step, and the folder goes.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from practicelib.errors import MissingExtraError, ReportError
from practicelib.files.atomic import write_bytes
from practicelib.files.tables import csv_text, jsonl_text

ENDINGS = (".parquet", ".csv", ".jsonl")
_NOTE = "work.json"
_BLOCK = 1 << 20


class Parts:
    """The parts of one output. Raises ReportError for an ending that is none of `ENDINGS`."""

    def __init__(self, output: Path, work: dict[str, Any]) -> None:
        self.kind = output.suffix.lower()
        if self.kind not in ENDINGS:
            raise ReportError(f"the output must end in {', '.join(ENDINGS)}", file=output)
        if self.kind == ".parquet":
            _arrow()
        self.output = output
        self.folder = output.with_name(output.name + ".parts")
        self._work = json.dumps(work, ensure_ascii=False, sort_keys=True)

    def begin(self) -> int:
        """How many windows are done already; parts of other work are thrown away."""
        note = self.folder / _NOTE
        if note.exists() and note.read_text(encoding="utf-8") == self._work:
            done = 0
            while self._part(done).exists():
                done += 1
            return done
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True)
        write_bytes(note, self._work.encode("utf-8"))
        return 0

    def write(self, number: int, columns: dict[str, Any]) -> None:
        """Keep the columns of one window, lists or arrays of one length."""
        write_bytes(self._part(number), self._encode(columns, number == 0))

    def finish(self, count: int) -> None:
        """Put `count` parts together as the output."""
        joined = self.folder / f"joined{self.kind}"
        if self.kind == ".parquet":
            self._join_parquet(joined, count)
        else:
            with joined.open("wb") as stream:
                for number in range(count):
                    with self._part(number).open("rb") as part:
                        shutil.copyfileobj(part, stream, _BLOCK)
        joined.replace(self.output)
        shutil.rmtree(self.folder)

    def _part(self, number: int) -> Path:
        return self.folder / f"part-{number:08d}{self.kind}"

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
        with self._part(0).open(encoding="utf-8-sig", newline="") as stream:
            if stream.read(len(header)) != header:
                raise ReportError("the columns of a window differ from the first", file=self.output)
        return csv_text(list(plain), rows).removeprefix(header).encode("utf-8")

    def _join_parquet(self, joined: Path, count: int) -> None:
        arrow, parquet = _arrow()
        schema = parquet.read_schema(self._part(0))
        for number in range(1, count):
            # A column may be empty, or missing, in some windows only.
            found = [schema, parquet.read_schema(self._part(number))]
            try:
                schema = arrow.unify_schemas(found, promote_options="permissive")
            except (arrow.ArrowInvalid, arrow.ArrowTypeError) as cause:
                why = f"columns of window {number + 1} differ from those before: {cause}"
                raise ReportError(why, file=self.output) from cause
        with parquet.ParquetWriter(joined, schema) as writer:
            for number in range(count):
                part = parquet.read_table(self._part(number))
                columns = [
                    part[field.name].cast(field.type)
                    if field.name in part.column_names
                    else arrow.nulls(len(part), field.type)
                    for field in schema
                ]
                writer.write_table(arrow.table(columns, schema=schema))


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
