"""What `make smoke` replaces in the chapters is still there."""

import pytest
import smoke


@pytest.mark.parametrize("path", sorted(smoke.CHAPTERS.glob("0*.ipynb")), ids=lambda p: p.stem)
def test_each_replacement_is_found(path):
    cells = smoke.smaller(path, "aside").cells
    sources = [cell.source for cell in cells if cell.cell_type == "code"]  # an exercise has starts
    assert not any("range(20)" in source for source in sources if "seeds" in source)


def test_a_replacement_without_its_text_is_refused(monkeypatch):
    path = smoke.CHAPTERS / "01_task.ipynb"
    monkeypatch.setitem(smoke.REPLACED, path.stem, [("no such text", "")])
    with pytest.raises(ValueError, match=r"01_task.ipynb: 'no such text' is in no cell"):
        smoke.smaller(path, "aside")
