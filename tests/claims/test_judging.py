"""Every verdict follows from the numbers, on both sides of each bound."""

import math

from edges import OF_A_CLAIM, OF_A_CRITERION, at_the_bounds, bound, missed, words, worse


@OF_A_CLAIM
def test_a_claim_whose_bounds_are_just_met_is_reproduced(claim):
    assert claim.verdict(at_the_bounds(claim)) == words(claim)["reproduced"]


@OF_A_CRITERION
def test_one_quantity_beyond_its_bound_changes_the_verdict(claim, criterion):
    tampered = at_the_bounds(claim, **{criterion.quantity: worse(criterion, bound(criterion))})
    assert claim.verdict(tampered) == missed(claim)


@OF_A_CRITERION
def test_one_quantity_at_its_limit_contradicts_the_claim(claim, criterion):
    far = criterion.contradicts
    sign = 1 if criterion.at_most is None else -1
    if far is None:  # then nothing does
        far = -sign * math.inf
        assert claim.verdict(at_the_bounds(claim, **{criterion.quantity: far})) == missed(claim)
        return
    assert sign * far < sign * bound(criterion)  # there is room for "partly" in between
    for value in (far, worse(criterion, far)):
        tampered = at_the_bounds(claim, **{criterion.quantity: value})
        assert claim.verdict(tampered) == words(claim)["contradicted"]
    just_short = at_the_bounds(claim, **{criterion.quantity: math.nextafter(far, bound(criterion))})
    assert claim.verdict(just_short) == missed(claim)


@OF_A_CLAIM
def test_a_claim_of_which_nothing_holds_is_not_reproduced(claim):
    just_missed = {c.quantity: worse(c, bound(c)) for c in claim.criteria}
    assert claim.verdict(just_missed) == words(claim)["not reproduced"]
    far_off = {c.quantity: -1e9 if c.at_most is None else 1e9 for c in claim.criteria}
    contradicts = any(c.contradicts is not None for c in claim.criteria)
    expected = "contradicted" if contradicts else "not reproduced"
    assert claim.verdict(far_off) == words(claim)[expected]


@OF_A_CRITERION
def test_what_is_not_a_number_neither_holds_nor_contradicts(claim, criterion):
    assert not criterion.holds(math.nan)
    assert not criterion.contradicted(math.nan)
    assert claim.verdict(at_the_bounds(claim, **{criterion.quantity: math.nan})) == missed(claim)


@OF_A_CRITERION
def test_what_is_infinite_holds_on_one_side_and_speaks_against_the_claim_on_the_other(
    claim, criterion
):
    good = math.inf if criterion.at_most is None else -math.inf
    assert criterion.holds(good)
    assert not criterion.contradicted(good)
    assert not criterion.holds(-good)
    assert criterion.contradicted(-good) == (criterion.contradicts is not None)


@OF_A_CLAIM
def test_one_quantity_that_contradicts_outweighs_all_others(claim):
    for criterion in claim.criteria:
        if criterion.contradicts is not None:
            good = math.inf if criterion.at_most is None else -math.inf
            others = {c.quantity: math.nan for c in claim.criteria}
            at_limit = others | {criterion.quantity: criterion.contradicts}
            assert claim.verdict(at_limit) == words(claim)["contradicted"]
            held = others | {criterion.quantity: good}
            assert claim.verdict(held) != words(claim)["contradicted"]
