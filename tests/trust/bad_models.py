"""More than a hundred ways to spoil a saved model, each with what its refusal must say.

Every case starts from the shipped model. Most note the right hash of what they spoil, as whoever
plants a file would: the hash then protects nothing, and the audit has to.
"""

from __future__ import annotations

import os

import numpy as np

from tests.trust.model_workshop import (
    Case,
    _all_meet,
    _array,
    _book,
    _bytes,
    _deflated,
    _described,
    _first,
    _flag,
    _header,
    _instead,
    _many_members,
    _member,
    _npy,
    _other_model,
    _packed,
    _promise,
    _replace,
    _set,
    _sparse,
    _swapped_file,
    _text,
    _words,
)

NESTED = "[" * 100_000 + "]" * 100_000

DESCRIPTIONS: dict[str, Case] = {
    "no description": (_instead(lambda p: None, "json"), "no model here"),
    "description is empty": (_text(""), "not JSON"),
    "description is cut": (_text('{"format": 1, "kind": "pract'), "not JSON"),
    "description is a list": (_text("[]"), "not a JSON object"),
    "description is a number": (_text("1"), "not a JSON object"),
    "description nested deeply": (_text(NESTED), "not JSON"),
    "description in another encoding": (_text("{}".encode("utf-16")), "not JSON"),
    "description is a pickle": (_text(b"\x80\x04\x95\x0c.\x8c\x08builtins."), "not JSON"),
    "description with NUL": (_text("{\0}"), "not JSON"),
    "description with a giant number": (_text('{"format": 1' + "0" * 5000 + "}"), "not JSON"),
    "description with a key twice": (_text('{"format": 1, "format": 1}'), "twice"),
    "description of 500 MB": (_instead(_sparse(500_000_000), "json"), "too many"),
    "description full of small objects": (_text("[" + "[]," * 2_000_000 + "0]"), "too many"),
    "description is a folder": (_instead(lambda p: p.mkdir(), "json"), "not a regular file"),
    "description is a pipe": (_instead(os.mkfifo, "json"), "not a regular file"),
    "description is endless": (
        _instead(lambda p: p.symlink_to("/dev/zero"), "json"), "not a regular file"),
    "description links to itself": (
        _instead(lambda p: p.symlink_to(p.name), "json"), "symbolic links|symlinks"),
    "format is newer": (_described(lambda d: d.update(format=99)), "newer"),
    "format is missing": (_described(lambda d: d.pop("format")), "no format number"),
    "format is text": (_described(lambda d: d.update(format="1")), "no format number"),
    "format is true": (_described(lambda d: d.update(format=True)), "no format number"),
    "format is zero": (_described(lambda d: d.update(format=0)), "no format number"),
    "format is a fraction": (_described(lambda d: d.update(format=1.5)), "no format number"),
    "another kind of file": (_described(lambda d: d.update(kind="x")), "not a practicelib model"),
    "features missing": (_described(lambda d: d.pop("features")), "'features' is missing"),
    "arrays a list": (_described(lambda d: d.update(arrays=[])), "'arrays' is missing or no dict"),
    "facts a list": (_described(lambda d: d.update(facts=[])), "'facts' is missing or no dict"),
    "facts with NaN": (_described(lambda d: d["facts"].update(x=float("nan"))), "NaN"),
    "counts of errors cut": (_described(
        lambda d: d["facts"]["error_counts"].pop("autonomy")), "error_counts"),
    "counts of errors as text": (_described(
        lambda d: d["facts"]["error_counts"]["autonomy"].update(true_positives="x")),
        "error_counts"),
    "counts of errors below zero": (_described(
        lambda d: d["facts"]["error_counts"]["autonomy"].update(true_positives=-1)),
        "error_counts"),
    "path to elsewhere": (_described(
        lambda d: d["arrays"].update(file="../arrays-0123456789abcdef.npz")), "beside it"),
    "path from the root": (_described(
        lambda d: d["arrays"].update(file="/tmp/arrays-0123456789abcdef.npz")), "beside it"),
    "path with backslashes": (_described(
        lambda d: d["arrays"].update(file="arrays-\\..\\x.npz")), "beside it"),
    "path with NUL": (_described(lambda d: d["arrays"].update(file="arrays-\0.npz")), "beside it"),
    "path without end": (_described(
        lambda d: d["arrays"].update(file="arrays-" + "a" * 9000)), "beside it"),
    "path is a number": (_described(lambda d: d["arrays"].update(file=1)), "beside it"),
    "hash is short": (_described(lambda d: d["arrays"].update(sha256="00")), "not a hash"),
    "hash is of something else": (
        _described(lambda d: d["arrays"].update(sha256="0" * 64)), "altered or incomplete"),
    "scale is wild": (_described(lambda d: d["features"].update(word_scale=1e99)), "word_scale"),
    "scale is negative": (
        _described(lambda d: d["features"].update(pattern_scale=-1)), "pattern_scale"),
    "scale is NaN": (
        _described(lambda d: d["features"].update(word_scale=float("nan"))), "NaN"),
    "scale is true": (
        _described(lambda d: d["features"].update(character_scale=True)), "character_scale"),
    "lengths reversed": (_described(
        lambda d: d["features"].update(character_lengths=[3, 1])), "character_lengths"),
    "lengths giant": (_described(
        lambda d: d["features"].update(character_lengths=[1, 10**9])), "character_lengths"),
    "other categories": (_described(lambda d: d["categories"].reverse()), "categories"),
}  # fmt: skip

