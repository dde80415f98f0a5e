"""Asks for known faults of the packages in locked sets, with pip-audit.

    python .ci/audit.py requirements.lock ...

The service that knows them cannot be reached from everywhere, and an index without it lets
pip-audit say "no known vulnerabilities" of packages that nobody looked up. So it is counted what
was looked up. The exit code is 1 where a fault is known, and 0 where nothing could be looked up,
which is said.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any


def pinned(lock: str) -> int:
    """Number of packages that a lock names."""
    return len(re.findall(r"^[A-Za-z0-9][\w.\-]*==", lock, re.MULTILINE))


def asked(lock: Path) -> list[dict[str, Any]]:
    """What pip-audit says of each package; nothing where it could not ask."""
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip"]
    done = subprocess.run(
        [*command, "--progress-spinner", "off", "--format", "json", "--requirement", str(lock)],
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout.strip():
        print(f"{lock}: pip-audit: {(done.stderr.strip().splitlines() or ['nothing'])[-1]}")
        return []
    packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    return packages


def verdict(name: str, size: int, packages: list[dict[str, Any]]) -> tuple[str, bool]:
    """One line on a lock of that size, faults named, and whether it may be used."""
    known = [package for package in packages if "skip_reason" not in package]
    if not known:
        return f"{name}: not reachable: none of {size} packages could be looked up", True
    bad = [p for p in known if p.get("vulns")]
    faults = [f"{p['name']} {p['version']}: {v['id']}" for p in bad for v in p["vulns"]]
    line = f"{name}: {len(known)} of {size} packages looked up, {len(faults)} known faults"
    return "\n  ".join([line, *faults]), not faults


def main() -> None:
    """Print a line for each lock; exit code 1 where a fault is known."""
    good = True
    for lock in map(Path, sys.argv[1:]):
        line, usable = verdict(lock.name, pinned(lock.read_text(encoding="utf-8")), asked(lock))
        print(line)
        good = good and usable
    sys.exit(not good)


if __name__ == "__main__":
    main()
