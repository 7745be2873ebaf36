"""Every verdict follows from the numbers, on both sides of each bound, by the source's parts."""

import math

import pytest
from edges import OF_A_CLAIM, OF_A_CRITERION, OF_A_PART, at_the_bounds, bound, core, words, worse

from experiments.measured import Measured, Reading, divided
from experiments.registry import CLAIMS


@OF_A_CLAIM
def test_a_claim_whose_bounds_are_just_met_is_reproduced(claim):
    measured = at_the_bounds(claim)
    assert claim.verdict(measured) == words(claim)["reproduced"]
    assert claim.count(measured) == (len(claim.parts), len(claim.parts))


@OF_A_CRITERION
def test_one_quantity_beyond_its_bound_fails_its_part(part, criterion):
    tampered = at_the_bounds(part, **{criterion.quantity: worse(criterion, bound(criterion))})
    assert part.verdict(at_the_bounds(part)) == "holds"
    assert part.verdict(tampered) == "does not hold"


@OF_A_CRITERION
def test_one_quantity_at_its_limit_contradicts_its_part(part, criterion):
    far = criterion.contradicts
    sign = 1 if criterion.at_most is None else -1
    if far is None:  # then nothing does
        tampered = at_the_bounds(part, **{criterion.quantity: -sign * 1e9})
        assert part.verdict(tampered) == "does not hold"
        return
    assert sign * far < sign * bound(criterion)  # there is room for "does not hold" in between
    for value in (far, worse(criterion, far)):
        assert part.verdict(at_the_bounds(part, **{criterion.quantity: value})) == "contradicted"
    just_short = at_the_bounds(part, **{criterion.quantity: math.nextafter(far, bound(criterion))})
    assert part.verdict(just_short) == "does not hold"


@OF_A_PART
def test_a_part_moves_the_word_only_if_its_source_leads_with_it(claim, part):
    failed = {c.quantity: worse(c, bound(c)) for c in part.criteria}
    measured = at_the_bounds(claim, **failed)
    if part.role != "core":
        expected = "reproduced"
    else:
        expected = "partly" if len(core(claim)) > 1 else "not reproduced"
    assert claim.verdict(measured) == words(claim)[expected]
    assert claim.count(measured) == (len(claim.parts) - 1, len(claim.parts))


@OF_A_PART
def test_a_part_that_is_contradicted_outweighs_the_others_if_its_source_leads_with_it(claim, part):
    if all(c.contradicts is None for c in part.criteria):
        return
    far = {c.quantity: c.contradicts for c in part.criteria if c.contradicts is not None}
    contradicted = claim.verdict(at_the_bounds(claim, **far)) == words(claim)["contradicted"]
    assert contradicted == (part.role == "core")


@OF_A_CRITERION
def test_what_is_no_number_neither_holds_nor_contradicts(part, criterion):
    for reading in (Reading.NOTHING, Reading.FEW, Reading.UNSETTLED, Reading.NOT_RUN):
        unknown = Measured(math.nan, 0, reading)
        assert part.verdict(at_the_bounds(part, **{criterion.quantity: unknown})) == "not judged"
    assert part.verdict(at_the_bounds(part, **{criterion.quantity: math.nan})) == "not judged"


@OF_A_CRITERION
def test_nothing_meets_a_bound_by_being_infinite(part, criterion):
    good = math.inf if criterion.at_most is None else -math.inf
    assert not criterion.holds(good)
    assert not criterion.contradicted(good)
    assert not criterion.holds(-good)
    assert criterion.contradicted(-good) == (criterion.contradicts is not None)


@OF_A_CRITERION
def test_a_censored_number_meets_a_bound_only_by_what_is_certain(part, criterion):
    low, high = (Measured(bound(criterion), 9, Reading[n]) for n in ("AT_LEAST", "AT_MOST"))
    sure, other = (low, high) if criterion.at_most is None else (high, low)
    assert criterion.holds(sure)
    assert not criterion.holds(other)
    assert not criterion.holds(Measured(worse(criterion, sure), 9, sure.reading))
    if criterion.contradicts is not None:
        assert criterion.contradicted(Measured(criterion.contradicts, 9, other.reading))
        assert not criterion.contradicted(Measured(criterion.contradicts, 9, sure.reading))


