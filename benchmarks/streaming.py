"""A million sentences as a stream: memory and cost a sentence; then two processes beside one.

    python benchmarks/streaming.py [--runs 5] [--quick] > benchmarks/results/streaming.txt

Start-up (loading the model and its machine code) is paid before the first mark, on one window, and
left out. Memory is the resident size of the process after a collection; cost is the thread's CPU
time since the mark before, median over the rounds with least and most. Two processes are timed on
the wall, in turn with one, and so need a machine with two idle cores; beside it stands the ratio
that the CPU time of all processes allows on two cores, whatever else runs there.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import itertools
import os
import time
from pathlib import Path

import numpy as np
from speed_text import sentences

import practicelib as pl
from practicelib.workflows.streams import WINDOW, tag_windows

STEP = 5_000
MARKS = (10_000, 50_000, 100_000, 200_000, 400_000, 600_000, 800_000, 1_000_000)


def resident() -> float:
    """Resident memory of this process in MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def stream(tagger: pl.Tagger, lines: list[str], marks: list[int]) -> list[tuple[float, float]]:
    """Resident MB and microseconds a sentence at each mark, of one stream."""
    # Each sentence is a new string, as from a file.
    texts = (f"{line} " for line in itertools.islice(itertools.cycle(lines), marks[-1]))
    # Marks are whole windows: else one would pay for sentences that belong to the next.
    tags = tagger.tag_stream(texts, window=STEP)
    found: list[tuple[float, float]] = []
    done, assigned, last = 0, 0, time.thread_time()
    for mark in marks:
        for tag in itertools.islice(tags, mark - done):
            assigned += bool(tag.labels)
        cost = (time.thread_time() - last) / (mark - done) * 1e6
        found.append((resident(), cost))
        done, last = mark, time.thread_time()
    assert assigned
    return found


def streams(tagger: pl.Tagger, lines: list[str], size: int, runs: int) -> None:
    """Some streams one after the other; memory must not grow from one to the next either."""
    list(tagger.tag_stream(lines[:WINDOW]))
    marks = [mark for mark in MARKS if mark <= size]
    rounds = np.array([stream(tagger, lines, marks) for _ in range(runs)])
    print(f"{'sentences':>12}{'MB resident, first round':>26}{'microseconds a sentence':>30}")
    for place, mark in enumerate(marks):
        cost = rounds[:, place, 1]
        spread = f"{np.median(cost):.2f} ({cost.min():.2f} to {cost.max():.2f})"
        print(f"{mark:12,}{rounds[0, place, 0]:26.1f}{spread:>30}")
    base = rounds[0, marks.index(50_000), 0]
    growth, at_last = (100 * (memory / base - 1) for memory in rounds[[0, -1], -1, 0])
    print(
        f"resident memory after 50,000 sentences grows {growth:.1f} % by {marks[-1]:,},"
        f" {at_last:.1f} % by the end of round {runs}"
    )
    first, rest = rounds[:, 0, 1], rounds[:, 1:, 1].mean(axis=1)
    print(f"cost from 50,000 on, beside that of the first 10,000: {np.median(rest / first):.2f}")


def cpu_seconds() -> tuple[float, float]:
    """CPU seconds of this process, and of its children that still run."""
    own, children = os.getpid(), 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[1]) == own:
                children += int(fields[11]) + int(fields[12])
    return time.process_time(), children / os.sysconf("SC_CLK_TCK")


def processes(tagger: pl.Tagger, lines: list[str], repeats: int, runs: int) -> None:
    windows = [lines[i : i + WINDOW] for i in range(0, len(lines), WINDOW)] * repeats
    wall: dict[int, list[float]] = {1: [], 2: []}
    cpu: dict[int, list[float]] = {1: [], 2: []}
    for number in range(runs + 1):
        for jobs in wall:
            before, start = sum(cpu_seconds()), time.perf_counter()
            for _ in tag_windows(tagger, windows, jobs=jobs):
                pass
            # The first round starts the workers.
            if number:
                wall[jobs].append(time.perf_counter() - start)
                cpu[jobs].append(sum(cpu_seconds()) - before)
    ratio = np.array(wall[1]) / np.array(wall[2])
    allowed = 2 * np.array(cpu[1]) / np.array(cpu[2])
    print(
        f"two processes, {repeats * len(lines):,} sentences: {np.median(ratio):.2f} times one"
        f" ({ratio.min():.2f} to {ratio.max():.2f}) on the wall;"
        f" CPU time allows {np.median(allowed):.2f} ({allowed.min():.2f} to {allowed.max():.2f});"
        f" load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sentences", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="100,000 sentences, two rounds")
    options = parser.parse_args()
    size, runs, repeats = options.sentences, options.runs, 16
    if options.quick:
        size, runs, repeats = 100_000, 2, 4
    lines, origin = sentences()
    print(f"{origin}; {runs} runs")
    tagger = pl.load_tagger().with_engine("compiled")
    streams(tagger, lines, size, runs)
    processes(tagger, lines, repeats, runs)


if __name__ == "__main__":
    main()
