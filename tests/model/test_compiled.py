"""The compiled engine against the pure one: the same decision values to the last bit."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from practicelib.codebook.matcher import Matcher, pattern_fault
from practicelib.model.classifier import MechanismClassifier
from practicelib.model.parameters import FeatureParameters, ModelParameters
from practicelib.model.scoring import Scorer
from practicelib.model.tagger import Tagger
from practicelib.records.codebook import Category, Codebook, Pattern
from practicelib.text.reading import read_reports
from practicelib.text.words import WordTable
from tests.codebook.strategies import CLASS_WORDS, CLASSES, PATTERNS, TEXTS
from tests.strategies import report_texts, sentences

pytest.importorskip("numba")

from practicelib.model.compiled.engine import CompiledModel, compile_model
from practicelib.model.compiled.stored import read_tables, write_tables

CONFORMANCE = Path(__file__).parents[2] / "labels" / "patterns-conformance.jsonl"
CASES = [json.loads(line) for line in CONFORMANCE.read_text(encoding="utf-8").splitlines()]
WORDS = {
    "居民": 90,
    "村民": 70,
    "议事": 50,
    "议事会": 9,
    "民会": 3,
    "居": 5,
    "会": 400,
    "a股": 2,
    "ab": 4,
}
TERMS = ("居民", "居民 议事会", "议事会", "ab", "会 会", "会", "ab 会", "稀", "稀 会")
GRAMS = ("居民", "民议", "议事会", "会会", "会", "ab", "事会村民")


def parameters(codebook: Codebook, seed: int = 0) -> ModelParameters:
    """A model of few words with random numbers, (K, F) coefficients."""
    random = np.random.default_rng(seed)
    features = FeatureParameters(
        WordTable(tuple(WORDS), tuple(WORDS.values())),
        TERMS,
        random.uniform(1.0, 5.0, len(TERMS)),
        GRAMS,
        random.uniform(1.0, 5.0, len(GRAMS)),
        (1, 3),
        word_scale=0.8,
        character_scale=1.3,
    )
    k = len(codebook.categories)
    size = len(TERMS) + len(GRAMS) + sum(len(c.patterns) for c in codebook.categories)
    ones = np.ones(k)
    band = np.stack([0.4 * ones, 0.6 * ones], axis=1)
    coefficients = random.normal(size=(k, size))
    return ModelParameters(codebook, features, coefficients, ones, ones, ones, 0.5 * ones, band)


def book(*sources: str, masks: tuple[str, ...] = (), classes: Any = None) -> Codebook:
    one = Category("one", "一", "One", patterns=tuple(Pattern(s) for s in sources))
    return Codebook(
        "1",
        (one, Category("two", "二", "Two")),
        classes=tuple((classes or {}).items()),
        masks=tuple(Pattern(mask) for mask in masks),
    )


def assert_same(model: ModelParameters, texts: list[str]) -> None:
    compiled = compile_model(model, Matcher(model.codebook)).decisions(texts)
    assert np.array_equal(compiled, Scorer(model).decisions(texts, "pure"))


@pytest.fixture(scope="module")
def compiled(tagger: Tagger) -> Tagger:
    return tagger.with_engine("compiled")


def assert_same_tags(tagger: Tagger, compiled: Tagger, texts: list[str]) -> None:
    pure = tagger.with_engine("pure")
    expected, found = pure.tag_batch(texts), compiled.tag_batch(texts)
    assert np.abs(found.probabilities - expected.probabilities).max(initial=0.0) < 1e-9
    assert np.array_equal(found.assigned, expected.assigned)
    assert np.array_equal(found.in_doubt, expected.in_doubt)
    # More than is promised; it keeps the engines exchangeable in the midst of a job.
    assert np.array_equal(compiled.decision_function(texts), pure.decision_function(texts))


def test_seed(tagger: Tagger, compiled: Tagger, seed_path: Path) -> None:
    texts = [s.text for report in read_reports(seed_path) for s in report.sentences]
    assert_same_tags(tagger, compiled, texts)


def test_real_sentences(tagger: Tagger, compiled: Tagger, dev: list[dict[str, Any]]) -> None:
    assert_same_tags(tagger, compiled, [row["text"] for row in dev])


@settings(max_examples=300)
@given(text=st.one_of(sentences(), report_texts(), st.text(max_size=40)))
def test_any_text(tagger: Tagger, compiled: Tagger, text: str) -> None:
    assert_same_tags(tagger, compiled, [text])


@given(texts=st.lists(sentences(), max_size=8))
def test_batches_change_nothing(compiled: Tagger, texts: list[str]) -> None:
    alone = [compiled.decision_function([text])[0] for text in texts]
    assert np.array_equal(compiled.decision_function(texts), np.array(alone).reshape(-1, 4))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "　 \u200b\t",
        "ＡＰＰ与T恤、3.5%的5G+网格化",
        "ab ab会abab会",
        "İΣſK",
        "\ud800居民\udfff",
        "社區居民議事會討論了網格員的任務。",
        "她的穿著很樸素，居民穿着整齐。",
        "居民" * 3000,
        "𠀀𠮷居民🙂议事会",
    ],
)
def test_odd_texts(tagger: Tagger, compiled: Tagger, text: str) -> None:
    assert_same_tags(tagger, compiled, [text, "议事会", text])


@pytest.mark.parametrize("case", CASES, ids=[f"{n}" for n in range(1, len(CASES) + 1)])
def test_conformance_file(case: dict[str, Any]) -> None:
    """The compiled engine finds a pattern exactly where the file says that it stands."""
    classes = {name: tuple(words) for name, words in case.get("classes", {}).items()}
    codebook = book(case["pattern"], masks=tuple(case.get("masks", ())), classes=classes)
    model = parameters(codebook)
    model.coefficients[:] = 0.0
    model.coefficients[0, -1] = 1.0
    found = compile_model(model, Matcher(codebook)).decisions([case["text"]])
    assert found[0].tolist() == [1.0 + model.features.pattern_scale * bool(case["spans"]), 1.0]


@settings(max_examples=150)
@given(PATTERNS, PATTERNS, PATTERNS, st.lists(TEXTS, max_size=4))
def test_any_pattern(first: str, second: str, mask: str, texts: list[str]) -> None:
    for source in (first, second, mask):
        assume(not pattern_fault(source, CLASS_WORDS))
    assert_same(parameters(book(first, second, masks=(mask,), classes=CLASSES)), texts)


@settings(max_examples=150)
@given(
    st.lists(st.text("居民村会议事稀ab股1.，Ａ著　", max_size=40), max_size=5),
    st.integers(0, 1000),
)
def test_any_numbers(texts: list[str], seed: int) -> None:
    assert_same(parameters(book("居民…3会", "ab"), seed), texts)


def test_no_patterns_and_many_places() -> None:
    """A codebook without patterns, and a text with more pattern places than there is room for."""
    assert_same(parameters(book()), ["居民议事会", ""])
    many = book(*(f"(居|居民|居居){end}" for end in ("", "…2民", "…9居", "!(村)")))
    assert_same(parameters(many), ["居" * 2000 + "村居民", "居"])


def test_longer_words_than_there_is_room_for() -> None:
    """A word of 32 characters; the room is made larger, before and behind other texts."""
    long = "居民议事" * 8
    assert_same(
        parameters(book(long, f"{long[:15]}…3会")), ["会", long + "会", long[:20] + "会", "居"]
    )


@pytest.mark.parametrize("k", [1, 3, 4, 5, 9])
def test_any_number_of_categories(k: int) -> None:
    """Shares are added up some categories at a time."""
    one = Category("c0", "零", "Zero", patterns=(Pattern("居民…3会"), Pattern("议事会")))
    others = (Category(f"c{n}", str(n), str(n)) for n in range(1, k))
    model = parameters(Codebook("1", (one, *others)), seed=k)
    assert_same(model, ["居民议事会", "居民居民居民会会", "", "稀会ab居民，村民议事会" * 30])


def test_texts_that_are_gathered() -> None:
    """Short texts are scored some at a time; what one holds does not count for the next, also
    where one is left out because it must be converted first."""
    texts = ["居民会", "會居民", "居民", "", "　", "议事会", "村民會", "民"]
    assert_same(parameters(book("居民…3会", "会")), texts * 100)


@pytest.mark.parametrize("lengths", [(1, 1), (2, 2), (1, 6)])
def test_any_length_of_character_terms(lengths: tuple[int, int]) -> None:
    model = parameters(book("居民…3会"))
    features = replace(model.features, character_lengths=lengths)
    size = len(GRAMS) - 1
    longer = (*GRAMS[:size], "居民议事会会")
    model = replace(model, features=replace(features, character_terms=longer))
    assert_same(model, ["居民议事会会居民议事会会", "居民议", "会会会", "民议事会村民议"])


def test_places_are_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The count of places starts again before it overflows."""
    from practicelib.model.compiled import engine

    def almost_full(*sizes: Any) -> Any:
        work = make_work(*sizes)
        work.clock[1] = 2**32 - 3 * len(work.text)
        return work

    make_work = engine.make_work
    monkeypatch.setattr(engine, "make_work", almost_full)
    assert_same(parameters(book("居民…3会")), ["居民会居民", "会会居民议事会"] * 400)


