"""Lay the rendered book out for paper: one HTML page, from the title page to the solutions.

What needs a screen has its figure and its address instead; solutions stand in an appendix. Where a
page number belongs, there is an empty `span.no`, which names its target: `pdf.py` fills it.
"""

import json
import posixpath
import re
from html import escape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import yaml
from bs4 import BeautifulSoup

from course.build.book import ROOT, SITE, embedded

STYLE = (Path(__file__).parent / "print.css").read_text(encoding="utf-8")
VIEW, STATE = (f"application/vnd.jupyter.widget-{kind}+json" for kind in ("view", "state"))
SOLUTIONS, APPENDIX = "solutions", "Hints and solutions"


def pages():
    """Return the pages of the book, each with its part, in the order of its table of contents."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    found = {toc["root"]: ""}
    for part in toc["parts"]:
        found |= {page: part["caption"] for entry in part["chapters"] for page in _named(entry)}
    return found


def _named(entry):
    """Return the pages that an entry names: a file, or all that a pattern matches."""
    if "file" in entry:
        return [entry["file"]]
    found = {path.with_suffix("") for path in ROOT.glob(entry["glob"]) if path.is_file()}
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def document():
    """Return all pages as one HTML page, for an address at the root of the site."""
    soups = {page: _soup(page) for page in pages()}
    styles, mathjax = {}, {}
    for page, soup in soups.items():
        for link in soup.select("link[rel=stylesheet]"):
            styles[_from_root(page, link["href"])] = None
        for script in soup.select("head script, body > script"):
            if "mathjax" in script.get("src", "").lower():
                script["src"] = _from_root(page, script["src"])
                mathjax[str(script)] = None
            elif "window.MathJax" in script.text:
                mathjax[str(script)] = None
    links = "".join(f'<link rel="stylesheet" href="{style}">' for style in styles)
    articles = {page: _article(page, soup) for page, soup in soups.items()}
    articles[SOLUTIONS] = _solutions(articles)
    heads = "".join(map(_running_head, dict.fromkeys([*pages().values(), APPENDIX])))
    for page, article in articles.items():
        article["style"] = f"page: {_sheets_of(pages().get(page, APPENDIX))}"
    cite = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    front = _title_page(cite, soups[next(iter(soups))]) + _contents(articles)
    return f"""<!DOCTYPE html><html lang="en" data-theme="light" data-mode="light">
