"""Tags of text without end: in bounded windows, with flat memory, in the order of the input.

Axes: N texts, K categories.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import compress, tee
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.errors import ReportError
from practicelib.files.hashing import hash_json
from practicelib.model.checks import in_windows, refuse_no_count
from practicelib.model.tagger import Tagger
from practicelib.records.tags import TagBatch, TaggedSentence
from practicelib.workflows.parts import begun
from practicelib.workflows.processes import score_in_processes
from practicelib.workflows.windows import Reading, Window, read_windows

WINDOW = 8192
DIGITS = 6
"""Digits of probabilities in text formats; Parquet holds them whole."""

Progress = Callable[[int, float], None]
"""Called with the number of rows done and the seconds since the start; first before any work."""


@dataclass(frozen=True, slots=True)
class StreamResult:
    """What was done: rows in the output, how many of them an earlier run had done, seconds."""

    rows: int
    resumed: int
    seconds: float


def tag_stream(
    tagger: Tagger, texts: Iterable[str], *, jobs: int = 1, window: int = WINDOW
) -> Iterator[TaggedSentence]:
    """Tags of texts in order, each text as one sentence; at most some windows are held at a time.

    With `jobs` above 1 that many processes share the work, with the same result to the last bit.
    Raises what `Tagger.tag_stream` raises, ValueError for jobs below 1 too, and WorkerDiedError
    where a text kills its process every time.
    """
    batches = tag_windows(tagger, in_windows(texts, window), jobs=jobs)
    return (tag for batch in batches for tag in batch)


def tag_windows(
    tagger: Tagger, windows: Iterable[list[str]], *, jobs: int = 1
) -> Iterator[TagBatch]:
    """The tags of each window, in order; ValueError for jobs that cannot be."""
    refuse_no_count(jobs=jobs)
    if jobs == 1:
        return map(tagger.tag_batch, windows)
    if not tagger.path:
        raise ValueError("only a saved model can be shared between processes: save it and load it")
    kept, sent = tee(windows)
    scores = score_in_processes(sent, jobs=jobs, path=tagger.path, engine=tagger.engine)
    return (tagger.batch_of(next(kept), probabilities) for probabilities in scores)


def tag_table(
    tagger: Tagger,
    source: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    column: str | None = "text",
    reading: Reading | None = None,
    jobs: int = 1,
    window: int = WINDOW,
    progress: Progress | None = None,
) -> StreamResult:
    """Tag the rows of a .parquet, .csv or .jsonl file, or the sentences of reports, into a table.

    Each row is one sentence, in `column`; `reading` says otherwise, and takes its place.
    The output (.parquet, .csv or .jsonl) has the columns of the input and those of the tags:
    labels and uncertain categories joined by ";", 0/1 and probability of each category, hashes of
    codebook and model; in .jsonl lists of keys, and probabilities by key. Work that was cut off
    goes on where it stopped when it is called again with the same input, model and options. Raises
    ReportError for a faulty input, a column that the tags would overwrite, and an output that
    another run is writing; ValueError for jobs or a window below 1, MissingExtraError for Parquet
    without pyarrow, OSError for a full disk.
    """
    start = time.perf_counter()
    refuse_no_count(jobs=jobs, window=window)
    how = reading or Reading(column)
    with begun(Path(output), _work(tagger, Path(source), how, window)) as parts:
        resumed = parts.rows
        if progress:
            progress(resumed, 0.0)
        kept, read = tee(read_windows(source, how, size=window, skip=parts.count))
        batches = tag_windows(tagger, (one.texts for one in read), jobs=jobs)
        for one, batch in zip(kept, batches, strict=True):
            parts.write(_columns(one, batch, Path(source), parts.kind), len(one))
            if progress:
                progress(parts.rows, time.perf_counter() - start)
        if not parts.count:
            raise ReportError("nothing to tag", file=source)
        parts.finish()
        return StreamResult(parts.rows, resumed, time.perf_counter() - start)


def show_progress(total: int | None = None) -> Progress:
    """A line on stderr that says rows, rate and time left; silent where stderr is no terminal.

    Rows that were done before the first call count as done, but not for the rate.
    """
    before: list[int] = []

    def show(rows: int, seconds: float) -> None:
        before[:] = before or [rows]
        rate = (rows - before[0]) / seconds if seconds else 0.0
        left = f", {max(total - rows, 0) / rate:,.0f} s left" if total and rate else ""
        print(f"\r{rows:,} rows, {rate:,.0f} a second{left}  ", end="", file=sys.stderr, flush=True)

    return show if sys.stderr.isatty() else lambda rows, seconds: None


def _work(tagger: Tagger, source: Path, reading: Reading, window: int) -> dict[str, Any]:
    """What must be the same for parts to be used again."""
    files = sorted(source.rglob("*")) if source.is_dir() else [source] if source.exists() else []
    stamps = [[str(f), f.stat().st_size, f.stat().st_mtime_ns] for f in files if f.is_file()]
    return {
        "source": str(source.resolve()),
        "files": hash_json(stamps),
        "reading": asdict(replace(reading, refused=None)),
        "window": window,
        "model": tagger.hash,
        "thresholds": tagger.thresholds,
    }


def _columns(window: Window, batch: TagBatch, source: Path, kind: str) -> dict[str, Any]:
    coding = batch.coding
    size = len(window)
    added = _nested(batch) if kind == ".jsonl" else _flat(batch, kind == ".csv")
    added["codebook"] = [coding.codebook] * size
    added["model"] = [coding.model] * size
    twice = [name for name in window.columns if name in added]
    if twice:
        raise ReportError(f"has columns of tags already: {', '.join(twice)}", file=source)
    return {**window.columns, **added}


def _flat(batch: TagBatch, rounded: bool) -> dict[str, Any]:
    """The tags as columns of a table."""
    keys = batch.coding.categories
    probabilities = batch.probabilities.round(DIGITS) if rounded else batch.probabilities
    found: dict[str, Any] = {
        "labels": joined_labels(batch.assigned, keys),
        "uncertain": joined_labels(batch.in_doubt, keys),
    }
    for k, key in enumerate(keys):
        found[key] = batch.assigned[:, k].astype(np.int8)
    for k, key in enumerate(keys):
        found[f"p_{key}"] = np.ascontiguousarray(probabilities[:, k])
    return found


def _nested(batch: TagBatch) -> dict[str, Any]:
    """The tags as `practicelib tag --format jsonl` has them, evidence left out."""
    keys = batch.coding.categories
    rows = batch.probabilities.round(DIGITS).tolist()
    return {
        "labels": [list(compress(keys, row)) for row in batch.assigned.tolist()],
        "probabilities": [dict(zip(keys, row, strict=True)) for row in rows],
        "uncertain": [list(compress(keys, row)) for row in batch.in_doubt.tolist()],
    }


def joined_labels(flags: NDArray[np.bool_], categories: tuple[str, ...]) -> list[str]:
    """Category keys joined by ";" for each row; few combinations are different."""
    packed = np.ascontiguousarray(np.packbits(flags, axis=1))
    rows = packed.view(f"S{packed.shape[1]}").ravel()
    _, first, codes = np.unique(rows, return_index=True, return_inverse=True)
    names = [";".join(compress(categories, row)) for row in flags[first].tolist()]
    return [names[code] for code in codes.tolist()]
