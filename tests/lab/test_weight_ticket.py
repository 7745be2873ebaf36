"""The weight ticket: the lab's run is the table's row, and in the page it is no neuron ticket."""

import pytest
from playwright.sync_api import expect

from experiments.methods.masks import keep_mask, masked
from experiments.tables.tickets import PAPER, mask_of, measure
from grokutils.parity.network import network, start_of
from grokutils.parity.race import train_epochs
from grokutils.parity.weights import weights_digest
from lab.address import RULES

SEED, SHARE = 7, RULES["experiments"]["train the weight ticket"]["to"]
SMALL = "n_bits=12&k_relevant=2&n_train=150&width=60&epochs=120&seed=5"
RUN = """const [seed, to, last] = given, settings = { ...PAPER, seed };
const change = { kind: "mask", at: 0, to }, first = new Experiment(settings);
while (first.run.epoch < settings.epochs) first.step();
const places = first.winnersFor(change), ticket = new Experiment(settings, change);
ticket.give(places);
while (ticket.run.epoch < last) ticket.step();
const { train, test, sparsity } = ticket.measure();
tell({ ...ticket.events, places: [...places].sort((a, b) => a - b), sparsity,
  train: train.accuracy, test: test.accuracy, digest: ticket.digest() });"""


def test_the_labs_ticket_is_the_tables_row(node):
    row = measure("ticket", "end", SHARE, PAPER.weight_decay, 9_600, SEED)
    last = int(row["last_epoch"])
    found = node("worker/experiment shared/given", RUN, [SEED, SHARE, last])
    kept = mask_of("ticket", "end", SHARE, SEED)
    assert found["places"] == kept.ravel().nonzero()[0].tolist()
    assert len(found["places"]) == row["kept"] == SHARE * kept.size
    assert found["memorization"] == row["memorization_epoch"]
    assert found["generalization"] == row["generalization_epoch"] < last
    assert [found["train"], found["test"]] == [row["train_accuracy"], row["test_accuracy"]]
    assert found["sparsity"] == row["effective_sparsity"]
    net = network(PAPER, SEED, masked(start_of(PAPER, SEED), kept))
    for _ in train_epochs(net, PAPER, last=last, after_step=keep_mask(net, kept)):
        pass
    assert (net.weights().hidden_weight[~kept] == 0).all()
    assert found["digest"] == weights_digest(net.weights())


@pytest.mark.parametrize("ticket", ["neuron", "weight"])
def test_each_ticket_is_an_experiment_of_the_lab(page, show, ticket):
    lab = show(f"train the {ticket} ticket")
    expect(lab.locator("[data-field=to]")).to_be_visible(visible=ticket == "weight")
    expect(lab.locator("[data-field=set]")).to_be_visible(visible=ticket == "neuron")
    if ticket == "weight":
        assert lab.locator("[data-field=to] label").inner_text() == "Share of weights"
        lab.set("to", 0)
        assert "Share of weights must be" in lab.status


def test_a_weight_ticket_trains_beside_the_run_that_it_is_read_from(page, show):
    lab = show(query=f"?{SMALL}&change=alone&at=start")
    lab.answer("I would rather see")
    lab.press("Train")
    lab.sees("Done.", timeout=60_000)
    neuron = lab.digests()
    lab.set("change", "mask")
    lab.set("to", 0.2)
    assert lab.digests() == {"undisturbed": neuron["undisturbed"]}
    lab.answer("sooner")
    lab.press("Train")
    lab.sees("Done.", timeout=60_000)
    assert "With the largest weights alone, a share of 0.2, from epoch 0: gen" in lab.status
    assert "You predicted “sooner”: so it was." in lab.status
    weight = lab.digests()
    assert weight["undisturbed"] == neuron["undisturbed"] != weight["changed"]
    assert weight["changed"] != neuron["changed"]
    lab.set("to", 0.1)  # another share of the same weights
    lab.answer("I would rather see")
    lab.press("Train")
    lab.sees("a share of 0.1", timeout=60_000)
    lab.sees("Done.")
    assert lab.digests()["changed"] != weight["changed"]
    lab.press("Repeat over 10 seeds")
    lab.sees("Done: 10 of 10 seeds.", timeout=60_000)
    assert "Changed: 10 of 10 seeds generalized" in lab.status
