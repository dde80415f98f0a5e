"""Whatever ends a write - kill -9, a full disk, a read-only folder -, the files stay whole."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from practicelib.errors import LabelError, PracticeError
from practicelib.files.atomic import write_text
from practicelib.files.tables import csv_text, jsonl_text, read_csv, read_jsonl, write_csv
from practicelib.files.together import PENDING, complete, write_together
from practicelib.model.storage import load_tagger, save_tagger
from practicelib.model.tagger import Tagger
from practicelib.workflows.streams import tag_table
from tests.trust.kills import Tally, in_child, killed

GOLDEN = Path(__file__).parents[1] / "golden" / "format-2"
KILLS = int(os.environ.get("TRUST_KILLS", "12"))
NOBODY = 65534


@pytest.fixture(scope="module")
def models() -> tuple[Tagger, Tagger]:
    """Two small models that differ."""
    first = load_tagger(GOLDEN)
    return first, first.with_thresholds(grid=0.9)


def kill_saves(folder: Path, models: tuple[Tagger, Tagger], times: int) -> Tally:
    """Two models are saved in turn into one folder; after each kill one of them must open."""
    save_tagger(models[0], folder)
    thresholds = [model.thresholds for model in models]

    def check() -> None:
        assert load_tagger(folder).thresholds in thresholds

    tally = killed(lambda n: save_tagger(models[n % 2], folder), check, times=times, span=0.02)
    save_tagger(models[0], folder)
    left = [path.name for path in folder.iterdir() if path.suffix == ".tmp"]
    return Tally(tally.tried, [*tally.lost, *left])


def kill_tables(folder: Path, times: int) -> Tally:
    """A coding table and a JSONL file are replaced in turn; both must be of one writing."""
    rows = [[[f"s{i}", "coder", "共建" * n] for i in range(400)] for n in (1, 30)]
    csv_file, jsonl_file = folder / "codings.csv", folder / "tags.jsonl"

    def write(number: int) -> None:
        write_csv(csv_file, ["sentence", "coder", "labels"], rows[number % 2])
        write_text(jsonl_file, jsonl_text({"row": row} for row in rows[number % 2]))

    def check() -> None:
        found = [list(row.values()) for _, row in read_csv(csv_file)]
        assert found in rows
        assert [row["row"] for _, row in read_jsonl(jsonl_file)] in rows

    write(0)
    return killed(write, check, times=times, span=0.02)


def kill_together(folder: Path, times: int) -> Tally:
    """Three files change as one, as a review's do; after a kill all are of the same writing."""
    names = ("sentences/suggested.csv", "codings/wang.csv", "decisions.csv")

    def write(number: int) -> None:
        write_together(folder, {name: f"{number % 2}".encode() * 20_000 for name in names})

    def check() -> None:
        complete(folder)
        assert len({(folder / name).read_bytes() for name in names}) == 1
        assert len((folder / names[0]).read_bytes()) == 20_000

    write(0)
    tally = killed(write, check, times=times, span=0.02)
    write(0)
    left = [path.name for path in folder.iterdir() if path.name.startswith(PENDING)]
    return Tally(tally.tried, [*tally.lost, *left])


def test_reviews_survive_kills(tmp_path: Path) -> None:
    """All files of the old state or all of the new one."""
    tally = kill_together(tmp_path, KILLS)
    assert (tally.tried, tally.lost) == (KILLS, [])


@pytest.mark.parametrize("content", ['["../outside.csv"]', '["/tmp/outside.csv"]', "{", "[1]"])
def test_a_planted_change_is_refused(tmp_path: Path, content: str) -> None:
    """A label folder from elsewhere cannot have files written outside of it."""
    folder = tmp_path / "labels"
    (folder / PENDING).mkdir(parents=True)
    (folder / PENDING / "list.json").write_text(content)
    (folder / PENDING / "0").write_text("x")
    with pytest.raises(LabelError, match="change that"):
        complete(folder)
    assert not (tmp_path / "outside.csv").exists()


def kill_streams(folder: Path, first: Tagger, times: int) -> Tally:
    """A table is tagged in windows by two models in turn; after a kill the work goes on."""
    models = (first, first.with_thresholds(joint=0.001, grid=0.999))
    source, output = folder / "source.csv", folder / "tags.csv"
    text = "网格员与村民结对共建，办好实事。"
    write_csv(source, ["text"], [[text[n % 7 :]] for n in range(120)])
    whole = []
    for model in models:
        tag_table(model, source, output, window=10)
        whole.append(output.read_bytes())
    assert whole[0] != whole[1]

    def check() -> None:
        assert output.read_bytes() in whole
        tag_table(models[0], source, output, window=10)
        assert output.read_bytes() == whole[0]
        assert sorted(path.name for path in folder.iterdir()) == ["source.csv", "tags.csv"]

    def write(number: int) -> None:
        tag_table(models[(number + 1) % 2], source, output, window=10)

    return killed(write, check, times=times, span=0.1)


def test_streams_survive_kills(tmp_path: Path, models: tuple[Tagger, Tagger]) -> None:
    """The whole old or the whole new output, and the work goes on to the same end."""
    tally = kill_streams(tmp_path, models[0], KILLS)
    assert (tally.tried, tally.lost) == (KILLS, [])


