"""The quiz as a QTI 1.2 package, which more platforms import than any other form.

python -m course.build.qti12 quiz-qti12.zip

One file holds all questions, a section for each part of the quiz. An item scores 100 of 100 for the
right answer and shows the feedback of the one that was chosen.
"""

import sys
from xml.etree import ElementTree as ET

from course.build.qti import CP, name, pack, put
from course.build.quiz import PARTS, QUESTIONS, of


def item(question):
    """Return a question as an `item`."""
    root = ET.Element("item", ident=question["id"], title=question["id"])
    fields = put(put(root, "itemmetadata"), "qtimetadata")
    about = {"question_type": "multiple_choice_question", "points_possible": "1"}
    for label, entry in about.items():
        field = put(fields, "qtimetadatafield")
        put(field, "fieldlabel", label)
        put(field, "fieldentry", entry)
    shown = put(root, "presentation")
    _text(shown, question["ask"])
    asked = put(shown, "response_lid", ident="RESPONSE", rcardinality="Single")
    choices = put(asked, "render_choice", shuffle="Yes")
    judged = put(root, "resprocessing")
    score = {"varname": "SCORE", "vartype": "Decimal", "minvalue": "0", "maxvalue": "100"}
    put(put(judged, "outcomes"), "decvar", **score)
    for place, answer in enumerate(question["answers"]):
        _text(put(choices, "response_label", ident=name(place)), answer["text"])
        chosen = put(judged, "respcondition", **{"continue": "Yes"})
        put(put(chosen, "conditionvar"), "varequal", name(place), respident="RESPONSE")
        if answer.get("right"):
            put(chosen, "setvar", "100", varname="SCORE", action="Set")
        put(chosen, "displayfeedback", linkrefid=f"{name(place)}-why", feedbacktype="Response")
        _text(put(root, "itemfeedback", ident=f"{name(place)}-why"), answer["why"])
    return root


def _text(parent, text):
    put(put(parent, "material"), "mattext", text, texttype="text/plain")


def assessment(questions=QUESTIONS):
    """Return all questions, in a section for each part of the quiz."""
    root = ET.Element("questestinterop")
    whole = put(root, "assessment", ident="quiz", title="Grokking: quiz")
    for key, title in PARTS.items():
        put(whole, "section", ident=key, title=title).extend(map(item, of(key, questions)))
    return root


def manifest():
    """Return the manifest of the package."""
    root = ET.Element("manifest", xmlns=CP, identifier="grokking-quiz")
    put(root, "organizations")
    kind = {"identifier": "quiz", "type": "imsqti_xmlv1p2", "href": "quiz.xml"}
    put(put(put(root, "resources"), "resource", **kind), "file", href="quiz.xml")
    return root


def write(path, questions=QUESTIONS):
    """Write the package."""
    pack(path, {"imsmanifest.xml": manifest(), "quiz.xml": assessment(questions)})


if __name__ == "__main__":
    write(sys.argv[1])