<head><meta charset="utf-8"><title>{escape(cite["title"])}</title>{links}
<style>{STYLE}{heads}</style>{"".join(mathjax)}</head>
<body><main class="bd-main">{front}{"".join(map(str, articles.values()))}</main></body></html>"""


def _soup(page):
    return BeautifulSoup((SITE / f"{page}.html").read_text(encoding="utf-8"), "html.parser")


def _made(html):
    return BeautifulSoup(html, "html.parser")


def _from_root(page, link):
    """Return a link of a page as it is at the root of the site; one to elsewhere as it is."""
    return urljoin(f"{posixpath.dirname(page)}/", link).lstrip("/") if _is_near(link) else link


def _is_near(link):
    return not urlsplit(link).scheme and not link.startswith("//")


def _name(page, place=""):
    """Return a name of a place of a page that no other page has."""
    return f"{page.replace('/', '-')}--{place}" if place else page.replace("/", "-")


def _no(name):
    """Return the place of a page number."""
    return f'<span class="no" data-to="{name}"></span>'


def words(heading):
    """Return the words of a heading, without the link to itself."""
    return "".join(text for text in heading.strings if text != "#").strip()


# ---- around the chapters


def _title_page(cite, first):
    address = _address(first, "")
    lines = [
        f"<h1>{escape(cite['title'])}</h1>",
        *(f"<p>{escape(author['name'])}</p>" for author in cite["authors"]),
        f"<p>Version {cite['version']}, {cite['date-released']:%d %B %Y}</p>",
        f'<p><a href="{address}">{address}</a></p>' if urlsplit(address).scheme else "",
        "<p>Code under the BSD 3-Clause licence, prose and figures under CC BY 4.0.</p>",
    ]
    return f'<header class="title-page">{"".join(lines)}</header>'


def _contents(articles):
    """Return the table of contents: parts, their pages, and the sections of these."""
    rows, part, of = [], "", pages()
    for page, article in articles.items():
        if of.get(page, part) != part:
            part = of[page]
            rows.append(f'<p class="of-part">{escape(part)}</p>')
        places = [(article["id"], article.h1)]
        places += [(h2.find_parent("section")["id"], h2) for h2 in article.select("section h2")]
        for name, heading in places:
            link = f'<a href="#{name}">{escape(words(heading))}</a>'
            rows.append(f'<p class="to-{heading.name}">{link}{_no(name)}</p>')
    return f'<nav class="printed-contents"><h1>Contents</h1><div>{"".join(rows)}</div></nav>'


def _running_head(part):
    """Return the style of the sheets of a part of the book, which its pages share."""
    words = json.dumps(part, ensure_ascii=False)
    return f"@page {_sheets_of(part)} {{@top-right {{content: {words}}}}}\n"


def _sheets_of(part):
    return "part-" + "-".join(re.findall(r"[a-z]+", part.lower()))


def _solutions(articles):
    """Move hints and solutions out of the chapters into an article of their own; return it."""
    held = []
    for article in list(articles.values()):
        solved = article.select(".solution")
        if not solved:
            continue
        held.append(f'<section id="{article["id"]}--solved"><h2>{words(article.h1)}</h2>')
        for exercise in article.select(".exercise, .solution"):
            if "solution" in exercise["class"]:
                held.append(str(exercise.extract()))
                continue
            name = f"{exercise['id']}--solved"
            title = exercise.select_one(".admonition-title").decode_contents()
            held.append(f'<h3 id="{name}">{title}</h3>')
            held += [str(_opened(fold.extract())) for fold in exercise.select("details")]
            to = f'<p class="solved">Hint and solution: <a href="#{name}">page {_no(name)}</a></p>'
            exercise.append(_made(to))
        held.append("</section>")
    body = f"<h1>{APPENDIX}</h1>{''.join(held)}"
    return _made(f'<article class="bd-article" id="{SOLUTIONS}">{body}</article>').article


# ---- a page


def _article(page, soup):
    """Return the article of a page, fit for paper."""
    article = soup.select_one("article.bd-article")
    state = soup.find("script", type=STATE)
    models = json.loads(state.text)["state"] if state else {}
    for aside in article.select(".cite"):
        aside.decompose()
    _tell_once(article)
    for view in article.find_all("script", type=VIEW):
        lab_figure = not article.select("#fig-landing")  # which is on its page already
        still = _still(models, json.loads(view.text)["model_id"], lab_figure)
        figure = view.find_parent("figure", id=True)
        where = escape(_address(soup, page, f"#{figure['id']}" if figure else ""))
        said = f'<p class="live">Live on screen: {where}</p>'
        view.replace_with(_made(f'<div class="static-widget">{still}{said}</div>'))
    for fold in article.select("details:not(.hide)"):
        _opened(fold)  # folded code stays so (book.css)
    for tag in article.select("[id]"):
        tag["id"] = _name(page, tag["id"])
    for image in article.select("img[src]"):
        image["src"] = _from_root(page, image["src"])
        image["loading"] = "eager"
    for link in article.select("a[href]"):
        _relink(page, link)
    article["id"] = _name(page)
    return article


def _opened(fold):
    fold["open"] = ""
    return fold


def _address(soup, page, place=""):
    """Return where a page lies on the web, or in the site where no address is known."""
    canonical = soup.select_one("link[rel=canonical]")
    base = canonical["href"] if canonical else f"{page}.html"
    return (base if page else re.sub(r"chapters/index\.html$", "", base)) + place


def _tell_once(article):
    """Leave what decided a claim to its chapter; the scorecard says on which page that is."""
    places = {link.text: link["href"] for link in article.select("ul.verdicts li strong a")}
    for fold in article.select("details:has(table.parts):not(.more)"):
        claim = fold.summary.text.partition(":")[0]
        if claim in places:
            said = f'<p>What decided it: <a class="paged" href="{places[claim]}">page </a></p>'
            fold.select_one("table.parts").replace_with(_made(said))
        else:
            fold.decompose()  # on a page that only repeats


def _relink(page, link):
    """Lead a link to its place in the document; one to a file that a PDF lacks is none."""
    if not _is_near(link["href"]):
        return
    path, _, place = link["href"].partition("#")
    path = path.partition("?")[0]  # what a link into the lab sets is printed beside it
    target = posixpath.normpath(_from_root(page, path)).removesuffix(".html") if path else page
    if target not in pages():
        del link["href"]
        return
    link["href"] = f"#{_name(target, place)}"
    if "paged" in link.get("class", []):
        link.append(_made(_no(_name(target, place))))


# ---- what moves on a screen


def _still(models, model, lab_figure):
    """Return four frames of what is scrubbed, the landing figure for the lab, or nothing."""
    if frames := _frames(models, model):
        chosen = dict.fromkeys(round(i * (len(frames) - 1) / 3) for i in range(4))
        return "".join(
            f"<figure>{frames[i]}<figcaption>{_alt(frames[i])}</figcaption></figure>"
            for i in chosen
        )
    if lab_figure and models[model]["state"].get("_anywidget_id", "").endswith("Lab"):
        return embedded("fig-landing")
    return ""


def _alt(frame):
    found = re.search(r'alt="([^"]*)"', frame)
    return found[1] if found else ""


def _frames(models, model):
    """Return the frames below a model, in order, if one of its descendants is a Stack."""
    children = [
        child.removeprefix("IPY_MODEL_") for child in models[model]["state"].get("children", [])
    ]
    if models[model]["model_name"] == "StackModel":
        return [models[child]["state"]["value"] for child in children]
    return next(filter(None, (_frames(models, child) for child in children)), [])
