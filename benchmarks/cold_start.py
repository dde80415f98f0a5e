"""`practicelib tag` of one report from a cold start, beside scikit-learn + jieba by joblib.load.

    python benchmarks/cold_start.py [--runs 5] [--quick] > benchmarks/results/cold_start.txt

Both read the same report and write CSV, each in a process of its own, in turn. "First ever" starts
with empty caches (ours, and jieba's in the temporary folder); "again" is the next start. Wall
seconds and the CPU seconds of the process, median with least and most.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import jieba_words
import joblib
import numpy as np
from speed_text import sentences, sklearn_pipeline

PEER = """
import csv, sys, joblib
model = joblib.load(sys.argv[1])
lines = open(sys.argv[2], encoding="utf-8").read().splitlines()
found = model.predict_proba(lines)
with open(sys.argv[3], "w", encoding="utf-8-sig", newline="") as stream:
    csv.writer(stream).writerows([text, *row] for text, row in zip(lines, found))
"""


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall and CPU seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="two runs")
    options = parser.parse_args()
    runs = 2 if options.quick else options.runs
    lines, origin = sentences()
    found: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model, report = folder / "peer.joblib", folder / "report.txt"
        joblib.dump(sklearn_pipeline(jieba_words.cut), model)
        report.write_text("\n".join(lines[:300]), encoding="utf-8")
        commands = {
            "practicelib tag": [
                str(Path(sys.executable).with_name("practicelib")), "tag", str(report),
                "-o", str(folder / "ours.csv"),
            ],
            "scikit-learn + jieba": [
                sys.executable, "-c", PEER, str(model), str(report), str(folder / "peer.csv"),
            ],
            "practicelib --help": [
                str(Path(sys.executable).with_name("practicelib")), "--help",
            ],
        }  # fmt: skip
        for number in range(runs):
            caches = folder / f"caches-{number}"
            caches.mkdir(mode=0o700)
            environment = {
                **os.environ, "PRACTICELIB_CACHE": str(caches), "TMPDIR": str(caches),
                "PYTHONPATH": str(Path(__file__).parent),
            }  # fmt: skip
            for when in ("first ever", "again"):
                for title, command in commands.items():
                    found.setdefault(f"{title}, {when}", []).append(timed(command, environment))
    print(f"300 sentences of {origin}; {runs} runs")
    print(f"{'':36}{'wall s':>26}{'CPU s':>26}")
    for title, pairs in found.items():
        cells = [
            f"{np.median(column):.2f} ({min(column):.2f} to {max(column):.2f})"
            for column in zip(*pairs, strict=True)
        ]
        print(f"{title:36}{cells[0]:>26}{cells[1]:>26}")
    for when in ("first ever", "again"):
        ours, peer = (
            np.array(found[f"{title}, {when}"])
            for title in ("practicelib tag", "scikit-learn + jieba")
        )
        ratio = ours / peer
        print(
            f"ours / peer, {when}: wall {np.median(ratio[:, 0]):.2f}"
            f" ({ratio[:, 0].min():.2f} to {ratio[:, 0].max():.2f}),"
            f" CPU {np.median(ratio[:, 1]):.2f}"
            f" ({ratio[:, 1].min():.2f} to {ratio[:, 1].max():.2f})"
        )


if __name__ == "__main__":
    main()
