"""The one way to a browser."""

import pytest

from course.build import browser


def program(folder, name):
    path = folder / name
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("name", ["chromium", "google-chrome", "google-chrome-stable"])
def test_what_is_on_the_path_is_found(monkeypatch, tmp_path, name):
    monkeypatch.delenv("CHROME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    there = program(tmp_path, name)
    assert browser.find() == there


def test_the_macs_applications_are_found(monkeypatch, tmp_path):
    monkeypatch.delenv("CHROME", raising=False)
    monkeypatch.setenv("PATH", "")
    there = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    monkeypatch.setattr(browser.shutil, "which", lambda name: name if name == there else None)
    assert browser.find() == there


def test_the_one_that_is_named_comes_first(monkeypatch, tmp_path):
    program(tmp_path, "chromium")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHROME", named := program(tmp_path, "my browser"))
    assert browser.find() == named
    monkeypatch.setenv("CHROME", str(tmp_path / "gone"))
    with pytest.raises(FileNotFoundError, match="gone"):
        browser.find()
