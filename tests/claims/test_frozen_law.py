"""What was frozen of the law is what the stored first draw gives, and each bound is in one part."""

import tomllib
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from experiments import claims, stored
from experiments.decides import law_line
from experiments.registry import FROZEN, Criterion

TEXT = (Path(claims.__file__).parent / "law.toml").read_text(encoding="utf-8")
LAW = tomllib.loads(TEXT)
LINE = LAW["line"]


@pytest.fixture(scope="module")
def races():
    return law_line.first_draw(*(stored.table(name) for name in law_line.SOURCES))


def test_the_line_is_fitted_to_the_first_draw_alone(races):
    assert set(races["seed"]) == set(law_line.FIRST_DRAW)
    found = law_line.fitted(law_line.medians(races))
    assert {name: LINE[name] for name in found} == pytest.approx(found, abs=6e-6)


def test_what_is_foretold_of_each_setting_is_the_lines(races):
    line = law_line.fitted(law_line.medians(races))
    rows = [row for kind in ("old", "new", "ratio") for row in LINE[kind]]
    assert len({(n_bits, n_train) for n_bits, n_train, *_ in rows}) == len(rows) == 31
    for n_bits, n_train, delay, low, high in rows:
        assert delay == pytest.approx(law_line.predicted(line, n_bits, n_train), rel=1e-3)
        assert [low, high] == pytest.approx([delay / 1.5, delay * 1.5], rel=1e-3)
    fitted = set(law_line.medians(races).index)
    assert {(n_bits, n_train) for n_bits, n_train, *_ in LINE["old"]} <= fitted
    assert not {(n_bits, n_train) for n_bits, n_train, *_ in rows[8:]} & fitted


def test_what_is_foretold_of_other_dials_is_the_line_times_the_first_draws_factor(races):
    line = law_line.fitted(law_line.medians(races))
    factors = law_line.dial_factors(line, races)
    assert LAW["dials"]["factors"] == pytest.approx(factors, abs=6e-5)
    for name, factor in factors.items():
        delays = [factor * law_line.predicted(line, *place) for place in LAW["dials"]["settings"]]
        assert LAW["dials"]["foretold"][name] == pytest.approx(delays, rel=1e-3)


def test_each_quantity_has_a_bound_a_reason_and_one_part():
    assert [claim["id"] for claim in LAW["claim"]] == [f"L{i}" for i in range(1, 10)]
    for claim in LAW["claim"]:
        bounds = [Criterion(**criterion) for criterion in claim["criteria"]]
        named = Counter(name for part in claim["part"] for name in part["criteria"])
        assert named == Counter(bound.quantity for bound in bounds), claim["id"]
        assert all(len(bound.reason) > 10 for bound in bounds)
        assert {part["role"] for part in claim["part"]} <= {"core", "further", "ours"}
        assert any(part["role"] == "core" for part in claim["part"])
        assert 5 < len(claim["title"]) <= 48, claim["title"]


def test_a_bound_that_holds_does_not_contradict():
    for claim in LAW["claim"]:
        for criterion in claim["criteria"]:
            bound = Criterion(**criterion)
            edge = bound.at_least if bound.at_most is None else bound.at_most
            assert bound.holds(edge), bound.quantity
            assert not bound.contradicted(edge), bound.quantity


FIRST = {
    "law": "757b01aac4d06e15",
    "margin": "34e901a9af423242",
    "told": "6b6880a43a4be59f",
    "soon": "fbf2ac14c2608b4b",
}


@pytest.mark.parametrize("name", FIRST)
def test_nothing_has_changed_since_it_was_frozen(name):
    text = (Path(claims.__file__).parent / f"{name}.toml").read_text(encoding="utf-8")
    assert sha256(text.encode()).hexdigest()[:16] == FIRST[name]
    assert f"{name}.toml" in FROZEN
