"""The data comes along: in a wheel built from the sdist, in a plain install, in an editable one."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NEEDED = ("labels/codebook.toml", "labels/dictionary.txt", "models/default/model.json")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_sdist_and_wheel_hold_the_data(built: Path) -> None:
    """Both archives have the codebook, the dictionary and the shipped model."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = archive.getnames()
    assert all(any(name.endswith("/" + needed) for name in names) for needed in NEEDED)
    with zipfile.ZipFile(next(built.glob("*.whl"))) as archive:
        names = archive.namelist()
    assert all(f"practicelib/_data/{needed}" in names for needed in NEEDED)
    assert "practicelib/py.typed" in names


def test_plain_install_tags(built: Path, tmp_path: Path) -> None:
    """Unpacked where pip would put it, away from the project, the package finds its model."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as archive:
        archive.extractall(tmp_path)
    code = (
        "import practicelib as pl, pathlib\n"
        f"assert pathlib.Path(pl.__file__).is_relative_to({str(tmp_path)!r})\n"
        "assert pl.load_tagger().tag(['网格员每天入户走访。'])[0].labels == ('grid_management',)"
    )
    command = [sys.executable, "-c", code]
    subprocess.run(command, check=True, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})


def test_editable_install_finds_the_root_folders() -> None:
    """Here the data lies in the project's root."""
    from practicelib.files.data import data_path

    assert data_path("labels/codebook.toml") == ROOT / "labels" / "codebook.toml"
    with pytest.raises(FileNotFoundError, match="without its data"):
        data_path("labels/nothing.toml")
