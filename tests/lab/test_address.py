"""Python and the page take and refuse the same addresses: the rules are one file."""

import math

import pytest
from test_settings import READ, SOURCE

from grokutils.parity.config import TrainConfig, configure
from lab.address import RULES, address_of, can_train, changes_of, check_address, paper

GOOD = [
    "",
    "seed=13&lr=0.2",
    "lr=1e-1&width=2e2&seed=%205",
    "n_bits=160&k_relevant=160",
    "loss=hinge&optimizer=sgd&dtype=float64",
    "change=initial_scale&to=4&at=start",
    "change=initial_scale&to=4&at=0",
    "change=clamp",
    "change=clamp&set=3,17, 20&at=299",
    "change=clamp&set=matched&at=generalization",
    "change=alone&set=19&width=20",
    "change=n_train&to=100&at=500&epochs=501",
    "change=mask&to=0.1&at=start",
    "change=mask&to=1",
]
BAD = [
    "change=initial_scale&to=4",
    "change=initial_scale&to=4&at=1",
    *("n_bits=161", "lr=20", "width=30000", "n_train=100001", "batch_size=1e6"),
    *("toString=1", "set=sparse", "change=toString", "change=clamp&at=valueOf"),
    *("change=", "change=clamp&set=", "change=clamp&set=constructor", "change=clamp&set=picked"),
    *("change=clamp&set=3,1000", "change=clamp&set=-1", "change=clamp&set=1.5", "at=75"),
    *("change=clamp&at=epoch", "change=clamp&at=", "change=clamp&at=300", "change=clamp&at=1e1"),
    *("change=lr", "change=lr&to=0", "change=lr&to=", "change=n_train&to=1.5", "to=1"),
    *("change=mask", "change=mask&to=0", "change=mask&to=1.01", "change=mask&to=x", "mask=0.1"),
    *("loss=logistic", "seed=1&seed=2", "seed=1&seed=1", "change=lr&change=lr&to=1", "seed"),
    *("lr=0x1", "width=0b11", "width=1_0", "seed=%D9%A3", "lr=nan", "lr=inf", "lr=1e999"),
    *("change=clamp&set=%D9%A3", "change=clamp&at=%D9%A3", "epoch=5", "neurons=5", "k_relevant=41"),
]


def taken(query):
    """Return whether Python takes an address."""
    try:
        check_address(query)
    except ValueError:
        return False
    return True


def page_takes(node, queries):
    """Return for each address whether the page takes it."""
    told = node(SOURCE, READ, [f"?{query}" for query in queries])
    return [not read["faults"] and not read["wrong"] for read in told]


def test_both_take_the_good_and_refuse_the_bad(node):
    page = dict(zip(GOOD + BAD, page_takes(node, GOOD + BAD), strict=True))
    assert [query for query in GOOD if not (taken(query) and page[query])] == []
    assert [query for query in BAD if taken(query) or page[query]] == []


@pytest.mark.parametrize("name", RULES["fields"])
def test_both_draw_the_bounds_of_a_field_at_the_same_place(node, name):
    rule = RULES["fields"][name]
    ends = {paper()[name], *(rule[end] for end in ("least", "above", "most") if end in rule)}
    values = [value + step for value in ends for step in (-1, -0.5, 0, 0.5, 1)]
    values += [math.nextafter(value, to) for value in ends for to in (-math.inf, math.inf)]
    queries = [f"n_bits=160&{name}={value!r}" for value in values if name != "n_bits"]
    queries += [f"k_relevant=1&{name}={value!r}" for value in values if name == "n_bits"]
    found = [taken(query) for query in queries]
    assert found == page_takes(node, queries)
    assert set(found) == {True, False}
    for value, good in zip(values, found, strict=True):
        if good and name != "seed":  # what the lab takes, the book trains
            whole = int(value) if float(value).is_integer() else value
            configure(configure(TrainConfig(), n_bits=160, k_relevant=1), **{name: whole})
    ok = {value for value, good in zip(values, found, strict=True) if good}
    assert rule["most"] in ok
    assert max(ok) <= rule["most"]
    assert rule.get("least", rule.get("above")) <= min(ok)


def test_a_row_of_a_table_is_an_address_of_its_run():
    row = {
        "seed": 0,
        "lr": 0.1,
        "width": 30.0,
        "weight_decay": 0.003,
        "loss": "hinge",
        "steps": 9600,
    }
    row |= {"last_epoch": 236.0, "n_train": None, "effective_sparsity": 6}
    assert can_train(row)
    assert changes_of(row) == {"width": 30, "weight_decay": 0.003, "seed": 0}
    assert set(address_of(row).split("&")) == {
        *("width=30", "weight_decay=0.003", "seed=0", "epochs=236")
    }
    assert not can_train(row | {"loss": "logistic"})
    assert not can_train(row | {"width": 20_001})
    with pytest.raises(ValueError, match="epochs"):
        address_of(row | {"last_epoch": 0})
