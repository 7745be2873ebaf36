"""The lab's settings, addresses, predictions and words, under Node."""

import pytest

from grokutils.parity.config import TrainConfig, configure
from grokutils.show.lab import Lab

SOURCE = """shared/given shared/rules page/settings page/address page/form page/summary
page/ten_seeds"""
FIELDS = [
    *("n_bits", "k_relevant", "n_train", "n_test", "width", "lr", "weight_decay", "batch_size"),
    *("label_noise", "initial_scale", "seed", "epochs"),
]
OF_ANY_SIZE = ("lr", "weight_decay", "label_noise", "initial_scale")


def refused(name, value):
    """Return whether Python refuses a value of a field."""
    try:
        configure(TrainConfig(), **{"k_relevant": 1, name: value})
    except ValueError:
        return True
    return False


@pytest.mark.parametrize("name", [f for f in FIELDS if f != "seed"])
def test_what_python_refuses_the_lab_refuses(node, name):
    values = [-1, -1e-9, 0, 1e-9, 0.5, 1, 1.5, 2, 40, 41]
    told = node(
        SOURCE, "tell(given[1].map((v) => fault(given[0], String(v), PAPER)));", [name, values]
    )
    whole, most = name not in OF_ANY_SIZE, {"lr": 10, "weight_decay": 10}.get(name, 100)
    for value, fault in zip(values, told, strict=True):
        given = int(value) if whole and value == int(value) else value
        if value <= most:  # a browser's own bound
            assert bool(fault) == refused(name, given), (name, value, fault)


def test_every_field_is_there_with_the_papers_value(node):
    assert node(SOURCE, "tell(Object.keys(FIELDS));") == FIELDS
    assert node(SOURCE, "tell(Object.keys(PAPER).sort());") == sorted(FIELDS)
    assert node(SOURCE, "tell(Object.keys({ ...STARTS, ...EXPERIMENTS }));") == list(
        Lab.preset.values
    )


READ = """tell(given.map((query) => {
  const { texts, faults } = readAddress(query), all = { ...PAPER, ...NO_CHANGE, ...texts };
  const names = Object.keys(FIELDS);
  const settings = Object.fromEntries(names.map((name) => [name, Number(all[name])]));
  const wrong = names.filter((name) => fault(name, String(all[name]), settings));
  const said = Object.fromEntries(CHANGE_FIELDS.map((name) => [name, String(all[name])]));
  const change = changeFaults(said, settings);
  wrong.push(...Object.keys(change).filter((name) => change[name]));
  return { faults, wrong, back: wrong.length ? null : writeAddress(settings, changeOf(all)) };
}));"""
ADDRESSES = [
    "",
    "?weight_decay=0.001&seed=13&epochs=2500",
    "?n_train=300&width=50&label_noise=0.05&initial_scale=4",
    "?change=clamp&set=sparse&at=memorization",
    "?change=alone&set=random&at=start",
    "?change=remove&set=3,17,20&at=75",
    "?change=mask&at=start&to=0.1",
    "?change=weight_decay&at=75&to=0",
    "?change=n_train&at=generalization&to=100",
]


def test_an_address_is_read_as_it_was_written(node):
    for query, read in zip(ADDRESSES, node(SOURCE, READ, ADDRESSES), strict=True):
        assert read["faults"] == read["wrong"] == []
        assert sorted(read["back"].strip("?").split("&")) == sorted(query.strip("?").split("&"))


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("?seed=-1", "seed"),
        ("?seed=9007199254740992", "seed"),
        ("?lr=fast", "lr"),
        ("?k_relevant=41", "k_relevant"),
        ("?change=lr&at=10&to=0", "to"),
        ("?change=lr&at=10", "to"),
        ("?change=clamp&at=300", "epoch"),
        ("?change=clamp&at=soon", "epoch"),
        ("?change=clamp&set=3,1000", "neurons"),
        ("?change=clamp&set=all", "neurons"),
        ("?change=initial_scale&at=5&to=2", "at"),
    ],
)
def test_what_is_wrong_in_an_address_is_said_at_its_field(node, query, wrong):
    assert node(SOURCE, READ, [query])[0]["wrong"] == [wrong]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("?wieght_decay=0", "wieght_decay"),
        ("?loss=logistic", "loss"),
        ("?optimizer=adamw", "optimizer"),
        ("?change=explode", "explode"),
        ("?at=75", "at"),
    ],
)
def test_what_an_address_cannot_mean_is_named(node, query, word):
    (fault,) = node(SOURCE, READ, [query])[0]["faults"]
    assert word in fault
    assert node(SOURCE, READ, ["?loss=hinge&dtype=float64"])[0]["faults"] == []