CODEBOOKS: dict[str, Case] = {
    "codebook altered": (_described(lambda d: d["codebook"].update(version="x")), "hash"),
    "codebook without version": (_book(lambda b: b.pop("version")), "broken"),
    "codebook with classes as a list": (_book(lambda b: b.update(classes=[1])), "broken"),
    "codebook with rules as a number": (_book(lambda b: b.update(rules=3)), "broken"),
    "codebook with a pattern as a number": (
        _book(lambda b: _first(b).update(patterns=[[7, 1.0]])), "broken|hash"),
    "codebook with a weight as text": (
        _book(lambda b: _first(b).update(patterns=[["共建", "x"]])), "broken"),
    "codebook with an endless weight": (
        _book(lambda b: _first(b)["patterns"][0].__setitem__(1, 1e999)), "not JSON|broken"),
    "codebook with lone surrogates": (_book(lambda b: b.update(scope="\ud800")), "broken"),
    "codebook of other patterns": (
        _book(lambda b: _first(b)["patterns"].pop()), "coefficients has shape"),
    "codebook with a broken pattern": (
        _book(lambda b: _first(b)["patterns"][0].__setitem__(0, "((共建")), "pattern"),
    "codebook with a pattern of too many readings": (
        _book(lambda b: _first(b)["patterns"][0].__setitem__(0, "(甲…1乙|丙…1丁)" * 12 + "戊")),
        "pattern"),
    "codebook with a pattern without end": (
        _book(lambda b: _first(b)["patterns"][0].__setitem__(0, "甲" * 100_000)), "pattern"),
    "codebook with a deep pattern": (
        _book(lambda b: _first(b)["patterns"][0].__setitem__(0, "(" * 900 + "甲" + ")" * 900)),
        "pattern"),
    "codebook with an unknown class": (
        _book(lambda b: _first(b)["patterns"][0].__setitem__(0, "<nowhere>共建")), "pattern"),
    "codebook without categories": (
        _described(lambda d: (d["codebook"].update(categories=[]), d.update(categories=[])),
                   rehash=True), "no categor"),
    "codebook with a category twice": (
        _described(lambda d: (d["codebook"]["categories"].append(d["codebook"]["categories"][0]),
                              d["categories"].append(d["categories"][0])), rehash=True), "twice"),
    "wrong codebook": (_other_model, "has shape"),
}  # fmt: skip

