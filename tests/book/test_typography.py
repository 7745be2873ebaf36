"""Lines of the rendered text: what stands beside a formula stays with it, and nothing is lost."""

import re
from types import SimpleNamespace

import pytest
import typography

X = '<span class="math notranslate nohighlight">\\(x &lt; 1\\)</span>'


def lines(body):
    """Return the body of a page after the extension."""
    context = {"body": body}
    typography.set_lines(SimpleNamespace(), "page", "page.html", context, None)
    return context["body"]


@pytest.mark.parametrize(
    "text", [f"of {X}, then", f"({X} on parity)", f"<td>{X}.</td>", f"“{X}”-th"]
)
def test_a_formula_and_its_marks_are_one_piece(text):
    changed = lines(text)
    (piece,) = re.findall(r'<span class="piece">(.*?</span>[^<]*)</span>', changed)
    assert X in piece
    assert piece != X
    assert re.sub(r'<span class="piece">(.*?</span>[^<]*)</span>', r"\1", changed) == text


@pytest.mark.parametrize("text", [f"of {X} then", f"<td>{X}</td>", f"{X} {X}", f"{X}&nbsp;and"])
def test_a_formula_by_itself_stays_as_it_is(text):
    assert lines(text) == text


def test_a_negative_number_from_the_run_has_a_minus():
    number = '<span class="pasted-text">{}</span>'
    assert lines(number.format("-1.06")) == number.format("−1.06")
    for other in ("1.06", "two-layer", "- no"):
        assert lines(number.format(other)) == number.format(other)