RUNS = """
const run = (memorization, generalization, change, { accuracy = 1, epoch = 300 } = {}) => ({
  finished: epoch === 300, settings: { ...PAPER }, waits: false, neurons: null,
  change: { kind: "clamp", set: "sparse", at: "memorization", ...given.change },
  events: { memorization, generalization, change },
  epoch, latest: { epoch, train: { accuracy: 1 }, test: { accuracy }, sparsity: 6 } });
"""


@pytest.mark.parametrize(
    ("first", "second", "guess", "said"),
    [
        ("27, 133, null", "27, 171, 27", "later", "171 instead of 133. You predicted “later”: so"),
        ("27, 133, null", "27, 100, 27", "later", "You predicted “later”; it was “sooner”."),
        ("27, 133, null", "27, null, 27", "none", "not generalized by epoch 300, instead of at"),
        (
            *("27, 133, null", "27, null, 27", "sooner"),
            "You predicted “sooner”; it was “not by epoch 300”.",
        ),
        ("27, 133, null", "27, null, 27", "never", "You predicted “not by epoch 300”: so it was."),
        ("27, 133, null", "27, 146, 27", "same", "You predicted “about the same”: so it was."),
        ("27, 133, null", "27, 147, 27", "same", "You predicted “about the same”; it was “later”."),
        (
            "27, 133, null",
            "27, 119, 27",
            "same",
            "You predicted “about the same”; it was “sooner”.",
        ),
        ("27, null, null", "27, 200, 27", "sooner", "200 instead of never. You predicted “sooner”"),
        (
            *("27, 133, null", "27, 133, 27", "never"),
            "You predicted “not by epoch 300”; it was “about the same",
        ),
        ("27, 133, null", "27, 133, 200, { accuracy: 0.5 }", "none", "accuracy 50 % at the end, "),
        ("27, 133, null", "27, null, 27, { epoch: 90 }", "never", "not generalized yet, at epoch"),
        ("null, null, null", "null, null, null", "never", "made, since there was no memorization."),
    ],
)
def test_the_summary_says_what_differed(node, first, second, guess, said):
    script = RUNS + f"tell(summary(run({first}), run({second}), false, '{guess}'));"
    told = node(SOURCE, script, {"change": {}})
    assert said in told
    assert told.count("You predicted") == said.count("You predicted")
    assert ("Held down from epoch" in told) == (second != "null, null, null")


@pytest.mark.parametrize(("accuracy", "found"), [(0.5, "lost"), (1, "kept")])
def test_a_change_of_data_asks_whether_it_is_kept(node, accuracy, found):
    given = {"change": {"kind": "n_train", "at": 200, "to": 100}}
    script = (
        RUNS
        + f"""const two = [run(27, 133, null), run(27, 133, 200, {{ accuracy: {accuracy} }})];
    tell([questionOf(two[1].change), outcome("keeps", ...two)]);"""
    )
    assert node(SOURCE, script, given) == ["keeps", found]


def test_the_median_over_seeds_counts_those_that_never_did(node):
    values = [5, 3, None, 9, None]  # JSON's null stands for infinity
    script = """const values = given.map((epoch) => epoch ?? Infinity);
    tell([0.25, 0.5, 1].map((share) => quantile(values, share)));"""
    assert node(SOURCE, script, values) == [5, 9, None]
