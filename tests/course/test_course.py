"""The course: quiz, slides, guide and exercises hold together, and with the chapters."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from course.build import book, exercises, paper, quiz, slides
from experiments import claims
from experiments.measured import Measured, not_run

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "course"

EXERCISES = exercises.all_exercises()
PARTS = paper.pages()
SOURCES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "chapters").glob("*.ipynb"))
}
every_question = pytest.mark.parametrize("question", quiz.QUESTIONS, ids=lambda q: q["id"])
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.label)


# ---- quiz


@every_question
def test_a_question_has_one_right_answer_and_feedback_on_each(question):
    assert sum(answer.get("right", False) for answer in question["answers"]) == 1
    assert len(question["answers"]) >= 3
    assert all(len(answer["why"]) > 15 for answer in question["answers"])


def test_there_are_enough_questions_with_names_of_their_own():
    assert len({question["id"] for question in quiz.QUESTIONS}) == len(quiz.QUESTIONS) >= 15


def test_the_right_answer_is_not_always_at_the_same_place():
    places = [
        next(i for i, answer in enumerate(question["answers"]) if answer.get("right"))
        for question in quiz.QUESTIONS
    ]
    assert max(map(places.count, places)) <= len(places) / 2


def test_the_longest_answer_is_wrong_as_often_as_not():
    longest = [max(q["answers"], key=lambda answer: len(answer["text"])) for q in quiz.QUESTIONS]
    assert sum(answer.get("right", False) for answer in longest) <= 0.6 * len(longest)


@pytest.mark.parametrize("part", quiz.PARTS)
def test_each_part_of_the_quiz_has_questions(part):
    assert len(quiz.of(part)) >= 10
    assert all(question.get("part", "paper") in quiz.PARTS for question in quiz.QUESTIONS)


@pytest.mark.parametrize(
    ("condition", "question"),
    [(condition, q["id"]) for q in quiz.QUESTIONS for condition in q.get("while", [])],
)
def test_a_condition_names_a_measured_quantity(condition, question):
    claim, quantity, side, _ = condition
    assert quantity in {criterion.quantity for criterion in claims.CLAIMS[claim].criteria}
    assert side in ("at least", "at most")


def test_an_answer_that_the_numbers_no_longer_bear_is_refused():
    asked = [{"id": "x", "while": [["C9", "share_6_to_8", "at least", 0.5]]}]
    quiz.check(asked, [SimpleNamespace(id="C9", measured={"share_6_to_8": 0.5})])
    for unknown in ({}, not_run("share_6_to_8")):  # not measured, not refused
        quiz.check(asked, [SimpleNamespace(id="C9", measured=unknown)])
    with pytest.raises(ValueError, match=r"x: C9.share_6_to_8 = 0.49"):
        quiz.check(asked, [SimpleNamespace(id="C9", measured={"share_6_to_8": 0.49})])


def test_the_page_needs_no_script_and_tells_each_choice_its_feedback():
    html = quiz.as_html()
    assert "<script" not in html
    assert "onclick" not in html
    described = re.findall(r'aria-describedby="([^"]+)"', html)
    assert len(described) == sum(len(question["answers"]) for question in quiz.QUESTIONS)
    assert all(html.count(f'id="{name}"') == 1 for name in described)


def test_gift_can_be_taken_apart_again():
    questions = re.findall(r"::([\w-]+)::(.+)\{\n((?:\t.+\n)+)\}\n", quiz.as_gift())
    assert [name for name, *_ in questions] == [question["id"] for question in quiz.QUESTIONS]
    for _, _, answers in questions:
        lines = answers.splitlines()
        assert sum(line.startswith("\t=") for line in lines) == 1
        # One unescaped # a line, before the feedback; no other sign with a meaning.
        assert all(len(re.findall(r"(?<!\\)#", line)) == 1 for line in lines)
        assert all(re.search(r"(?<!\\)[{}~=]", line[2:]) is None for line in lines)


# ---- slides and guide


@pytest.mark.parametrize("route", slides.ROUTES)
def test_the_minutes_of_a_route_add_up(route):
    assert sum(slide.minutes for slide in slides.read(route)) == slides.ROUTES[route].minutes


@pytest.mark.parametrize("route", slides.ROUTES)
def test_a_slide_has_the_time_that_it_needs(route):
    deck = slides.read(route)
    assert 3 <= slides.ROUTES[route].minutes / len(deck) <= 5


@pytest.mark.parametrize("route", slides.ROUTES)
def test_every_slide_has_a_note(route):
    assert all(len(slide.note) > 80 for slide in slides.read(route))


@pytest.mark.parametrize(("route", "least"), [("since-2023", 5), ("since-2023-90-minutes", 11)])
def test_each_result_since_then_comes_after_a_question(route, least):
    deck = slides.read(route)
    shown = re.compile(r"!\[\]|\{verdicts|\.finding\}")
    results = [i for i, slide in enumerate(deck) if shown.search(slide.body)]
    assert len(results) >= least
    for place in results[1:-1]:  # the first is the phenomenon, the last the summary
        assert "?" in deck[place - 1].body, deck[place].title


def test_the_guide_names_slides_that_there_are():
    titles = {slide.title for route in slides.ROUTES for slide in slides.read(route)}
    guide = (COURSE / "guide.md").read_text(encoding="utf-8")
    told = [p for p in re.split(r"\n\n|\n\|", guide) if re.search(r"eave out \*|slide \*", p)]
    named = [
        " ".join(name.split()) for p in told for name in re.findall(r"\*([A-Z]\w* [^*]+)\*", p)
    ]
    assert len(named) > 8
    assert all(any(title.startswith(name) for title in titles) for name in named), named


def test_verdicts_are_chosen_by_kind_chapter_or_claim():
    def shown(chosen):
        return set(
            re.findall(r">([CSLMB]\d+[a-c]?)<", f"{{verdicts[{chosen}]}}".format_map(numbers))
        )

    numbers = {"verdicts": slides.Verdicts()}
    assert shown("S1") == {"S1"}
    assert shown("shortcuts") == {"S5a", "S5b", "S5c"}
    assert shown("critical") == {"S7", "S16"}
    assert shown("paper") | shown("here") | shown("foretold") == set(claims.CLAIMS)
    assert book.UNKNOWN in slides.Verdicts()["S99"]


def test_every_figure_of_the_slides_is_in_a_chapter():
    sources = {route.source for route in slides.ROUTES.values()}
    texts = [(COURSE / source).read_text(encoding="utf-8") for source in sources]
    wanted = re.findall(r"!\[\]\((.+)\)", "".join(texts))
    assert len(wanted) > 20
    named = {
        cell["metadata"].get("mystnb", {}).get("figure", {}).get("name")
        for text in SOURCES.values()
        for cell in json.loads(text)["cells"]
    }
    assert set(wanted) <= named


@pytest.mark.parametrize("name", ["slides.md", "slides-since.md", "guide.md"])
def test_every_number_is_measured_in_a_chapter(name):
    wanted = re.findall(r"\{(\w+)\.(\w+)(?::[^}]*)?\}", (COURSE / name).read_text(encoding="utf-8"))
    assert len(wanted) > 20
    chapters = {stem.partition("_")[2]: text for stem, text in SOURCES.items()}
    for owner, quantity in wanted:
        if owner in claims.CLAIMS:
            measured = {criterion.quantity for criterion in claims.CLAIMS[owner].criteria}
            assert quantity in {"verdict", *book.SAID, *measured}, f"{owner}.{quantity}"
        else:
            # A key may be made of two parts: glue(f"{name}_low", ...) or f"came_{bits}".
            stem = re.sub(r"_(low|high)$", "", quantity)
            made = re.sub(r"_\d+$", r"_{\\w+}", stem)
            kept = rf'\\"({stem}|{made})\\"|\b{stem}='  # by glue("name", ...) or say(name=...)
            assert re.search(kept, chapters[owner]), f"{owner}.{quantity}"


@pytest.mark.parametrize("route", slides.ROUTES)
def test_a_slide_says_what_was_found_and_no_word_alone(route):
    for slide in slides.read(route):
        said = f"{slide.title} {slide.body} {slide.note}"
        assert not re.search(r"\{[CSL]\w+\.verdict\}", said), slide.title
        assert not re.search(r"\b(S5|S10)\b", said), slide.title


def test_a_measured_claim_has_its_finding_and_its_count(monkeypatch):
    claim = claims.CLAIMS["C9"]
    measured = {c.quantity: Measured(0.0) for c in claim.criteria}
    found = SimpleNamespace(claim=claim, id="C9", measured=measured, verdict="partly")
    found.finding, found.count, found.seeds = "Most are small.", "1 of 2", 20
    monkeypatch.setattr(claims, "results", lambda: [found])
    said = "{C9.finding} {C9.count} {C9.seeds} {C9.verdict}".format_map(book.numbers())
    assert said == "Most are small. 1 of 2 20 partly"
    found.measured = {}
    said = "{C9.finding} {C9.count} {C9.seeds} {C9.share_6_to_8:.2f}".format_map(book.numbers())
    assert said == " ".join([book.UNKNOWN] * 4)


def test_what_is_not_measured_says_so_and_what_is_misspelt_fails():
    text = "{C1.rise_over_delay:.2f}, {training.grokking_delay:.0f}, {C3.verdict}"
    numbers = book.Numbers(
        C1=book._Quantities("C1", ["rise_over_delay"]),
        C3=book._Quantities("C3", verdict="partly"),
        training=book.Unknown(),
    )
    assert text.format_map(numbers) == f"{book.UNKNOWN}, {book.UNKNOWN}, partly"
    for misspelt in ("{C1.rise_over_dealy:.2f}", "{C3.vedrict}", "{trainign.grokking_delay}"):
        with pytest.raises(KeyError, match=r"no such number|neither a claim nor a chapter"):
            misspelt.format_map(numbers)


def test_every_claim_and_chapter_has_its_numbers():
    found = book.numbers()
    assert set(claims.CLAIMS) <= set(found)
    chapters = {stem.partition("_")[2] for stem in SOURCES if stem[0].isdigit()}
    assert chapters <= set(found)
    for claim in claims.CLAIMS.values():
        for criterion in claim.criteria:
            f"{{{claim.id}.{criterion.quantity}:.3g}}".format_map(found)


# ---- what a class found


def test_a_class_adds_its_page_by_one_file(tmp_path, monkeypatch):
    (tmp_path / "_toc.yml").write_text(
        (ROOT / "_toc.yml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    folder = tmp_path / "course" / "classes"
    folder.mkdir(parents=True)
    for name in ("0-about.md", "2027-trial.md", "2028-trial.ipynb"):
        (folder / name).touch()
    monkeypatch.setattr(paper, "ROOT", tmp_path)
    wanted = ["0-about", "2027-trial", "2028-trial"]
    assert list(paper.pages())[-3:] == [f"course/classes/{name}" for name in wanted]


def test_the_form_of_a_page_fits_into_its_box():
    text = (COURSE / "classes" / "0-about.md").read_text(encoding="utf-8")
    form = re.search(r"````\{code-block\} markdown\n(.*?)````", text, re.DOTALL)[1]
    assert form.startswith("# ")
    assert max(map(len, form.splitlines())) <= 72


# ---- exercises


@every_exercise
def test_an_exercise_says_what_it_asks_and_trains(exercise):
    assert exercise.level in exercises.LEVELS
    assert 5 <= exercise.minutes <= 300
    assert exercise.trains
    assert exercise.hinted


@every_exercise
def test_an_exercise_has_a_solution_and_its_code_runs(exercise):
    assert exercise.solved
    assert exercise.runs or exercise.level == "Open"


@pytest.mark.parametrize("part", sorted({PARTS[f"chapters/{e.chapter}"] for e in EXERCISES}))
def test_a_part_has_a_warm_up_and_an_open_question(part):
    levels = {e.level for e in EXERCISES if PARTS[f"chapters/{e.chapter}"] == part}
    assert levels >= {"Warm-up", "Open"} or part == "How it is computed"


def test_every_numbered_chapter_has_exercises():
    numbered = {stem for stem in SOURCES if stem[0].isdigit()}
    assert {exercise.chapter for exercise in EXERCISES} == numbered
