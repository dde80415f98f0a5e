"""A real cluster of two workers: the serial result, also where one of them is killed half-way."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from practicelib.errors import ReportError, WorkerDiedError
from practicelib.files.data import data_path
from practicelib.text.reading import read_reports

pytest.importorskip("distributed")
pandas = pytest.importorskip("pandas")
frames = pytest.importorskip("dask.dataframe")
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(os.name == "nt", reason="kill of POSIX"),
]

from distributed import Client, LocalCluster  # noqa: E402

from practicelib.workflows import dask as work  # noqa: E402
from practicelib.workflows.dask import tag_dask, tag_dask_files  # noqa: E402
from practicelib.workflows.frames import tag_frame  # noqa: E402
from tests.workflows.deadly import dies_always  # noqa: E402


@pytest.fixture(scope="module")
def frame() -> Any:
    reports = read_reports(data_path("labels/reports/seed.txt"))
    texts = [s.text for report in reports for s in report.sentences] * 8
    return pandas.DataFrame({"id": range(len(texts)), "text": texts})


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    found = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0")
    yield found
    # Dask may wait without end for a worker that was killed while it started again.
    with suppress(TimeoutError):
        found.close(timeout=30)


def assert_serial(found: Any, frame: Any) -> None:
    expected = tag_frame(frame)
    assert list(found.columns) == list(expected.columns)
    for name in expected.columns:
        assert found[name].tolist() == expected[name].tolist()


def test_frames(cluster: Any, frame: Any) -> None:
    """`tag_dask` gives what `tag_frame` gives, to the last bit, and computes nothing before."""
    lazy = tag_dask(frames.from_pandas(frame, npartitions=5))
    with Client(cluster):
        assert_serial(lazy.compute(), frame)


def kill_half_way(process: int, output: Path, seen: list[int]) -> None:
    """Kill a process as soon as something was written; `seen` gets the number of parts by then."""
    while not (parts := list(output.glob("part-*.parquet"))):
        time.sleep(0.005)
    seen.append(len(parts))
    os.kill(process, signal.SIGKILL)


def test_a_worker_is_killed_half_way(cluster: Any, frame: Any, tmp_path: Path) -> None:
    """The output is whole and equal to the serial one."""
    source, output = str(tmp_path / "in"), tmp_path / "out"
    frames.from_pandas(frame, npartitions=40).to_parquet(source, write_index=False)
    with Client(cluster) as client:
        process = next(iter(client.run(os.getpid).values()))
    seen: list[int] = []
    killer = threading.Thread(target=kill_half_way, args=(process, output, seen), daemon=True)
    killer.start()
    rows = tag_dask_files(source, str(output), scheduler=cluster.scheduler_address)
    killer.join()
    assert 0 < seen[0] < 40
    assert rows == len(frame)
    assert_serial(pandas.read_parquet(output), frame)


# Dask's own, which elsewhere stays in the workers' processes.
@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")
def test_any_path_that_fsspec_knows(frame: Any) -> None:
    """From and to a file system of memory, which the workers of one process share."""
    source, output = "memory://practicelib/in", "memory://practicelib/out"
    frames.from_pandas(frame.head(60), npartitions=3).to_parquet(source, write_index=False)
    with LocalCluster(
        n_workers=1, processes=False, dashboard_address="127.0.0.1:0", protocol="tcp"
    ) as threads:
        assert tag_dask_files(source, output, scheduler=threads.scheduler_address) == 60
    assert_serial(frames.read_parquet(output).compute(scheduler="sync"), frame.head(60))


def test_errors_are_named(cluster: Any, frame: Any, tmp_path: Path) -> None:
    source = str(tmp_path / "in.parquet")
    frame.head(3).to_parquet(source)
    address = cluster.scheduler_address
    with pytest.raises(ReportError, match="no column 'body'; there are id, text"):
        tag_dask_files(source, str(tmp_path / "out"), scheduler=address, column="body")
    with pytest.raises(ReportError):
        tag_dask_files(str(tmp_path / "none.parquet"), str(tmp_path / "out"), scheduler=address)
    with pytest.raises(ValueError, match="columns of tags already"):
        tag_frame(tag_frame(frame.head(3)))


def test_deadly_work_is_given_up(cluster: Any) -> None:
    """What kills every worker that takes it ends in an error, not in waiting."""
    with Client(cluster) as client:
        future = client.submit(dies_always, ["死"])
        with pytest.raises(WorkerDiedError, match="killed its worker every time"):
            work._wait(client, future, 60.0)


def test_no_worker_is_left() -> None:
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as empty,
        Client(empty) as client,
        pytest.raises(WorkerDiedError, match="no worker was left"),
    ):
        work._wait(client, client.submit(len, []), 0.5)
