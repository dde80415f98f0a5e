"""The long campaigns of `make trust`: bad models, bad reports, kills, fuzz; prints one table.

    python benchmarks/trust.py [--kills 200] [--fuzz 600] [--write SECURITY.md]

"Survived" means: refused with the right error within the bounds, or left whole; "lost" is
everything else, and each is named under the table. The exit code is 1 where anything was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from practicelib.errors import ModelFileError  # noqa: E402
from practicelib.files.data import data_path  # noqa: E402
from practicelib.model.storage import load_tagger  # noqa: E402
from tests.trust import test_bad_reports, test_writes  # noqa: E402
from tests.trust.bad_models import BAD_MODELS  # noqa: E402
from tests.trust.bad_reports import READ  # noqa: E402
from tests.trust.meter import Cost, measured  # noqa: E402
from tests.trust.model_workshop import Workshop  # noqa: E402

MODEL_SECONDS, MODEL_MEGABYTES = 2.0, 200.0
REPORT_SECONDS, REPORT_MEGABYTES = 30.0, 400.0
FOUND = ROOT / "fuzz" / "found"
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


@dataclass(frozen=True)
class Row:
    """One campaign: how much was tried, what was lost, and a remark with its greatest costs."""

    name: str
    tried: int
    lost: tuple[str, ...]
    remark: str

    def markdown(self) -> str:
        """The row of the table."""
        survived = self.tried - len(self.lost)
        return f"| {self.name} | {self.tried:,} | {survived:,} | {len(self.lost)} | {self.remark} |"


def bad_models() -> Row:
    """Every spoiled copy of the shipped model is refused in time and memory."""
    tagger = load_tagger()
    text = data_path("models/default/model.json").read_text(encoding="utf-8")
    lost, costs = [], []
    for name, (spoil, _) in BAD_MODELS.items():
        with tempfile.TemporaryDirectory() as folder:
            spoil(Workshop(Path(folder), json.loads(text), tagger))
            said: list[str] = []
            cost = measured(lambda folder=folder, said=said: said.append(_opened(folder)))
        costs.append(cost)
        if said[0] or cost.seconds > MODEL_SECONDS or cost.megabytes > MODEL_MEGABYTES:
            lost.append(f"{name}: {said[0]} {cost}")
    return Row("spoiled models refused", len(BAD_MODELS), tuple(lost), _most(costs))


def _opened(folder: str) -> str:
    try:
        load_tagger(folder)
    except ModelFileError:
        return ""
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "opened"


def _most(costs: list[Cost]) -> str:
    seconds = max(cost.seconds for cost in costs)
    megabytes = max(cost.megabytes for cost in costs)
    return f"at most {seconds:.1f} s and {megabytes:.0f} MB each"


def bad_reports() -> Iterator[Row]:
    """Every bad report comes out as promised and the good one after it is read."""
    lost: dict[bool, list[str]] = {True: [], False: []}
    costs: dict[bool, list[Cost]] = {True: [], False: []}
    for name, (_, cause) in test_bad_reports.BAD_REPORTS.items():
        folder = Path(tempfile.mkdtemp())
        cost, fault = test_bad_reports.outcome(folder, name)
        shutil.rmtree(folder, ignore_errors=True)
        costs[cause == READ].append(cost)
        if fault or cost.seconds > REPORT_SECONDS or cost.megabytes > REPORT_MEGABYTES:
            lost[cause == READ].append(f"{name!r}: {fault} {cost}")
    for read, name in ((False, "bad reports refused in one line"), (True, "odd reports read")):
        yield Row(name, len(costs[read]), tuple(lost[read]), _most(costs[read]))


def kills(times: int) -> Iterator[Row]:
    """Processes killed while they save models and replace tables."""
    first = load_tagger(test_writes.GOLDEN)
    models = (first, first.with_thresholds(grid=0.9))
    with tempfile.TemporaryDirectory() as folder:
        saves = test_writes.kill_saves(Path(folder) / "model", models, times)
        tables = test_writes.kill_tables(Path(folder), times)
    with tempfile.TemporaryDirectory() as folder:
        reviews = test_writes.kill_together(Path(folder), times)
    with tempfile.TemporaryDirectory() as folder:
        streams = test_writes.kill_streams(Path(folder), first, times)
    whole = "the whole old or the whole new state"
    yield Row("kill -9 while saving a model", saves.tried, tuple(saves.lost), whole)
    yield Row("kill -9 while saving tables", tables.tried, tuple(tables.lost), whole)
    yield Row("kill -9 in a review", reviews.tried, tuple(reviews.lost), f"{whole} of all files")
    remark = f"{whole}; goes on to the same bytes"
    yield Row("kill -9 in a streamed run", streams.tried, tuple(streams.lost), remark)


def fuzz(seconds: int) -> Iterator[Row]:
    """Each fuzz target for that many processor seconds; 0 shows the figures of the last run."""
    targets = ["reader", "splitter", "model", "labels"]
    if seconds:
        script = str(ROOT / "fuzz" / "campaign.py")
        jobs = [subprocess.Popen([sys.executable, script, str(seconds), name]) for name in targets]
        for job in jobs:
            job.wait()
    for name in targets:
        file = FOUND / f"figures-{name}.json"
        if file.exists():
            figures = json.loads(file.read_text(encoding="utf-8"))
            remark = f"{figures['seconds'] / 60:.1f} CPU-minutes"
            yield Row(f"inputs to fuzz target {name}", figures["tried"],
                      tuple(figures["found"]), remark)  # fmt: skip


def table(rows: list[Row]) -> str:
    """The table in Markdown, with its date and what was lost."""
    today = datetime.now(UTC).date().isoformat()
    python = ".".join(map(str, sys.version_info[:3]))
    lines = [
        f"Run on {today}, Python {python}, {sys.platform}, {os.cpu_count()} cores.", "",
        "| What | Tried | Survived | Lost | |", "|---|--:|--:|--:|---|",
        *(row.markdown() for row in rows),
    ]  # fmt: skip
    lost = [f"- {row.name}: {one}" for row in rows for one in row.lost]
    return "\n".join([*lines, *(["", "Lost:", "", *lost] if lost else [])]) + "\n"


def main() -> None:
    """Run the campaigns, print the table, and put it into a file where one is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--fuzz", type=int, default=600, help="CPU seconds a target; 0: last run")
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    rows = [bad_models(), *bad_reports(), *kills(given.kills), *fuzz(given.fuzz)]
    text = table(rows)
    print(text)
    if given.write:
        before = given.write.read_text(encoding="utf-8")
        head, rest = before.split(BEGIN)
        tail = rest.split(END)[1]
        given.write.write_text(f"{head}{BEGIN}\n{text}{END}{tail}", encoding="utf-8")
    sys.exit(any(row.lost for row in rows))


if __name__ == "__main__":
    main()
