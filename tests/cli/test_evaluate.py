"""`practicelib evaluate`: what cannot be done is refused before the work, and says what to give."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from practicelib.cli import evaluate as module
from practicelib.files.hashing import hash_text
from practicelib.files.tables import jsonl_text, write_csv
from practicelib.model.storage import load_tagger
from practicelib.model.tagger import Tagger
from practicelib.records.labelled import LabelledSentences
from tests.cli.conftest import Run

TEXTS = ("网格员每天走访责任片区。", "居民议事会投票表决。", "全年实现工业产值12亿元。")


@pytest.fixture(autouse=True)
def shipped_labels_are_read_once(monkeypatch: pytest.MonkeyPatch, gold: LabelledSentences) -> None:
    """By the fixture, not by each command."""
    real, shipped = module.read_gold, module.data_path("labels")
    monkeypatch.setattr(
        module, "read_gold", lambda given: (gold, None) if given == shipped else real(given)
    )


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    """Three sentences with labels that every model of the shipped codebook knows."""
    rows = [
        {"text": text, "labels": labels, "report": f"r{n}"}
        for n, (text, labels) in enumerate(
            zip(TEXTS, (["grid_management"], ["autonomy"], []), strict=True)
        )
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text(jsonl_text(rows), encoding="utf-8")
    return path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the evaluation was called with; nothing is trained."""
    calls: list[dict[str, Any]] = []
    real = module.evaluate

    def quick(tagger: Tagger, measured: LabelledSentences, **options: Any) -> Any:
        calls.append({"measured": measured, **options})
        return real(tagger, measured, **{**options, "training": None})

    monkeypatch.setattr(module, "evaluate", quick)
    return calls


@pytest.fixture
def own_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model with a codebook of its own: the last category is called otherwise."""
    shipped = load_tagger()
    book = shipped.parameters.codebook
    last = replace(book.categories[-1], key="own_category")
    own = replace(book, categories=(*book.categories[:-1], last))
    tagger = Tagger(replace(shipped.parameters, codebook=own, facts={}), name="own")
    monkeypatch.setattr(module, "load_tagger", lambda _: tagger)


def labels_in(folder: Path, sources: str = "") -> Path:
    """A label folder of three sentences."""
    (folder / "sentences").mkdir(parents=True)
    (folder / "codings").mkdir()
    rows = [(n, f"r{n}", 0, len(t), t, hash_text(t)) for n, t in enumerate(TEXTS)]
    write_csv(
        folder / "sentences" / "a.csv", ("id", "report", "start", "end", "text", "sha256"), rows
    )
    coded = [(0, "grid_management"), (1, "autonomy"), (2, "")]
    write_csv(folder / "codings" / "a.csv", ("sentence", "labels"), coded)
    shipped = module.data_path("labels/codebook.toml").read_bytes()
    (folder / "codebook.toml").write_bytes(shipped)
    if sources:
        (folder / "sources.csv").write_text(sources, encoding="utf-8")
    return folder


def test_parts_and_part_belong_together(run: Run, coded: Path, tmp_path: Path) -> None:
    """One without the other would measure on all, unsaid."""
    parts = tmp_path / "parts.json"
    parts.write_text('{"a": ["r0"]}', encoding="utf-8")
    base = ("evaluate", "--quick", "--labels", labels_in(tmp_path / "labels"), "--on", coded)
    for given in (("--part", "a"), ("--parts", parts)):
        code, _, err = run(*base, *given)
        assert code == 2
        assert "--parts and --part belong together" in err
    code, _, err = run("evaluate", "--quick", "--part", "a", "--parts", parts)
    assert (code, "--part is one of --on" in err) == (2, True)
    code, out, err = run(*base, "--part", "a", "--parts", parts)
    assert code == 0, err
    assert "1 sentences of 1 reports" in out


@pytest.mark.parametrize("content", ["", "{", "[]", '"x"'])
def test_a_record_that_cannot_be_added_to_is_refused_first(
    run: Run, coded: Path, tmp_path: Path, asked: list[Any], content: str
) -> None:
    """Not after minutes of training."""
    record = tmp_path / "record.json"
    record.write_text(content, encoding="utf-8")
    code, out, err = run("evaluate", "--on", coded, "--record", record)
    assert (code, out, asked) == (1, "", [])
    assert "record.json: no record of evaluations" in err
    assert record.read_text(encoding="utf-8") == content


def test_figures_are_added_to_a_record(run: Run, coded: Path, tmp_path: Path) -> None:
    """A new one is begun, an old one kept."""
    record = tmp_path / "new" / "record.json"
    labels = labels_in(tmp_path / "labels")
    base = ("evaluate", "--quick", "--labels", labels, "--record", record, "--on")
    assert run(*base, coded)[0] == 0
    assert run(*base, coded.rename(tmp_path / "again.jsonl"))[0] == 0
    assert set(json.loads(record.read_text(encoding="utf-8"))) == {"gold", "again"}


def test_a_model_with_its_own_codebook(
    run: Run, coded: Path, asked: list[Any], own_model: None
) -> None:
    """The shipped labels cannot train its baselines: they are left out, which is said."""
    code, out, err = run("evaluate", "--on", coded)
    assert code == 0, err
    assert "left out: baselines that must be trained" in err
    assert "--labels FOLDER" in err
    assert asked[0]["training"] is None
    assert "macro-F1" in out
    for given in ((), ("--on", coded, "--with-test"), ("--on", coded, "--learning-curve")):
        code, _, err = run("evaluate", *given)
        assert code == 2
        assert "--labels FOLDER" in err
    assert len(asked) == 1


def test_labels_with_other_categories_are_refused(
    run: Run, coded: Path, tmp_path: Path, own_model: None
) -> None:
    """A folder that was named must fit."""
    code, out, err = run("evaluate", "--on", coded, "--labels", labels_in(tmp_path / "labels"))
    assert (code, out) == (1, "")
    assert "labels to train baselines on have" in err


@pytest.mark.parametrize(
    ("sources", "trained"),
    [
        ("", {"r0", "r1", "r2"}),
        ("report,file,role\nr0,a,train\nr1,b,test\nr2,c,train\n", {"r0", "r2"}),
        ("report,file,role\nr0,a,\nr1,b,test\nr2,c,\n", {"r0", "r2"}),
    ],
)
def test_without_roles_all_but_the_test_is_trained_on(
    run: Run, coded: Path, tmp_path: Path, asked: list[Any], sources: str, trained: set[str]
) -> None:
    """As `train` does it, and never on what is measured."""
    folder = labels_in(tmp_path / "labels", sources)
    code, _, err = run("evaluate", "--on", coded, "--labels", folder)
    assert code == 0, err
    assert set(asked[0]["training"].reports.tolist()) == trained


def test_too_few_labels_for_baselines_are_named(run: Run, coded: Path, tmp_path: Path) -> None:
    """Before anything is trained."""
    folder = labels_in(tmp_path / "labels")
    code, _, err = run("evaluate", "--on", coded, "--labels", folder)
    assert code == 1
    assert "3 reports; at least 5 are needed" in err
    assert "--quick leaves them out" in err
