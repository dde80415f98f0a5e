"""Tagged reports made by hand, for tests of profiles, comparisons and pages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from practicelib.records.cases import Case, CaseTable
from practicelib.records.report import Report, Sentence, Source
from practicelib.records.tags import Coding, TagBatch, TaggedReport
from practicelib.records.validation import SampledSentence, Stratum, ValidationSample

KEYS = ("co_building", "grid_management", "autonomy", "talent_selection")
NAMES = (
    ("共建联建", "Co-building"),
    ("网格管理", "Grid management"),
    ("群众自治", "Autonomy"),
    ("选人育人", "Talent selection"),
)
PERSON = Coding(KEYS, "person", "gold", "book", "", NAMES)
MODEL = Coding(
    KEYS,
    "model",
    "made",
    "book",
    "f00d" * 16,
    NAMES,
    *(np.array(counts) for counts in ([80] * 4, [10] * 4, [20] * 4, [890] * 4)),
)


def _sentence(number: int, place: int) -> str:
    """A sentence unlike all others."""
    digits = f"{number * 1009 + place * 7919:08d}"
    return "".join("零壹贰叁肆伍陆柒捌玖"[int(d)] for d in digits * 2) + "。"


def report_of(
    number: int, rows: Sequence[Sequence[int]], coding: Coding = PERSON, texts: Sequence[str] = ()
) -> TaggedReport:
    """A report whose sentence i has category k where rows[i][k] is 1; the first is a heading."""
    own = list(texts) or [
        f"第{number}号材料的第{i}句话说的是各不相同的事情。" for i in range(len(rows))
    ]
    sentences, text = [], ""
    for i, line in enumerate(own):
        sentences.append(Sentence(line, len(text), len(text) + len(line), i == 0))
        text += line + "\n"
    report = Report(
        text,
        0,
        len(text),
        f"材料{number}",
        f"单位{number}",
        (),
        tuple(sentences),
        Source(f"folder/r{number:02d}.txt"),
    )
    assigned = np.array(rows, bool).reshape(len(own), len(KEYS))
    probability = np.where(assigned, 0.9, 0.05) - 0.01 * np.arange(len(own))[:, None] / len(own)
    return TaggedReport(
        report, TagBatch(own, probability, assigned, np.zeros(assigned.shape, bool), coding)
    )


def reports_of(
    shares: Sequence[Sequence[float]],
    per_unit: int,
    size: int = 30,
    coding: Coding = PERSON,
    seed: int = 1,
) -> tuple[list[TaggedReport], CaseTable]:
    """Random reports of several units, and a case table that says whose they are."""
    rng = np.random.default_rng(seed)
    reports, cases = [], []
    for unit, own in enumerate(shares):
        for place in range(per_unit):
            number = unit * per_unit + place
            rows = rng.random((size, len(KEYS))) < np.array(own)
            tagged = report_of(number, rows.astype(int).tolist(), coding)
            reports.append(tagged)
            cases.append(case_of(tagged, unit="甲乙丙丁"[unit], year=str(2019 + place % 3)))
    return reports, CaseTable(tuple(cases), "cases.csv")


def case_of(tagged: TaggedReport, **values: str) -> Case:
    """A confirmed row of a report."""
    report = tagged.report
    return Case(
        report.source.file.rsplit("/", 1)[-1],
        report.start,
        report.end,
        report.title,
        confirmed=True,
        line=2,
        **{"level": "村居", "type": "案例", **values},  # type: ignore[arg-type]
    )


def full_sample(reports: Sequence[TaggedReport], codes: np.ndarray) -> ValidationSample:
    """A sample of every sentence, coded."""
    sentences = [
        SampledSentence(t.report.source.file, s.start, s.end, s.text, 0)
        for t in reports
        for s in t.report.sentences
    ]
    n = len(sentences)
    return ValidationSample(
        tuple(sentences), (Stratum("", "none", n, n),), KEYS, codes.astype(bool), MODEL.model
    )
