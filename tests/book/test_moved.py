"""Addresses from before the chapters were cut into pages: each leads to what it named."""

import moved
import pytest
from rendered import ROOT, SITE

from experiments.registry import CLAIMS

pytestmark = [pytest.mark.site, pytest.mark.usefixtures("_built")]
# Where the claims were judged before.
BEFORE = {
    "03_norm_dynamics": ["C4", "C7", "C8"],
    "04_subnetworks": ["C2", "C5", "C9", "C10", "C11", "C12", "C17"],
    "05_decay": ["C3", "C13", "C14"],
    "06_limits": ["C16"],
    "07_causes": ["C6"],
    "08_operators": ["C15"],
    "09_delay": ["S1", "S2", "S3", "S4", "S5a", "S5b", "S5c", "S6", "S15", "M1"],
    "10_data": ["S7", "S8", "S9", "S10a", "S10b", "S16"],
    "11_structure": ["S11", "S12", "S13", "S14", "B1"],
    "12_law": [f"L{number}" for number in range(1, 10)],
}


def test_each_old_page_has_its_new_ones():
    assert list(moved.MOVED) == list(BEFORE)
    for old, pages in moved.MOVED.items():
        assert not (ROOT / f"chapters/{old}.ipynb").exists()
        assert {CLAIMS[claim].chapter for claim in BEFORE[old]} <= set(pages)


@pytest.mark.parametrize("old", BEFORE)
def test_an_old_address_of_a_claim_leads_to_it(visit, old):
    tab = visit(f"chapters/{old}.html")
    tab.wait_for_url(f"**/{moved.MOVED[old][0]}.html")
    for claim in BEFORE[old]:
        before = tab.url.rpartition("/")[0] + f"/{old}.html#claim-{claim.lower()}"
        tab.goto(
            before, wait_until="commit"
        )  # which page it is, is known before all of it is there
        after = f"**/{CLAIMS[claim].chapter}.html#claim-{claim.lower()}"
        tab.wait_for_url(after, wait_until="commit")


def test_of_a_disk_and_of_a_section_too(visit):
    address = f"{SITE.as_uri()}/"
    tab = visit("chapters/04_subnetworks.html#would-training-keep-them", address=address)
    tab.wait_for_url("**/33_kept.html#would-training-keep-them")


def test_without_a_script_the_pages_are_listed(visit):
    tab = visit("chapters/09_delay.html", java_script_enabled=False)
    links = tab.get_by_role("link").evaluate_all("a => a.map(a => a.getAttribute('href'))")
    assert links == [f"{page}.html" for page in moved.MOVED["09_delay"]]