ARCHIVES: dict[str, Case] = {
    "arrays missing": (_instead(lambda p: None, "npz"), "No such file"),
    "arrays are a folder": (_instead(lambda p: p.mkdir(), "npz"), "not a regular file"),
    "arrays are a pipe": (_instead(os.mkfifo, "npz"), "not a regular file"),
    "arrays are endless": (
        _instead(lambda p: p.symlink_to("/dev/zero"), "npz"), "not a regular file"),
    "arrays are of 2 GB": (_instead(_sparse(2_000_000_000), "npz"), "more than a model"),
    "arrays cut, hash as it was": (
        lambda s: (s.save(), s.npz.write_bytes(s.npz.read_bytes()[:-100])),
        "altered or incomplete"),
    "one bit turned": (
        lambda s: (s.save(), s.npz.write_bytes(s.npz.read_bytes()[:-1] + b"\1")),
        "altered or incomplete"),
    "arrays swapped, hash as it was": (_swapped_file, "altered or incomplete"),
    "arrays cut": (_bytes(lambda c: c[:-100]), "not an array archive"),
    "arrays cut in the middle": (_bytes(lambda c: c[: len(c) // 2]), "not an array archive"),
    "arrays empty": (_bytes(lambda c: b""), "not an array archive"),
    "arrays are a pickle": (_bytes(lambda c: b"\x80\x04\x95" + bytes(99)), "not an array archive"),
    "arrays with a tail": (_bytes(lambda c: c + b"x" * 100), "not an array archive"),
    "arrays with a head": (_bytes(lambda c: b"MZ" + bytes(998) + c), "not an array archive"),
    "no member": (_packed(lambda m: []), "not an array archive|members"),
    "a member missing": (_packed(lambda m: list(m.items())[1:]), "members"),
    "a member more": (_packed(lambda m: [*m.items(), ("x.npy", b"")]), "members"),
    "a member twice": (_packed(
        lambda m: [*list(m.items())[1:], *list(m.items())[1:2]]), "members"),
    "a member that climbs": (_packed(
        lambda m: [("../" + n if n == "band.npy" else n, c) for n, c in m.items()]), "members"),
    "a member from the root": (_packed(
        lambda m: [("/etc/" + n if n == "band.npy" else n, c) for n, c in m.items()]), "members"),
    "a member with another ending": (_packed(
        lambda m: [("band.pkl" if n == "band.npy" else n, c) for n, c in m.items()]), "members"),
    "60,000 members": (_many_members, "members|not an array archive"),
    "a bomb": (_deflated, "compressed"),
    "an encrypted member": (_flag(1), "not an array archive|encrypted"),
    "a size that is promised falsely": (_promise(2_000_000_000), "not an array archive"),
    "a size that is promised too small": (_promise(10), "not an array archive"),
    "a check sum that is wrong": (
        _bytes(lambda c: c.replace(b"\x93NUMPY", b"\x93NUMPX", 1)), "not an array archive"),
}  # fmt: skip

CONTENTS: dict[str, Case] = {
    "objects instead of numbers": (_header("band", "'|O'", "(4, 2)", data=bytes(64)), "band"),
    "a giant shape": (_header("coefficients", "'<f8'", "(4, 10**3)"), "coefficients"),
    "a giant shape in figures": (
        _header("coefficients", "'<f8'", "(4000000000, 4000000000)"), "does not fit"),
    "a shape beyond 64 bits": (
        _header("coefficients", "'<f8'", "(4, 99999999999999999999999)"), "does not fit"),
    "a negative shape": (_header("band", "'<f8'", "(-4, -2)", data=bytes(64)), "does not fit"),
    "a shape of fractions": (_header("band", "'<f8'", "(4.0, 2.0)", data=bytes(64)), "band"),
    "a shape that is a name": (_header("band", "'<f8'", "exit()", data=bytes(64)), "band"),
    "a header nested deeply": (_header("band", "'<f8'", "(" * 400 + ")" * 400), "band"),
    "a header without end": (_member("band", _npy(b" " * 60_000)), "band"),
    "no header": (_member("band", b"\x93NUMPY"), "band"),
    "not an array": (_member("band", b"hello"), "band"),
    "a later array format": (
        _member("band", b"\x93NUMPY\x03\x00" + bytes(100)), "array format"),
    "a record type": (
        _header("band", "[('a', '<f8'), ('b', '<f8')]", "(4, 2)", data=bytes(128)), "band"),
    "half precision": (_array("coefficients", lambda a: a.astype("f4")), "not float64"),
    "the other byte order": (_array("coefficients", lambda a: a.astype(">f8")), "not float64"),
    "columns first": (_header("band", "'<f8'", "(4, 2)", data=bytes(64), order="True"), "band"),
    "a rank too many": (_array("band", lambda a: a[None]), "not float64"),
    "data too short": (_header("band", "'<f8'", "(4, 2)", data=bytes(56)), "does not fit"),
    "data too long": (_header("band", "'<f8'", "(4, 2)", data=bytes(72)), "does not fit"),
    "NaN in the coefficients": (_array("coefficients", _set((0, 0), np.nan)), "finite"),
    "infinity in the intercepts": (_array("intercepts", _set(0, np.inf)), "finite"),
    "NaN in the idf": (_array("word_idf", _set(-1, np.nan)), "finite"),
    "coefficients beyond use": (_array("coefficients", _set((0, 0), 1e300)), "coefficients"),
    "a feature too few": (_array("coefficients", lambda a: a[:, 1:].copy()), "has shape"),
    "a category too many": (_array("intercepts", lambda a: np.append(a, 0.0)), "has shape"),
    "a threshold of 1": (_array("thresholds", _set(0, 1.0)), "thresholds outside"),
    "a threshold of 0": (_array("thresholds", _set(0, 0.0)), "thresholds outside"),
    "a band reversed": (_array("band", lambda a: a[:, ::-1].copy()), "ends before it begins"),
    "a slope that turns it around": (_array("slopes", _set(0, -1.0)), "slope"),
    "an idf of 0": (_array("word_idf", _set(0, 0.0)), "word_idf"),
    "a frequency of 0": (_array("table_frequencies", _set(0, 0)), "frequency below 1"),
    "a frequency below 0": (_array("table_frequencies", _set(5, -7)), "frequency below 1"),
    "an empty table": (lambda s: (s.arrays.update(table_words=np.zeros(0, np.uint8),
        table_frequencies=np.zeros(0, np.int32)), s.save()), "frequency below 1"),
    "a word too many": (_array("table_words", _words(lambda w: w.append("新词"))), "table_words"),
    "words that are no UTF-8": (_array("word_terms", _set(0, 0xFF)), "not UTF-8"),
    "words with lone surrogates": (
        _array("table_words", _words(_replace(-1, "\ud800"))), "not UTF-8"),
    "a word twice": (
        _array("table_words", lambda a: _words(lambda w: w.__setitem__(-1, w[-2]))(a)), "twice"),
    "a term twice": (
        _array("word_terms", lambda a: _words(lambda w: w.__setitem__(-1, w[-2]))(a)), "twice"),
    "an empty term": (_array("character_terms", _words(_replace(-1, ""))), "empty"),
    "a word without end": (_array("table_words", _words(_replace(-1, "长" * 100_000))), "long"),
}  # fmt: skip

PATTERNS: dict[str, Case] = {
    "pattern words that are no UTF-8": (_array("pattern_words", _set(0, 0xFF)), "not UTF-8"),
    "pattern words out of order": (
        _array("pattern_words", _words(lambda w: w.reverse())), "no ascending list"),
    "a pattern word without end": (
        _array("pattern_words", _words(lambda w: w.append("龥" * 40))), "no ascending list"),
    "no pattern words": (
        _array("pattern_words", lambda a: a[:0].copy()), "pattern_word_starts does not divide"),
    "a pattern word without sets": (
        _array("pattern_word_starts", lambda a: _set(1, 0)(a)), "word_starts does not divide"),
    "word sets beyond the end": (
        _array("pattern_word_starts", _set(-1, 2**31 - 1)), "word_starts does not divide"),
    "a word set below 0": (_array("pattern_word_sets", _set(0, -1)), "word_sets has numbers"),
    "a word set far out": (_array("pattern_word_sets", _set(0, 2**30)), "word_sets has numbers"),
    "word sets twice": (_array("pattern_word_sets", lambda a: a * 0), "does not ascend"),
    "a pattern too many": (
        _array("pattern_chain_pattern", _set(0, 1_000_000)), "chain_pattern has numbers"),
    "a mask too many": (
        _array("pattern_chain_pattern", _set(0, -1_000_000)), "chain_pattern has numbers"),
    "chains that run backwards": (
        _array("pattern_chain_starts", _set(1, -5)), "chain_starts does not divide"),
    "chains that are empty": (
        _array("pattern_chain_starts", _set(2, 0)), "chain_starts does not divide"),
    "no chain starts": (
        _array("pattern_chain_starts", lambda a: a[:0].copy()), "chain_starts does not divide"),
    "a set of a chain below 0": (
        _array("pattern_chain_sets", _set(0, -2)), "chain_sets has numbers"),
    "a rarest set of another chain": (
        _array("pattern_chain_rarest", _set(0, 1_000_000)), "its chain has not"),
    "a rarest set too few": (
        _array("pattern_chain_rarest", lambda a: a[1:].copy()), "chain_rarest has shape"),
    "a gap before the first word": (
        _array("pattern_gap_sizes", _set(0, 3)), "before a first word set"),
    "a gap below 0": (_array("pattern_gap_sizes", _set(-1, -3)), "gap_sizes has numbers"),
    "a gap without end": (_array("pattern_gap_sizes", _set(-1, 2**31 - 1)), "gap_sizes has numb"),
    "a gap of a third kind": (_array("pattern_gap_wide", _set(0, 2)), "gap_wide has numbers"),
    "a context below -1": (
        _array("pattern_chain_context", _set((0, 0), -2)), "chain_context has numbers"),
    "a tie that is no yes or no": (
        _array("pattern_chain_context", _set((0, 3), 2)), "chain_context has numbers"),
    "contexts of three": (
        _array("pattern_chain_context", lambda a: a[:, :3].copy()), "chain_context has shape"),
    "every word waited for by every chain": _all_meet(3000),
}  # fmt: skip

BAD_MODELS: dict[str, Case] = {
    **DESCRIPTIONS, **CODEBOOKS, **ARCHIVES, **CONTENTS, **PATTERNS,
}  # fmt: skip
