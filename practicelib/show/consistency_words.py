"""Words of agreement, in Chinese and English, the same wherever it is printed."""

from __future__ import annotations

import math
from typing import Literal

from practicelib.records.agreement import Coefficient
from practicelib.records.consistency import Basis, CategoryAgreement, Consistency
from practicelib.show.consistency_numbers import count, limits, number, percent, with_limits

RELIABLE = 0.8
TENTATIVE = 0.667
Verdict = Literal["reliable", "tentative", "unreliable", "undefined"]

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "title": "编码一致性",
        "category": "类别",
        "alpha": "α",
        "interval": "区间",
        "positive": "正一致",
        "negative": "负一致",
        "percent": "百分比一致",
        "support": "句数",
        "codings": "编码数",
        "verdict": "下限",
        "notes": "说明",
        "sets": "整组类别",
        "coder": "编码员",
        "coders": "编码员",
        "kind": "类型",
        "source": "来源",
        "sentences": "句数",
        "without": "去掉后的 α",
        "influence": "影响",
        "bias": "偏向",
        "change": "两轮之差",
        "first": "前一轮",
        "second": "后一轮",
        "difference": "Δα",
        "round": "轮次",
        "self": "与自己比较",
        "disputes": "有分歧的句子",
        "disagreement": "分歧",
        "sentence": "句子",
        "overlap": "共同句数",
        "pairs": "两两一致性（MASI α，括号内为共同句数）",
        "kappa": "κ",
        "fleiss": "Fleiss κ",
        "ac1": "AC1",
        "pabak": "PABAK",
        "others": "其他系数",
        "every": "各类",
        "none": "无",
        "missing": "未编",
        "reliable": "达 .80",
        "tentative": "达 .667",
        "unreliable": "不足 .667",
        "undefined": "无法计算",
        "paired": "同句",
        "unpaired": "非同句",
    },
    "en": {
        "title": "Consistency of coding",
        "category": "category",
        "alpha": "α",
        "interval": "interval",
        "positive": "positive",
        "negative": "negative",
        "percent": "percent",
        "support": "sentences",
        "codings": "codings",
        "verdict": "lower limit",
        "notes": "notes",
        "sets": "whole sets",
        "coder": "coder",
        "coders": "coders",
        "kind": "kind",
        "source": "source",
        "sentences": "sentences",
        "without": "α without",
        "influence": "influence",
        "bias": "bias",
        "change": "Change between rounds",
        "first": "first",
        "second": "second",
        "difference": "Δα",
        "round": "round",
        "self": "Each coder against himself",
        "disputes": "Disputed sentences",
        "disagreement": "disagreement",
        "sentence": "sentence",
        "overlap": "shared sentences",
        "pairs": "Pairs of coders (MASI α, shared sentences in brackets)",
        "kappa": "κ",
        "fleiss": "Fleiss κ",
        "ac1": "AC1",
        "pabak": "PABAK",
        "others": "Other coefficients",
        "every": "every category",
        "none": "none",
        "missing": "not coded",
        "reliable": "reaches .80",
        "tentative": "reaches .667",
        "unreliable": "below .667",
        "undefined": "undefined",
        "paired": "paired",
        "unpaired": "unpaired",
    },
}
WHOSE = {
    "zh": {
        "people": "人员之间的编码员信度",
        "model passes": "语言模型各次编码之间的一致性，不是人员之间的编码员信度",
        "people and model passes": "人员与语言模型编码之间的一致性，不是人员之间的编码员信度",
        "unknown coders": "编码员是人员还是模型未注明，不可当作人员之间的编码员信度",
    },
    "en": {
        "people": "Inter-coder reliability of people",
        "model passes": "Agreement between passes of a language model, not inter-coder reliability"
        " of people",
        "people and model passes": "Agreement between people and passes of a language model, not"
        " inter-coder reliability of people",
        "unknown coders": "It is not said whether the coders are people or models; not to be taken"
        " for inter-coder reliability of people",
    },
}
NOTES = {
    "zh": {
        "skewed": "分布很偏，κ 类系数被压低，请同看 AC1 与正负一致",
        "one_value": "全部编码取同一值",
        "no_disagreement": "未见分歧；下限为单侧精确界",
        "few_clusters": "抽样单位不足 20，区间不可靠",
        "unstable": "区间无法估计",
        "no_codings": "没有编码",
        "no_pairs": "没有两人同编的句子",
        "no_variation": "编码没有变化",
        "never_coded": "从未编入",
        "always_coded": "每句都编入",
        "no_overlap": "有的编码员之间没有共同的句子",
    },
    "en": {
        "skewed": "very uneven prevalence lowers κ-like figures; see AC1 and specific agreement",
        "one_value": "all codings hold one value",
        "no_disagreement": "no disagreement seen; exact one-sided lower bound",
        "few_clusters": "fewer than 20 resampled units; interval unreliable",
        "unstable": "no interval could be estimated",
        "no_codings": "no codings",
        "no_pairs": "no sentence coded twice",
        "no_variation": "no variation",
        "never_coded": "never coded",
        "always_coded": "always coded",
        "no_overlap": "some coders share no sentence",
    },
}
KINDS = {
    "zh": {"person": "人员", "model pass": "模型", "unknown": "未注明"},
    "en": {"person": "person", "model pass": "model pass", "unknown": "unknown"},
}
SET_NAMES = {
    "alpha_masi": "MASI (1 − J·M)",
    "alpha_masi_product": "MASI ((1 − J)(1 − M))",
    "alpha_jaccard": "Jaccard",
    "alpha_nominal": "nominal",
}
_METHODS = {
    "zh": {"bootstrap": "学生化自助法", "percentile": "百分位自助法", "jackknife": "刀切法"},
    "en": {
        "bootstrap": "studentised bootstrap",
        "percentile": "percentile bootstrap",
        "jackknife": "jackknife",
    },
}