def test_saves_survive_kills(tmp_path: Path, models: tuple[Tagger, Tagger]) -> None:
    """The whole old or the whole new model, after every kill."""
    tally = kill_saves(tmp_path / "model", models, KILLS)
    assert (tally.tried, tally.lost) == (KILLS, [])


def test_tables_survive_kills(tmp_path: Path) -> None:
    """The whole old or the whole new table, after every kill."""
    tally = kill_tables(tmp_path, KILLS)
    assert (tally.tried, tally.lost) == (KILLS, [])


def test_the_campaign_notices_torn_files(tmp_path: Path) -> None:
    """A plain write in place is caught by the same campaign, or it would prove nothing."""
    file, content = tmp_path / "a.txt", ["x" * 20_000_000, "y" * 20_000_000]
    file.write_text(content[0])

    def check() -> None:
        assert file.read_text() in content

    tally = killed(lambda n: file.write_text(content[n % 2]), check, times=8, span=0.02)
    assert tally.lost


def test_readers_see_whole_models(tmp_path: Path, models: tuple[Tagger, Tagger]) -> None:
    """Opened again and again while another process saves."""
    save_tagger(models[0], tmp_path)
    thresholds = [model.thresholds for model in models]

    def read() -> None:
        for _ in range(20):
            assert load_tagger(tmp_path).thresholds in thresholds

    writer = os.fork()
    if writer == 0:
        for number in range(10**9):
            save_tagger(models[number % 2], tmp_path)
    try:
        read()
    finally:
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)


def test_two_writers(tmp_path: Path, models: tuple[Tagger, Tagger]) -> None:
    """Two processes save at once; one whole model stands there in the end."""
    save_tagger(models[0], tmp_path)

    def save(number: int) -> Callable[[], object]:
        return lambda: [save_tagger(models[(n + number) % 2], tmp_path) for n in range(15)][-1].name

    writer = os.fork()
    if writer == 0:
        save(0)()
        os._exit(0)
    save(1)()
    assert os.waitpid(writer, 0)[1] == 0
    assert load_tagger(tmp_path).thresholds in [model.thresholds for model in models]
    assert len(list(tmp_path.glob("arrays-*.npz"))) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 300 kB; where none may be mounted, the test of file sizes stands in."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)]
    mount = shutil.which("mount")
    if not mount or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no small file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_full_disk(small_disk: Path, models: tuple[Tagger, Tagger]) -> None:
    """The error says what is full, the old model opens, nothing is left behind."""
    model = small_disk / "model"
    save_tagger(models[0], model)
    before = {p.name: p.read_bytes() for p in model.iterdir()}
    filler = os.open(small_disk / "filler", os.O_WRONLY | os.O_CREAT)
    with pytest.raises(OSError, match="No space"):
        while True:
            os.write(filler, bytes(4096))
    os.close(filler)
    with pytest.raises(OSError, match="No space"):
        save_tagger(models[1].with_thresholds(joint=0.7), model)
    assert {p.name: p.read_bytes() for p in model.iterdir()} == before
    assert load_tagger(model).thresholds == models[0].thresholds
    table = model / "table.csv"
    with pytest.raises(OSError, match="No space"):
        write_csv(table, ["a"], [["长" * 10_000]])
    assert not table.exists()


def test_limit_of_file_size(tmp_path: Path, models: tuple[Tagger, Tagger]) -> None:
    """A write that stops half way (here at 20 kB) leaves the old model, without a trace."""
    save_tagger(models[0], tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())

    def limited() -> object:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        return save_tagger(models[1].with_thresholds(joint=0.7), tmp_path)

    said = in_child(limited)
    assert said.startswith("OSError") and "too large" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert load_tagger(tmp_path).thresholds == models[0].thresholds


def test_read_only_folder(tmp_path: Path, models: tuple[Tagger, Tagger]) -> None:
    """The error names the folder; the model in it still opens."""
    # pytest's own folders, deeper where tests run side by side, are closed to other users.
    for place in (tmp_path, *tmp_path.parents):
        if place.name.startswith(("pytest-", "popen-", "test_")):
            place.chmod(0o755)
    folder = tmp_path / "model"
    save_tagger(models[0], folder)
    for file in folder.iterdir():
        file.chmod(0o644)
    folder.chmod(0o555)
    try:
        said = in_child(lambda: save_tagger(models[1], folder), user=NOBODY)
        assert said.startswith("PermissionError") and str(folder) in said
        said = in_child(lambda: write_csv(folder / "a.csv", ["a"], []), user=NOBODY)
        assert said.startswith("PermissionError") and str(folder) in said
        assert in_child(lambda: load_tagger(folder).thresholds, user=NOBODY) == str(
            models[0].thresholds
        )
    finally:
        folder.chmod(0o755)


def test_the_command_line_says_it_in_one_line(tmp_path: Path, seed_path: Path) -> None:
    """`-o` into a place that cannot be written: one line, exit code 1, no traceback."""
    target = tmp_path / "file" / "out.csv"
    (tmp_path / "file").write_text("not a folder")
    done = subprocess.run(
        [sys.executable, "-m", "practicelib", "tag", str(seed_path), "-o", str(target)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and "practicelib: " in done.stderr


def test_interrupted_writes_are_no_practice_errors() -> None:
    """The system's own error is passed on: callers can tell a full disk from a bad file."""
    assert not issubclass(PracticeError, OSError)
    assert csv_text(["a"], []) == "a\r\n"
