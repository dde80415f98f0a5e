"""Runs fuzz targets for a given processor time each, starting again after everything found.

    python fuzz/campaign.py 600 reader splitter model labels

Prints, and keeps in `fuzz/found/figures-*.json`, per target: processor seconds, inputs tried, and
the last line of the error of each different thing found.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOUND = HERE / "found"
_DONE = re.compile(r"^#(\d+)\s", re.MULTILINE)
_ROUND = 60


def run(target: str, seconds: int) -> dict[str, object]:
    """One target until its children have used that many processor seconds."""
    tried, found = 0, set[str]()
    used, last = 0.0, _used()
    while used < seconds:
        options = [f"-max_total_time={_ROUND}", "-print_final_stats=1", "-verbosity=1"]
        done = subprocess.run(
            [sys.executable, str(HERE / "run.py"), target, *options],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        used, last = used + _used() - last, _used()
        tried += max(map(int, _DONE.findall(done.stdout + done.stderr)), default=0)
        if done.returncode:
            found.add(_cause(done.stdout + done.stderr))
        keep(target, {"seconds": round(used), "tried": tried, "found": sorted(found)})
    return {"seconds": round(used), "tried": tried, "found": sorted(found)}


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _cause(output: str) -> str:
    """Where the error arose and what it says; libFuzzer's own word for a hang or an overflow."""
    error = output.partition("Uncaught Python exception")[2]
    if error:
        place = re.findall(r'File "([^"]+)", line (\d+)', error)[-1:]
        said = error.strip().splitlines()[1]
        return f"{said} ({Path(place[0][0]).name}:{place[0][1]})" if place else said
    return next((x for x in output.splitlines() if x.startswith("SUMMARY")), output[-200:])


def keep(target: str, figures: dict[str, object]) -> None:
    """Note the figures of a target beside those of the others."""
    FOUND.mkdir(exist_ok=True)
    file = FOUND / f"figures-{target}.json"
    file.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")


def main() -> None:
    """Run the targets named, one after the other, at the lowest priority."""
    os.nice(19)
    seconds, *targets = sys.argv[1:]
    for target in targets:
        figures = run(target, int(seconds))
        print(target, json.dumps(figures, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