def summary(result: Consistency, lang: str) -> list[str]:
    """What a reader must know first: which categories reach .80, and where it is weakest."""
    good = sum(verdict(c.alpha) == "reliable" for c in result)
    known = [c for c in result if math.isfinite(c.alpha.low)]
    names = {c.key: c.name(lang) for c in result}
    if lang == "zh":
        lines = [f"{len(names)} 个类别中，{good} 个的 α 区间下限达到 .80。"]
    else:
        lines = [f"α reaches .80 with its lower limit in {good} of {len(names)} categories."]
    if known:
        weakest = min(known, key=lambda c: c.alpha.low)
        shown = f"{weakest.name(lang)} {with_limits(weakest.alpha)}"
        lines[0] += f"最弱：{shown}。" if lang == "zh" else f" Weakest: {shown}."
    weak = [
        f"{group.name} · {name} {with_limits(alpha)}"
        for group in result.groups
        for name, alpha in zip(names.values(), group.categories, strict=True)
        if alpha.value < 1.0 and alpha.low < TENTATIVE
    ]
    if weak:
        start = "下限不足 .667 的来源：" if lang == "zh" else "Sources below .667: "
        lines.append(start + ("；" if lang == "zh" else "; ").join(weak))
    return lines


def verdict(coefficient: Coefficient) -> Verdict:
    """What the lower limit allows by Krippendorff's (2019, p. 356) thresholds .800 and .667."""
    low = coefficient.low
    if not math.isfinite(low):
        return "undefined"
    if low >= RELIABLE:
        return "reliable"
    return "tentative" if low >= TENTATIVE else "unreliable"


def remarks(coefficient: Coefficient, lang: str) -> str:
    """Reason and notes of a coefficient as one phrase, empty where there is none."""
    codes = [*([coefficient.reason] if coefficient.reason else []), *coefficient.notes]
    return ("；" if lang == "zh" else "; ").join(NOTES[lang][code] for code in codes)


def whose(basis: Basis, lang: str) -> str:
    """Whose agreement the figures are: a full sentence that stands beside every figure."""
    text = WHOSE[lang][basis.between]
    return f"{text}。" if lang == "zh" else f"{text}."


def facts(basis: Basis, lang: str) -> str:
    """What was coded and how intervals were made, as one line."""
    level, method = f"{100 * basis.level:g}%", method_name(basis, lang)
    once = basis.sentences - basis.pairable
    if lang == "zh":
        rest = f"，其余 {once} 句只有一份" if once else ""
        return (
            f"{basis.sentences} 句，其中 {basis.pairable} 句至少有两份编码{rest}；"
            f"编码 {basis.codings} 份，编码员 {len(basis.coders)}；轮次 {basis.round}；"
            f"{level} 区间：{method}，抽样单位 {units(basis, lang)}，种子 {basis.seed}"
        )
    rest = f", {once} once" if once else ""
    return (
        f"{basis.sentences} sentences, {basis.pairable} coded at least twice{rest};"
        f" {basis.codings} codings by {len(basis.coders)} coders; round {basis.round}; {level}"
        f" intervals: {method}, {units(basis, lang)} as units, seed {basis.seed}"
    )


def units(basis: Basis, lang: str) -> str:
    """How many resampling units there are and what they are; single sentences only if any."""
    single, reports = basis.single_units, basis.n_units - basis.single_units
    if lang == "zh":
        if basis.units == "sentence":
            return f"{basis.n_units} 句"
        beside = f"{basis.n_units} 个（{reports} 篇材料，{single} 个单句各自为一单位）"
        return beside if single else f"{reports} 篇材料"
    if basis.units == "sentence":
        return f"{basis.n_units} sentences"
    beside = f"{basis.n_units} ({reports} reports, {single} single sentences by themselves)"
    return beside if single else f"{reports} reports"


def method_name(basis: Basis, lang: str) -> str:
    """How intervals were made, with the number of resamples."""
    name = _METHODS[lang][basis.method]
    if not basis.resamples:
        return name
    return f"{name}（{basis.resamples} 次）" if lang == "zh" else f"{name} ({basis.resamples})"


def versions_warning(result: Consistency, lang: str) -> str:
    """A warning where coders worked with different versions of the codebook, else empty."""
    versions = result.basis.versions
    if len(versions) < 2:
        return ""
    every = ", ".join(versions)
    if lang == "zh":
        return f"各编码员所用编码本版本不同（{every}），分歧中含版本之差。"
    return f"Coders worked with different codebook versions ({every}); that is part of the gaps."


def short_cells(category: CategoryAgreement, lang: str) -> list[str]:
    """The short row of a category: α, interval, specific and percent agreement, support."""
    return [
        number(category.alpha.value),
        limits(category.alpha.interval),
        number(category.positive.value),
        number(category.negative.value),
        percent(category.percent.value),
        count(category.sentences),
        WORDS[lang][verdict(category.alpha)],
    ]


def short_columns(lang: str, level: float) -> list[str]:
    """Headers of `short_cells`."""
    words = WORDS[lang]
    return [
        words["alpha"],
        f"{100 * level:g}% {words['interval']}",
        words["positive"],
        words["negative"],
        words["percent"],
        words["support"],
        words["verdict"],
    ]
