"""What lasts: the archive's files say the same as the book, and its pictures are the built ones."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build" / "html"


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


CHECKED = yaml.safe_load(text("codecheck.yml"))
CITED = yaml.safe_load(text("CITATION.cff"))
INDEX = re.search(r"--extra-index-url (\S+)", text("binder/requirements.txt"))[1]


def test_one_book_is_cited_archived_and_checked():
    deposit = json.loads(text(".zenodo.json"))
    assert deposit["title"] == CITED["title"] == CHECKED["paper"]["title"]
    names = [author["name"] for author in CITED["authors"]]
    assert [creator["name"] for creator in deposit["creators"]] == names
    assert [author["name"] for author in CHECKED["paper"]["authors"]] == names
    assert deposit["license"] in CITED["license"]


def test_the_promised_digest_is_one():
    found = [re.findall(r"\b[0-9a-f]{64}\b", text(name)) for name in ("README.md", "codecheck.yml")]
    assert found[0] == found[1]
    assert len(found[0]) == 1


def test_a_version_has_its_changes_and_one_number():
    version = CITED["version"]
    assert f'version = "{version}"' in text("pyproject.toml")
    assert f"## {version} ({CITED['date-released']})" in text("CHANGELOG.md")


def test_binder_and_the_image_install_what_the_book_does_and_in_place():
    lines = [line for line in text("binder/requirements.txt").splitlines() if line[0] != "#"]
    assert lines == [f"--extra-index-url {INDEX}", "-r ../requirements.txt"]
    assert "-e ." in text("requirements.txt").splitlines()
    image = text("Dockerfile")
    assert f"--extra-index-url {INDEX}" in image
    assert "--requirement requirements.txt" in image
    python = re.search(r"FROM python:([\d.]+)-", image)[1]
    assert text("binder/runtime.txt").strip() == f"python-{python}"


@pytest.mark.slow
def test_a_table_that_was_left_behind_is_named(tmp_path):
    for package in ("grokutils", "experiments"):  # as pip install . does, without -e
        shutil.copytree(ROOT / package, tmp_path / package)
    command = [sys.executable, "-c", "from experiments.stored import table; table('delays')"]
    environment = {"PYTHONPATH": str(tmp_path), "PATH": ""}
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert f"No such file or directory: '{tmp_path / 'data' / 'delays.csv'}'" in done.stderr


@pytest.mark.site
def test_the_book_has_the_files_that_are_checked(need):
    need(SITE.exists(), "the book is not built: make book")
    for entry in CHECKED["manifest"]:
        assert (ROOT / entry["file"]).stat().st_size > 100, entry["file"]


@pytest.mark.site
def test_the_landing_picture_is_the_built_figure(need):
    need(SITE.exists(), "the book is not built: make book")
    index = SITE / "chapters" / "index.html"
    page = BeautifulSoup(index.read_text(encoding="utf-8"), "html.parser")
    built = index.parent / page.select_one("#fig-landing img")["src"]
    one, other = (
        np.asarray(Image.open(path).convert("RGB").resize((400, 272)), float)
        for path in (built, ROOT / "assets" / "landing.webp")
    )
    assert np.abs(one - other).mean() < 3  # of 255; another figure is 18 or more off
    assert "(assets/landing.webp)" in text("README.md")
    assert "_static/landing.webp" in text("_config.yml")
