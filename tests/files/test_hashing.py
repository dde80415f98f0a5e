"""Hashes: SHA-256, of content and of nothing else."""

from __future__ import annotations

from pathlib import Path

from practicelib.files.hashing import hash_bytes, hash_file, hash_json, hash_text

# FIPS 180-2, appendix B.1: the message "abc".
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_all_are_sha_256(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    assert {hash_text("abc"), hash_bytes(b"abc"), hash_file(tmp_path / "abc")} == {ABC}
    assert hash_text("渠") == hash_bytes("渠".encode())
    assert hash_text("\ud800") != hash_text("\ud801")


def test_the_order_of_keys_does_not_count() -> None:
    """That of a list does, and Chinese is hashed as it is read."""
    assert hash_json({"a": 1, "b": {"c": 2, "d": 3}}) == hash_json({"b": {"d": 3, "c": 2}, "a": 1})
    assert hash_json([1, 2]) != hash_json([2, 1])
    assert hash_json({"渠": 1}) == hash_text('{"渠": 1}')
