"""The page of versions: what it tells comes from the changelog and the claims."""

from types import SimpleNamespace

from course.build import versions

LOG = f"""# Changes

## Unreleased

- New.

{versions.ERRATA}

- Old was wrong.

## 0.2.0 (2026-11-28)

- Second.
"""


def test_a_changelog_is_read_by_version_with_its_errata_apart():
    new, old = versions.read(LOG)
    assert (new.name, new.date, new.changes, new.errata) == (
        *("Unreleased", "", "- New.", "- Old was wrong."),
    )
    assert (old.name, old.date, old.changes, old.errata) == ("0.2.0", "2026-11-28", "- Second.", "")
    assert versions.under_heads([new, old], "errata") == "**Unreleased**\n\n- Old was wrong."


def test_the_books_changelog_has_its_version_and_its_errata():
    cited = (versions.ROOT / "CITATION.cff").read_text(encoding="utf-8")
    found = versions.read()
    newest = next(version for version in found if version.date)
    assert f"version: {newest.name}\ndate-released: {newest.date}" in cited
    assert any(version.errata for version in found)


def test_a_version_shows_its_tag_with_or_without_a_v():
    shown = versions.table(versions.read(LOG), {"v0.2.0": "abc1234"})
    assert shown["tag"].tolist() == ["none in this clone", "v0.2.0, commit abc1234"]


def test_the_reason_of_a_word_names_what_no_longer_counts():
    parts = [
        SimpleNamespace(role=role, sentence=said, verdict=lambda _, found=found: found)
        for role, said, found in (
            ("core", "It leads.", "holds"),
            ("core", "It follows.", "not judged"),
            ("ours", "Our control.", "contradicted"),
        )
    ]
    claim = SimpleNamespace(parts=parts, before="contradicted here")
    result = SimpleNamespace(id="S99", claim=claim, measured={"x": 1}, verdict="holds here")
    shown = versions.words([result]).loc["S99"]
    assert shown["why"].startswith("1 of 1 parts that its source leads with hold")
    assert "“Our control”" in shown["why"]
    result.verdict = "contradicted here"  # as it was
    assert versions.words([result]).empty