NUMBER, LEAST, MOST, NEVER = (Reading[name] for name in ("NUMBER", "AT_LEAST", "AT_MOST", "NEVER"))


@pytest.mark.parametrize(
    ("one", "other", "value", "reading"),
    [
        ((30.0, NUMBER), (10.0, NUMBER), 3.0, "NUMBER"),
        ((30.0, LEAST), (10.0, NUMBER), 3.0, "AT_LEAST"),
        ((30.0, MOST), (10.0, NUMBER), 3.0, "AT_MOST"),
        ((30.0, NUMBER), (10.0, LEAST), 3.0, "AT_MOST"),
        ((30.0, NUMBER), (10.0, MOST), 3.0, "AT_LEAST"),
        ((30.0, LEAST), (10.0, MOST), 3.0, "AT_LEAST"),
        ((30.0, MOST), (10.0, LEAST), 3.0, "AT_MOST"),
        ((30.0, LEAST), (10.0, LEAST), math.nan, "NOTHING"),
        ((30.0, MOST), (10.0, MOST), math.nan, "NOTHING"),
        ((math.inf, NEVER), (10.0, NUMBER), math.inf, "NEVER"),
        ((math.inf, NEVER), (10.0, LEAST), math.nan, "NOTHING"),
        ((30.0, NUMBER), (math.inf, NEVER), math.nan, "NOTHING"),
        ((30.0, NUMBER), (0.0, NUMBER), math.nan, "NOTHING"),
        ((0.0, NUMBER), (0.0, NUMBER), math.nan, "NOTHING"),
        ((0.0, NUMBER), (10.0, NUMBER), 0.0, "NUMBER"),
        ((math.nan, NUMBER), (1.0, NUMBER), math.nan, "NOTHING"),
        ((1.0, NUMBER), (math.nan, Reading.FEW), math.nan, "NOTHING"),
        ((-2.0, NUMBER), (10.0, NUMBER), -0.2, "NUMBER"),
        ((-2.0, NUMBER), (10.0, LEAST), math.nan, "NOTHING"),  # it may be nearer 0, from below
        ((30.0, LEAST), (-10.0, NUMBER), math.nan, "NOTHING"),
    ],
)
def test_of_two_numbers_divided_what_is_certain_is_known(one, other, value, reading):
    found = divided(Measured(one[0], 20, one[1]), Measured(other[0], 12, other[1]))
    assert found.reading is Reading[reading]
    assert found == value or (math.isnan(value) and math.isnan(found))
    assert found.runs == 12  # the fewer


def test_what_is_divided_is_over_the_runs_that_are_known():
    assert divided(3.0, 2.0).runs is None
    assert divided(Measured(3.0, 7), 2.0).runs == divided(3.0, Measured(2.0, 7)).runs == 7


def test_a_reading_is_in_the_words_beside_a_number():
    assert str(Measured(25.0, 20, Reading.AT_LEAST)) == "at least 25"
    assert f"{Measured(25.0, 20, Reading.AT_LEAST):.1f}" == "at least 25.0"
    assert f"{Measured(13.2352941, 20, Reading.AT_LEAST)}" == "at least 13.2"
    assert str(Measured(math.inf)) == f"{Measured(math.inf):.2f}" == "never"
    assert str(Measured(-0.25)) == "−0.25"
    assert all(reading.value.advice for reading in Reading if reading is not Reading.NUMBER)


@OF_A_CLAIM
def test_a_claim_of_which_nothing_is_known_is_not_yet_measured(claim):
    unknown = {c.quantity: math.nan for c in claim.criteria}
    assert claim.verdict({}) == claim.verdict(unknown) == "not yet measured"
    assert claim.count(unknown) == (0, 0)


def test_every_claim_has_what_its_source_leads_with():
    assert all(core(claim) for claim in CLAIMS.values())
