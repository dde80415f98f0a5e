"""The segmentation is private: no cache, thread, process or other dictionary changes a cut."""

from __future__ import annotations

import marshal
import multiprocessing
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from practicelib.errors import CodebookError
from practicelib.files.data import data_path
from practicelib.model.storage import load_tagger
from practicelib.model.tagger import Tagger
from practicelib.text.words import Segmenter, WordTable, build_word_table, read_domain_words

TEXT = "街道党工委发动楼栋长和网格员，把老旧小区的配电网格一次理清。"
WORDS = ("街道党工委", "楼栋长和网格员", "老旧小区的配电")


@pytest.fixture(scope="module")
def plain() -> WordTable:
    """jieba's dictionary alone."""
    return build_word_table()


@pytest.fixture(scope="module")
def special() -> WordTable:
    """The same with words that change the cuts of TEXT."""
    return build_word_table(WORDS)


def cuts(table: WordTable) -> list[str]:
    """TEXT in pieces."""
    return [TEXT[a:b] for a, b in Segmenter(table).cut(TEXT)]


def _plant(folder: Path) -> Path:
    """A cache of jieba's as another user could leave it: with it 街道/党工委 is cut elsewhere."""
    words = {word[:end]: 0 for word in ("街道党工", "委") for end in range(1, len(word))}
    cache = folder / "jieba.cache"
    cache.write_bytes(marshal.dumps(({**words, "街道党工": 10**7, "委": 10**6}, 2 * 10**7)))
    return cache


def _python(code: str, **environment: str) -> str:
    """Output of a fresh interpreter in which every warning is an error."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout.strip()


CUT = (
    "from practicelib.text.words import *\n"
    f"t = build_word_table()\ntext = {TEXT!r}\n"
    "print('/'.join(text[a:b] for a, b in Segmenter(t).cut(text)))\n"
)
TAG = (
    "from practicelib.model.storage import load_tagger\nimport sys\n"
    f"print(load_tagger().predict_proba([{TEXT!r}]).round(12).tolist())\n"
    "assert 'jieba' not in sys.modules and 'sklearn' not in sys.modules\n"
)


def test_a_planted_cache_is_neither_read_nor_written(
    tmp_path: Path, plain: WordTable, tagger: Tagger
) -> None:
    """In the temporary folder of the process lies jieba's cache, and nothing comes of it."""
    cache = _plant(tmp_path)
    content, at = cache.read_bytes(), cache.stat().st_mtime_ns
    places = {name: str(tmp_path) for name in ("TMPDIR", "TEMP", "TMP")}
    assert _python(CUT, **places).split("/") == cuts(plain)
    said = _python(TAG, PRACTICELIB_CACHE=str(tmp_path / "own"), **places)
    assert said == str(tagger.predict_proba([TEXT]).round(12).tolist())
    assert (cache.read_bytes(), cache.stat().st_mtime_ns) == (content, at)
    assert {path.name for path in tmp_path.iterdir()} <= {"jieba.cache", "own"}


def test_the_plant_would_work_on_jieba_itself(tmp_path: Path, plain: WordTable) -> None:
    """The cache above is no dud: jieba's shared tokenizer takes it, and cuts otherwise."""
    _plant(tmp_path)
    code = f"import jieba; print('/'.join(jieba.cut({TEXT!r})))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        check=True,
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        timeout=120,
    )
    assert done.stdout.decode("utf-8").strip().split("/") != cuts(plain)


def test_clean_under_warnings_as_errors(tmp_path: Path, plain: WordTable) -> None:
    """Also where jieba is compiled afresh, whose old escape sequences Python warns of."""
    assert _python(CUT, PYTHONPYCACHEPREFIX=str(tmp_path)).split("/") == cuts(plain)


def test_the_command_line_is_clean_under_warnings_as_errors(seed_path: Path) -> None:
    """A whole report through `practicelib tag`, no warning raised or printed."""
    code = (
        "from practicelib.cli.main import main\n"
        f"main(['tag', {str(seed_path)!r}, '--format', 'jsonl'])\n"
    )
    assert len(_python(code).splitlines()) > 100


def test_the_shared_tokenizer_is_never_started(plain: WordTable) -> None:
    """`jieba.dt` stays as it was imported."""
    code = CUT + "import jieba\nprint(jieba.dt.initialized, len(jieba.dt.FREQ))\n"
    assert _python(code).splitlines()[1] == "False 0"


