"""What this book found that is news: a sentence each, its numbers by code, and its place."""

from collections import Counter
from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from experiments import stored
from experiments.claims import Result
from experiments.decides import l10_soon


class News(NamedTuple):
    """A sentence with measured numbers, and the page and the label where it is shown."""

    sentence: str
    page: str
    label: str


def news(results: Iterable[Result]) -> list[News]:
    """Return what is news, with the numbers of the second draw.

    Each stands on tables alone or on a claim; one whose claim is not measured is left out.
    """
    of = {result.id: result for result in results}
    found = [_two_sparsities(), _columns_beat_the_ticket(), _broad_neurons()]
    if told := [r for r in of.values() if r.claim.where == "experiments/law.toml" and r.seeds]:
        found.append(_law(told))
    for claim, sentence in CLAIMED.items():
        result = of[claim]
        if result.measured:
            label = f"claim-{claim.lower()}"
            found.append(News(sentence.format_map(result.measured), result.claim.chapter, label))
    return found


# Of each claim, what is news of it.
CLAIMED = {
    "S1": "One part of a theorem of gradient flow holds nearly to the number: with the logistic "
    "loss and an output of zero at the start, the wait grows with the logarithm of the initial "
    "scale at a slope off one by {slope_off_logistic:.2f}.",
    "S10b": "Latent states of the weights explain {explained_by_whole_run:.2f} of the variance of "
    "when a run generalizes, but {explained_by_early_states:.2f} if they may not see what they "
    "explain: the first is no forecast, as its authors say themselves.",
    "S15": "By a law of a later paper the wait, in steps times learning rate times weight decay, "
    "follows the logarithm of a ratio of norms; over our settings the wait for each unit of that "
    "logarithm differs by a factor of {spread_of_ticks_over_log_ratio:.0f}.",
    "S9": "Where networks fit wrong labels and generalize at once, size parts the two: the largest "
    "neurons alone set them apart by {undone_by_pruning:.2f}, {undone_over_random:.2f} more than "
    "as many random ones (medians).",
}


def _two_sparsities():
    table = stored.table("illusions", "second")
    at = table[(table["at"] == "generalization") & (table["inputs"] == "fresh")]
    few, many, agree = at[["size", "size_by_fresh", "agrees_sparse"]].median()
    return News(
        f"At the jump {few:.0f} neurons predict what the network does on all of its training "
        f"inputs; on fresh ones they do on a share of {agree:.3f}, and to do so on each of two "
        f"thousand it takes {many:.0f} (medians of {len(at)} seeds).",
        "29_illusions",
        "claim-s14",
    )


def _columns_beat_the_ticket():
    table = stored.table("tickets", "second")
    rows = table[(table["at"] == "end") & (table["weight_decay"] == 0.01) & (table["share"] == 0.1)]
    when = rows.groupby("mask")["generalization_epoch"].median()
    return News(
        "A winning ticket (the tenth of the weights that is largest at the end, alone from the "
        f"start) generalizes at epoch {when['ticket']:.0f} where its network "
        f"takes {when['dense']:.0f}; the three relevant columns alone, at random neurons, take "
        f"{when['columns']:.1f}: a ticket tells which bits must meet in a neuron.",
        "26_tickets",
        "claim-s11",
    )


def _broad_neurons():
    table = stored.table("sizes")
    dnf, firing = int(table["dnf"].sum()), table["firing"].str.split()
    most = firing.map(lambda of: max(int(neuron[:-1], 16).bit_count() for neuron in of))
    broad = int((most >= 3).sum())
    return News(
        f"Of {len(table)} sparse circuits {dnf} have one neuron for each sign pattern; {broad} "
        "have a neuron that fires on three patterns or more.",
        "07_sizes",
        "claim-c10",
    )


def _law(told):
    words = Counter(result.verdict for result in told)
    counted = ", ".join(f"{number} {word}" for word, number in words.most_common())
    found = l10_soon.compared(stored.table("law_soon", "fresh"))
    soon, off = found["soon"], found["off"]
    return News(
        f"Of {len(told)} claims that this book froze before their runs, on how long networks wait, "
        f"the words are: {counted}. What was left was frozen again: on new settings and seeds, of "
        f"{soon.sum()} settings that memorize within {l10_soon.SOON} ticks {(off & soon).sum()} "
        f"left the frozen line, of {(~soon).sum()} others {(off & ~soon).sum()}.",
        "18_law",
        "claim-l10",
    )


def as_html(found: Iterable[News]) -> str:
    """Return news as an HTML list, each with a link to where it is shown."""
    items = (
        f'<li>{escape(n.sentence)} <a href="{n.page}.html#{n.label}">Where it is shown</a></li>'
        for n in found
    )
    return f'<ul class="news">{"".join(items)}</ul>'
