"""The pages of the law say what came, whatever it is."""

import json
import sys
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pytest
from test_law import MEMORIZED, WAITS, costs, foretold_dial, held, table_of

from experiments import claims, stored
from experiments.decides import law_waits
from experiments.tables import law_dials
from grokutils.show import playground, prose
from grokutils.store.paths import ROOT

pytestmark = pytest.mark.slow
PAGES = {
    name: json.loads((ROOT / "chapters" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    for name in ("18_law", "19_why")
}
LAW = [f"l{number}" for number in range(1, 11)]


@pytest.fixture
def told(monkeypatch, tmp_path):
    """Return a function that runs the pages' cells on some tables and gives what they say."""
    monkeypatch.setattr(claims, "LOCATION", tmp_path)
    monkeypatch.setattr(playground, "sweep", lambda *names, **fields: None)
    monkeypatch.setattr(law_waits.exponent, "__defaults__", (20, 0.95))  # a tenth of the draws
    shown = SimpleNamespace(dot=lambda points, line, horizons: seen.append(points))
    monkeypatch.setitem(sys.modules, "lab.widgets", shown)
    seen, said, read = [], {}, stored.table
    monkeypatch.setattr(prose, "say", lambda **values: said.update(values))

    def run(**tables):
        def table(name, draw=None):
            return tables[name] if name in tables else read(name, draw)

        monkeypatch.setattr(stored, "table", table)
        monkeypatch.setattr(stored, "complete", lambda name, draw: True)
        for name, cells in PAGES.items():
            place = {}
            for cell in cells:
                if cell["cell_type"] == "code":
                    exec(compile("".join(cell["source"]), name, "exec"), place)
            plt.close("all")
        return said | {"points": seen[-1]}

    return run


@pytest.mark.parametrize("bent", [False, True])
def test_each_claim_has_its_word(told, bent):
    waits = WAITS.copy()
    if bent:  # waits that grow with n by a power and a half more, and no wall
        longer = (waits["n_bits"] / 30) ** 1.5
        for event in ("generalization_epoch", "last_epoch"):
            waits[event] = MEMORIZED + (waits[event] - MEMORIZED) * longer
    dials = table_of(law_dials, foretold_dial)
    said = told(law_waits=waits, law_dials=dials, law_costs=costs(), law_biases=held())
    assert said["runs_made"] == len(waits)
    assert said["n_off"] == said["off_early"] + said["off_late"]
    assert "not yet measured" not in {said[name] for name in LAW}
    assert said["l1"] == ("contradicted by the runs" if bent else "came as foretold")
    assert said["l5"] == "came as foretold"
    assert said["l6"] == ("contradicted by the runs" if bent else "came in part")
    assert len(said["points"]) == len(waits) / 20