def test_limits_of_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tables cannot hold is refused by name; "auto" then stays with the pure engine."""
    from practicelib.model.compiled import tables, trie, word_tables

    model = parameters(book("居民…3会"))
    for module, name, value, message in (
        (trie, "MOST_NODES", 5, "too many for the tables"),
        (tables, "MOST_LETTERS", 1, "too long words"),
        (word_tables, "PAIR_TERM", 62, "too many different words"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, value)
            with pytest.raises(ValueError, match=message):
                compile_model(model, Matcher(model.codebook))
            scorer = Scorer(model)
            scorer.used["pure"] = 10**9
            assert len(scorer.decisions(["居民"], "auto")) == 1
            assert scorer.used["compiled"] == 0


def test_windows_of_text() -> None:
    """Windows cover all texts in order, empty ones at either end too."""
    from practicelib.model.compiled.engine import _WINDOW, _windows

    for lengths in ([], [0], [0, 0, 5], [_WINDOW, 0, 1], [3 * _WINDOW], [_WINDOW - 1, 1, 1, 0]):
        bounds = _windows(np.cumsum(np.array(lengths, np.int64)))
        assert bounds[0] == 0 and bounds[-1] == len(lengths)
        assert all(first < last for first, last in pairwise(bounds))


def test_words_that_stand_very_often() -> None:
    """Counts beyond those whose logarithms are kept."""
    assert_same(parameters(book()), ["居民会" * 400, "居民"])


def test_a_fitted_classifier(fitted: MechanismClassifier, few: Any) -> None:
    """A model that was never saved has no kept tables and is compiled all the same."""
    tagger = Tagger(fitted.parameters_)
    assert_same_tags(tagger, tagger.with_engine("compiled"), few[0][:100])


def test_threads_share_a_model(compiled: Tagger, seed_path: Path) -> None:
    texts = [s.text for report in read_reports(seed_path) for s in report.sentences]
    expected = compiled.decision_function(texts)
    found: list[Any] = []
    threads = [
        threading.Thread(target=lambda: found.append(compiled.decision_function(texts)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.array_equal(one, expected) for one in found)


def test_tables_on_disk(tmp_path: Path) -> None:
    """Kept tables are the same tables; a file that was cut or altered at its head is not used."""
    codebook = book("居民…3会")
    tables = compile_model(parameters(codebook), Matcher(codebook)).tables
    file = tmp_path / "one.tables"
    write_tables(file, tables)
    again = read_tables(file)
    assert again is not None
    pairs = [*zip(tables[:-1], again[:-1], strict=True)]
    for before, after in [*pairs, *zip(tables.patterns, again.patterns, strict=True)]:
        assert before.dtype == after.dtype and np.array_equal(before, after)
        assert not after.flags.writeable
    texts = ["居民议事会", "会"]
    assert np.array_equal(
        CompiledModel(again).decisions(texts), CompiledModel(tables).decisions(texts)
    )
    content = file.read_bytes()
    for damaged in (content[:-4096], b"", b"x" + content[1:], content[: len(content) // 2]):
        file.write_bytes(damaged)
        assert read_tables(file) is None
    assert read_tables(tmp_path / "none.tables") is None


def test_engine_follows_the_amount_of_text(tagger: Tagger) -> None:
    """A small job never pays for a start; a named engine is used whatever the size."""
    scorer = Scorer(tagger.parameters, tagger.hash)
    assert scorer.choose(2_000) == "pure"
    assert scorer.choose(100_000_000) == "compiled"
    assert scorer.choose(1, "compiled") == "compiled"
    assert scorer.choose(100_000_000, "pure") == "pure"
    scorer.decisions(["居民议事"], "compiled")
    assert scorer.choose(1) == "compiled"
    assert scorer.used == {"pure": 0, "compiled": 4}
    with pytest.raises(ValueError, match="engine must be one of"):
        tagger.with_engine("quick")


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_unsafe_cache_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that others may write, or a link, is passed over; a missing one is made private."""
    from practicelib.files.private import private_folder

    monkeypatch.setenv("PRACTICELIB_CACHE", str(tmp_path / "cache"))
    made = private_folder("tables")
    assert made is not None and made.stat().st_mode & 0o777 == 0o700
    made.chmod(0o755)
    assert private_folder("tables") is None
    made.chmod(0o700)
    (tmp_path / "cache" / "link").symlink_to(made)
    assert private_folder("link") is None
    monkeypatch.setenv("PRACTICELIB_CACHE", "")
    assert private_folder("tables") is None
