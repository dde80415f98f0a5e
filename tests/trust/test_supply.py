"""What is installed: every package of every locked set by its hash, the oldest set truly oldest."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))
# Of the extras, what the tests need; the tools have no oldest version.
RUNNING = ("pandas", "polars", "excel", "docx", "pdf", "parquet", "plot", "fast", "dask")
_PIN = re.compile(r"([a-z0-9][a-z0-9.\-]*)==([\w.!+]+)((?: --hash=sha256:[0-9a-f]{64})+)")


def entries(name: str) -> list[str]:
    """The logical lines of a lock without its comments."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (re.sub(r"\s+", " ", line.partition("#")[0]).strip() for line in text.splitlines())
    return [line for line in lines if line]


def pins(name: str) -> dict[str, Version]:
    """Versions of a lock by package."""
    found = [_PIN.fullmatch(line) for line in entries(name)]
    return {canonicalize_name(pin[1]): Version(pin[2]) for pin in found if pin}


def declared() -> list[Requirement]:
    """What the metadata asks for: dependencies and extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    optional = [text for name in RUNNING for text in extras[name]]
    return [Requirement(text) for text in (*project["dependencies"], *optional)]


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_its_hash(name: str) -> None:
    """One version and hashes for each; no address, no option, nothing left open."""
    assert len(entries(name)) >= 10
    assert [line for line in entries(name) if not _PIN.fullmatch(line)] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-oldest.lock"])
def test_locked_sets_are_admitted(name: str) -> None:
    """Both sets hold every declared package, at a version that the metadata admits."""
    found = pins(name)
    for requirement in declared():
        version = found[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


def test_the_oldest_set_is_the_oldest() -> None:
    """Every declared package stands there at its very lower bound."""
    found = pins("requirements-oldest.lock")
    for requirement in declared():
        (bound,) = requirement.specifier
        assert bound.operator == ">="
        assert found[canonicalize_name(requirement.name)] == Version(bound.version), requirement


def test_the_newest_set_is_newer() -> None:
    """The two sets differ in what the figures come from."""
    old, new = pins("requirements-oldest.lock"), pins("requirements.lock")
    for name in ("numpy", "scipy", "scikit-learn", "opencc"):
        assert old[name] < new[name]


def test_locks_are_installed_by_hash_alone() -> None:
    """Every command that installs a lock insists on hashes; CI runs both sets."""
    commands = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    installing = [line for line in commands if re.search(r"--requirement \S+\.lock", line)]
    assert len(installing) >= 4
    assert all("--require-hashes" in line for line in installing)
    ran = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert {"make test", "make test-oldest", "make audit"} <= set(ran)


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    """The script that asks for known faults."""
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_audit_of_nothing_is_no_clean_bill(audit: ModuleType) -> None:
    """Where pip-audit skipped every package, that is said."""
    skipped = [{"name": "a", "skip_reason": "not found"}, {"name": "b", "skip_reason": "no"}]
    for packages in ([], skipped):
        line, usable = audit.verdict("x.lock", 2, packages)
        assert "not reachable" in line and usable
        assert "0 known faults" not in line


def test_an_audit_names_faults(audit: ModuleType) -> None:
    """A known fault is named and fails; looked up and clean passes."""
    clean = {"name": "a", "version": "1", "vulns": []}
    bad = {"name": "b", "version": "2", "vulns": [{"id": "CVE-1"}, {"id": "CVE-2"}]}
    assert audit.verdict("x.lock", 2, [clean]) == (
        "x.lock: 1 of 2 packages looked up, 0 known faults", True,
    )  # fmt: skip
    line, usable = audit.verdict("x.lock", 2, [clean, bad])
    assert not usable
    assert "2 known faults" in line and "b 2: CVE-2" in line


def test_an_audit_counts_all_packages(audit: ModuleType) -> None:
    """As many as the lock has entries."""
    for name in LOCKS:
        assert audit.pinned((ROOT / name).read_text(encoding="utf-8")) == len(entries(name))
