"""A million sentences as a stream: memory and cost a sentence; then two processes beside one.

    python benchmarks/streaming.py [--sentences 1000000] > benchmarks/results/streaming.txt

Memory is the resident size of the process after a collection; cost is the thread's CPU time since
the mark before. Two processes are timed on the wall, in turn with one, five rounds.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import os
import time
from pathlib import Path

import numpy as np
from speed_text import sentences

import practicelib as pl
from practicelib.workflows.streams import tag_windows

MARKS = (10_000, 50_000, 100_000, 200_000, 400_000, 600_000, 800_000, 1_000_000)


def resident() -> float:
    """Resident memory of this process in MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def stream(tagger: pl.Tagger, lines: list[str], size: int) -> None:
    # Each sentence is a new string, as from a file.
    texts = (f"{line} " for line in itertools.islice(itertools.cycle(lines), size))
    tags = tagger.tag_stream(texts)
    last, done, base = time.thread_time(), 0, 0.0
    assigned = 0
    print(f"{'sentences':>12}{'MB resident':>14}{'microseconds a sentence':>26}")
    for mark in [mark for mark in MARKS if mark <= size]:
        for tag in itertools.islice(tags, mark - done):
            assigned += bool(tag.labels)
        now, memory = time.thread_time(), resident()
        base = memory if mark == 50_000 else base
        print(f"{mark:12,}{memory:14.1f}{(now - last) / (mark - done) * 1e6:26.2f}", flush=True)
        last, done = time.thread_time(), mark
    if base:
        print(f"growth after 50,000: {100 * (resident() / base - 1):.1f} %; {assigned:,} assigned")


def processes(tagger: pl.Tagger, lines: list[str], runs: int) -> None:
    windows = [lines[i : i + 8192] for i in range(0, len(lines), 8192)] * 4
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for number in range(runs + 1):
        for jobs in seconds:
            start = time.perf_counter()
            for _ in tag_windows(tagger, windows, jobs=jobs):
                pass
            if number:
                seconds[jobs].append(time.perf_counter() - start)
    ratio = np.array(seconds[1]) / np.array(seconds[2])
    print(
        f"two processes: {np.median(ratio):.2f} times one"
        f" ({ratio.min():.2f} to {ratio.max():.2f}); load of the machine"
        f" {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sentences", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    lines, origin = sentences()
    print(origin)
    tagger = pl.load_tagger().with_engine("compiled")
    stream(tagger, lines, options.sentences)
    processes(tagger, lines, options.runs)


if __name__ == "__main__":
    main()
