"""Tagging on a Dask cluster, partition by partition (extra `dask`).

Workers load the model by its path, which must be the same on all of them; without one they take
the model that is installed with the package.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from practicelib.errors import MissingExtraError, ReportError, WorkerDiedError
from practicelib.workflows.frames import tag_frame

if TYPE_CHECKING:
    import dask.dataframe as dd

PATIENCE = 60.0
"""Seconds without any worker after which the work is given up."""
_POLL = 0.5


def tag_dask(
    frame: dd.DataFrame, *, column: str = "text", model: str = "", engine: str = "auto"
) -> dd.DataFrame:
    """A Dask frame with the columns of `tag_frame` added to each partition; nothing is computed.

    Raises KeyError for a missing column and ValueError for columns of tags that are there already.
    """
    options = {"column": column, "model": model, "engine": engine}
    meta = tag_frame(frame._meta, **options)
    return frame.map_partitions(tag_frame, meta=meta, **options)


def tag_dask_files(
    source: str,
    output: str,
    *,
    scheduler: str,
    column: str = "text",
    model: str = "",
    patience: float = PATIENCE,
) -> int:
    """Tag Parquet files on a cluster, from and to any path that fsspec knows; returns the rows.

    `source` is a file, folder or pattern; `output` a folder, one file a partition, in the order of
    the input. `scheduler` is the address of the cluster. Raises MissingExtraError without dask,
    ReportError for an input that cannot be read or has no such column, and WorkerDiedError where
    the same partition keeps killing its worker or no worker is left for `patience` seconds.
    """
    try:
        import dask.dataframe as frames
        from dask.distributed import Client
    except ImportError as cause:
        raise MissingExtraError("a Dask cluster needs dask", extra="dask") from cause
    try:
        with Client(scheduler, timeout=patience) as client:
            tagged = tag_dask(_read(frames, source, column), column=column, model=model)
            written = tagged.to_parquet(
                output, write_index=False, compute=False, name_function=_file_name
            )
            _wait(client, client.compute(written), patience)
            rows = client.compute(
                frames.read_parquet(output, columns=["labels"]).map_partitions(len)
            )
            return int(sum(_wait(client, rows, patience)))
    except OSError as cause:
        raise ReportError(f"no scheduler or no such path: {cause}", file=source) from cause


def _file_name(number: int) -> str:
    # Names in the order of the partitions, whatever reads them.
    return f"part-{number:08d}.parquet"


def _read(frames: Any, source: str, column: str) -> Any:
    try:
        frame = frames.read_parquet(source)
    except (OSError, ValueError) as cause:
        raise ReportError(f"not Parquet: {cause}", file=source) from cause
    if column not in frame.columns:
        names = ", ".join(map(str, frame.columns))
        raise ReportError(f"no column {column!r}; there are {names}", file=source)
    return frame


def _wait(client: Any, future: Any, patience: float) -> Any:
    """The result of a future; an error instead of waiting for workers that never come back."""
    from distributed import KilledWorker

    alone_since: float | None = None
    while not future.done():
        workers = client.scheduler_info()["workers"]
        now = time.monotonic()
        alone_since = None if workers else alone_since or now
        if alone_since is not None and now - alone_since > patience:
            future.cancel()
            raise WorkerDiedError(f"no worker was left for {patience:.0f} seconds")
        time.sleep(_POLL)
    try:
        return future.result()
    except KilledWorker as cause:
        raise WorkerDiedError(f"a partition killed its worker every time: {cause}") from cause
