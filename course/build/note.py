"""Print the note on the law of the wait: the form of a workshop paper, the page's own numbers.

`note.md` is its text. Figures come from the rendered page by their label, numbers from what the
page measured, words for outcomes from the registry, references from `references.bib`.
"""

import re
import sys
from collections import Counter
from hashlib import sha256
from html import escape

import yaml
from markdown_it import MarkdownIt
from pybtex.database import parse_file

from course.build import book, browser
from experiments import claims
from experiments.decides.law_line import FROZEN
from experiments.make import module
from experiments.verdicts import SIGN
from grokutils.store.whole import write

TITLE = "A law of the wait: foretelling how long a network groks"
SOURCE = book.ROOT / "course" / "note.md"
TABLES = ("law_waits", "law_dials", "law_costs", "law_biases")
FIGURE = re.compile(r"^!\[(.+)\]\((.+)\)$", re.M)
NUMBER = re.compile("(?<=<figcaption>).*(?=</figcaption>)")
FOOTER = """<div style="font: 8px serif; width: 100%; text-align: center; color: #555">
<span class="pageNumber"></span></div>"""


class Cited(dict):
    """What `str.format_map` takes for ``{cite[key]}``, in brackets for ``{cite[(key)]}``."""

    def __init__(self):
        super().__init__()
        self.entries = parse_file(book.ROOT / "references.bib").entries

    def __missing__(self, key):
        entry = self.entries[key.strip("()")]
        names = [" ".join(person.last_names) for person in entry.persons["author"]]
        short = _plain(" and ".join(names) if len(names) < 3 else f"{names[0]} et al.")
        year = entry.fields["year"]
        self[key] = f"({short}, {year})" if key[0] == "(" else f"{short} ({year})"
        return self[key]

    def references(self):
        """Return the works cited so far as an HTML list, by author and year."""
        keys = sorted({key.strip("()") for key in self})
        items = "".join(f"<li>{_reference(self.entries[key])}</li>" for key in keys)
        return f'<ul class="references">{items}</ul>'


def _reference(entry):
    names = [_plain(str(person)).split(", ") for person in entry.persons["author"]]
    authors = ", ".join(" ".join(reversed(name)) for name in names)
    place = entry.fields.get("booktitle") or entry.fields.get("journal") or "arXiv"
    title, address = _plain(entry.fields["title"]), entry.fields["url"]
    text = f"{authors} ({entry.fields['year']}). {title}. {_plain(place)}. "
    return f'{escape(text)}<a href="{address}">{address.removeprefix("https://")}</a>'


def _plain(text):
    return text.replace("{", "").replace("}", "").replace("$", "").replace("\\", "")


def foretold():
    """Return the results of the claims that the page is about."""
    files = ("experiments/law.toml", "experiments/soon.toml")
    return [r for r in claims.results() if r.claim.where in files]


def outcome(results) -> str:
    """Say how many predictions were run, and how many came to which word; nothing if all were."""
    run = [result for result in results if result.seeds]
    if len(run) == len(results):
        return ""
    state = "None of the runs that judge it has been made" if not run else f"{len(run)} are run"
    return f"*A registered prediction, of {len(results)} claims. {state}.*"


def core(results) -> str:
    """Return a sentence on what came of the claims, counted by their words."""
    words = Counter(result.verdict for result in results if result.seeds)
    if not words:
        return "Its runs are still to be made."
    counted = ", ".join(f"{number} {word}" for word, number in words.most_common())
    return f"Of {sum(words.values())} claims that were run: {counted}."


def table(results) -> str:
    """Return a row for each claim: what was foretold, the word, its parts, and what came."""
    rows = "".join(
        f"<tr><th>{r.id}</th><td>{escape(r.claim.statement)}</td>"
        f"<td>{SIGN[r.verdict]} {r.verdict}</td><td>{r.count}</td></tr>"
        for r in results
    )
    head = "<th></th><th>foretold</th><th>word</th><th>parts that hold</th>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def parts(results) -> str:
    """Return a row for each quantity of each part: its sentence, bound, number and sign."""
    rows = "".join(
        f"<tr><th>{r.id}</th><td>{escape(part.sentence)} <i>({part.role})</i></td>"
        f"<td>{c.needed}</td><td>{SIGN[part.verdict(r.measured)]} {_number(r, c)}</td></tr>"
        for r in results
        for part in r.claim.parts
        for c in part.criteria
    )
    head = "<th></th><th>part</th><th>needed</th><th>came</th>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _number(result, criterion):
    value = result.measured.get(criterion.quantity)
    return book.UNKNOWN if value is None else str(value)


def document() -> str:
    """Return the note as one HTML page that needs no second file."""
    results, cite = foretold(), Cited()
    numbers, cff = book.numbers(), (book.ROOT / "CITATION.cff").read_text(encoding="utf-8")
    citation = yaml.safe_load(cff)
    calls = [call for name in TABLES for call in module(name).calls()]
    frozen = (book.ROOT / "experiments" / "law.toml").read_bytes()
    found = {
        "claims": len(results),
        "core": core(results),
        "exponents": ", ".join(map(str, FROZEN["exponents"]["foretold"].values())),
        "seed": min(call["seed"] for call in calls),
        "planned": f"{len(calls):,}",
        "table": table(results),
        "book": citation["title"],
        "version": citation["version"],
        "digest": sha256(frozen).hexdigest()[:16],
        "parts": parts(results),
        "references": "{found[references]}",  # once all are cited
    }
    numbers |= {"cite": cite, "found": found, "outcome": outcome(results)}
    text = SOURCE.read_text(encoding="utf-8").format_map(numbers)
    text = text.replace(found["references"], cite.references())
    body = MarkdownIt().render(FIGURE.sub(lambda found: _figure(*found.groups()), text))
    style = (SOURCE.parent / "build" / "note.css").read_text(encoding="utf-8")
    by = f"{citation['authors'][0]['name']}, {citation['date-released']}"
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>
<style>{style}</style></head><body><h1>{TITLE}</h1><p class="by">{by}</p>{body}</body></html>"""


def _figure(caption, label):
    """Return a figure of the book under a caption of the note's own."""
    caption = MarkdownIt().renderInline(caption)
    said = NUMBER.sub(lambda number: f"{caption} ({number[0]}.)", book.embedded(label))
    return f"\n{said}\n"


def main(target):
    """Print the note."""
    with browser.started() as chromium:
        tab = chromium.new_page()
        tab.set_content(document())
        tab.wait_for_function("[...document.images].every(image => image.complete)")
        printed = tab.pdf(
            format="A4",
            print_background=True,
            tagged=True,
            outline=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
            margin={"top": "20mm", "bottom": "20mm", "left": "24mm", "right": "24mm"},
        )
    write(target, printed)
    print(target)


if __name__ == "__main__":
    if not browser.find():
        sys.exit(f"The note is printed by a browser: {browser.MISSING}.")
    main(book.ROOT / "_build" / "law-of-the-wait.pdf")