def test_two_dictionaries_in_one_process(plain: WordTable, special: WordTable) -> None:
    """Each cuts by its own, in whatever order they were made and used."""
    first, second = cuts(plain), cuts(special)
    assert first != second
    assert all(word in second for word in WORDS)
    assert (cuts(special), cuts(plain)) == (second, first)
    assert cuts(build_word_table()) == first


def test_words_do_not_leak_from_jieba(plain: WordTable) -> None:
    """Words that other code adds to or deletes from jieba are not seen here."""
    code = (
        "import warnings\nwith warnings.catch_warnings():\n"
        "    warnings.simplefilter('ignore')\n    import jieba\n"
        "jieba.setLogLevel(60)\n"
        "jieba.add_word('网格员，把')\njieba.del_word('街道')\njieba.add_word('街道党工', 10**7)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        assert _python(code + CUT, TMPDIR=folder).split("/") == cuts(plain)


def test_eight_threads(plain: WordTable, special: WordTable, tagger: Tagger) -> None:
    """Eight threads on shared taggers give what one gives."""
    texts = [TEXT, "社区居民议事会协商停车难题。", "结对共建单位送来图书。"] * 20
    expected = tagger.predict_proba(texts).tolist()
    pairs = (cuts(plain), cuts(special))
    tables = (plain, special)

    def work(number: int) -> bool:
        same = tagger.predict_proba(texts).tolist() == expected
        return same and all(cuts(tables[number % 2]) == pairs[number % 2] for _ in range(20))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(16)))


def test_two_taggers_in_one_process(tagger: Tagger, special: WordTable) -> None:
    """The same model with another dictionary says something else, and neither moves the other."""
    features = replace(tagger.parameters.features, table=special)
    other = Tagger(replace(tagger.parameters, features=features))
    texts = [TEXT, "街道党工委召集楼栋长和网格员开会。"]
    expected = [each.predict_proba(texts).tolist() for each in (tagger, other)]
    assert expected[0] != expected[1]

    def work(number: int) -> bool:
        each = (tagger, other)[number % 2]
        return all(each.predict_proba(texts).tolist() == expected[number % 2] for _ in range(10))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(16)))
    alone = [Tagger(each.parameters).predict_proba(texts).tolist() for each in (other, tagger)]
    assert alone == expected[::-1]


def test_eight_threads_build_at_once(plain: WordTable) -> None:
    """First use from several threads at the same time."""
    with ThreadPoolExecutor(8) as pool:
        tables = list(pool.map(lambda n: build_word_table(WORDS if n % 2 else ()), range(4)))
    assert cuts(tables[0]) == cuts(tables[2]) == cuts(plain)
    assert cuts(tables[1]) == cuts(tables[3]) != cuts(plain)


def probabilities(_: int = 0) -> list[list[float]]:
    """What a worker process finds with the model it loads itself."""
    found: list[list[float]] = load_tagger().predict_proba([TEXT]).tolist()
    return found


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_processes(method: str, tagger: Tagger) -> None:
    """Forked and spawned processes find the same to the last bit."""
    expected = tagger.predict_proba([TEXT]).tolist()
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(probabilities, range(4)) == [expected] * 4


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("坏 行 x y\n", [1]),
        ("好词语\n词\n", [2]),
        ("词" * 13 + "\n", [1]),
        ("词语 100000\n", [1]),
        ("词语\n词语\n", [2]),
        ("../../etc\n<b>\n", [1, 2]),
        ("词\u202e语\n词\u200b语\n", [1, 2]),
        ("ＡＢ\n", [1]),
    ],
)
def test_dictionaries_are_validated(tmp_path: Path, content: str, lines: list[int]) -> None:
    """Whatever is not one word a line is named with its line."""
    file = tmp_path / "words.txt"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CodebookError) as caught:
        read_domain_words(file)
    assert [fault.line for fault in caught.value.faults] == lines


def test_the_table_of_a_model_is_frozen(tagger: Tagger) -> None:
    """A loaded segmentation table cannot be changed, and holds the dictionary it was made with."""
    table = tagger.parameters.features.table
    with pytest.raises(AttributeError):
        table.words = ()  # type: ignore[misc]
    assert isinstance(table.words, tuple)
    assert set(read_domain_words(data_path("labels/dictionary.txt"))) <= set(table.words)
