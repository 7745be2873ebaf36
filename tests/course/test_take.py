"""What a teacher takes along: each link has its file, and what is stale or missing has none."""

import os

import pytest

from course.build import take


@pytest.fixture
def site(tmp_path, monkeypatch):
    page = tmp_path / "site" / take.PAGE
    page.parent.mkdir(parents=True)
    page.write_text('<p>A</p><ul class="take"><li>?</li></ul><p>B</p>', encoding="utf-8")
    made, of = tmp_path / "50-minutes.html", tmp_path / "of.html"
    of.touch()
    made.write_text('<a href="../html/chapters/lab.html?seed=0">', encoding="utf-8")
    deck = take.File(made, of, "slides", "Slides & notes")
    gone = take.File(tmp_path / "book.pdf", of, "pdf", "In print")
    monkeypatch.setattr(take, "SITE", tmp_path / "site")
    monkeypatch.setattr(take, "files", lambda: [deck, gone])
    return page, deck


def test_what_is_there_has_a_link_and_what_is_missing_names_its_target(site):
    page, _ = site
    take.main()
    take.main()  # a second time changes nothing
    text = page.read_text(encoding="utf-8")
    assert text.count("<a ") == 1
    assert '<a href="../take/50-minutes.html" download>Slides &amp; notes</a> (0.1 MB)' in text
    assert "In print: <code>make pdf</code>" in text
    assert text.startswith("<p>A</p>")
    assert text.endswith("<p>B</p>")
    copy = (page.parents[1] / "take" / "50-minutes.html").read_text(encoding="utf-8")
    assert copy == '<a href="../chapters/lab.html?seed=0">'


def test_what_is_older_than_its_source_is_taken_away(site):
    page, deck = site
    take.main()
    os.utime(deck.path, (0, 0))
    take.main()
    assert "<a " not in page.read_text(encoding="utf-8")
    assert not list((page.parents[1] / "take").iterdir())


def test_all_kinds_can_be_taken():
    found = take.files()
    targets = {file.target for file in found}
    assert targets == {"slides", "assignments", "quiz", "pdf", "note"}
    assert sum(file.target == "assignments" for file in found) == 3
    assert all(file.of.exists() for file in found if file.target in ("assignments", "quiz"))
