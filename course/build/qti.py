"""The quiz as a QTI 2.1 package, for platforms that do not read GIFT.

python -m course.build.qti quiz-qti.zip

The package holds an item a question, a test that strings them together, and a manifest. An item
scores 1 for the right answer and shows the feedback of the one that was chosen.
"""

import io
import sys
import zipfile
from xml.etree import ElementTree as ET

from course.build.quiz import PARTS, QUESTIONS, of
from grokutils.store import whole

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
MIDNIGHT = (2026, 1, 1, 0, 0, 0)  # of every file, so that equal questions give equal packages


def put(parent, tag, text=None, **attributes):
    """Add an element to its parent and return it."""
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


def name(place):
    """Return the identifier of an answer by its place among the answers."""
    return f"A{place + 1}"


def item(question):
    """Return one question as an `assessmentItem`."""
    root = ET.Element(
        "assessmentItem",
        xmlns=QTI,
        identifier=question["id"],
        title=question["id"],
        adaptive="false",
        timeDependent="false",
    )
    right = next(i for i, answer in enumerate(question["answers"]) if answer.get("right"))
    kind = {"identifier": "RESPONSE", "cardinality": "single", "baseType": "identifier"}
    declared = put(root, "responseDeclaration", **kind)
    put(put(declared, "correctResponse"), "value", name(right))
    kind = {"cardinality": "single", "baseType": "float"}
    score = put(root, "outcomeDeclaration", identifier="SCORE", **kind)
    put(put(score, "defaultValue"), "value", "0")
    kind["baseType"] = "identifier"
    put(root, "outcomeDeclaration", identifier="FEEDBACK", **kind)
    choice = {"responseIdentifier": "RESPONSE", "shuffle": "true", "maxChoices": "1"}
    asked = put(put(root, "itemBody"), "choiceInteraction", **choice)
    put(asked, "prompt", question["ask"])
    for place, answer in enumerate(question["answers"]):
        put(asked, "simpleChoice", answer["text"], identifier=name(place))
    _judged(root)
    for place, answer in enumerate(question["answers"]):
        shown = {"outcomeIdentifier": "FEEDBACK", "showHide": "show"}
        put(root, "modalFeedback", answer["why"], identifier=name(place), **shown)
    return root


def _judged(root):
    """Add what scores a response and chooses its feedback."""
    judged = put(root, "responseProcessing")
    match = put(put(judged, "responseCondition"), "responseIf")
    same = put(match, "match")
    put(same, "variable", identifier="RESPONSE")
    put(same, "correct", identifier="RESPONSE")
    scored = put(match, "setOutcomeValue", identifier="SCORE")
    put(scored, "baseValue", "1", baseType="float")
    chosen = put(judged, "setOutcomeValue", identifier="FEEDBACK")
    put(chosen, "variable", identifier="RESPONSE")


def sequence(questions=QUESTIONS):
    """Return the `assessmentTest`: a section for each part of the quiz, in its order."""
    root = ET.Element("assessmentTest", xmlns=QTI, identifier="quiz", title="Grokking: quiz")
    modes = {"navigationMode": "nonlinear", "submissionMode": "individual"}
    part = put(root, "testPart", identifier="all", **modes)
    for key, title in PARTS.items():
        section = put(part, "assessmentSection", identifier=key, title=title, visible="true")
        for question in of(key, questions):
            reference = {"identifier": question["id"], "href": f"{question['id']}.xml"}
            put(section, "assessmentItemRef", **reference)
    return root


def manifest(questions=QUESTIONS):
    """Return the manifest of the package: each file, what it is, what it needs."""
    root = ET.Element("manifest", xmlns=CP, identifier="grokking-quiz")
    about = put(root, "metadata")
    put(about, "schema", "QTIv2.1 Package")
    put(about, "schemaversion", "1.0.0")
    put(root, "organizations")
    listed = put(root, "resources")

    def add(identifier, kind):
        place = f"{identifier}.xml"
        kind = f"imsqti_{kind}_xmlv2p1"
        one = put(listed, "resource", identifier=identifier, type=kind, href=place)
        put(one, "file", href=place)
        return one

    all_of_it = add("quiz", "test")
    for question in questions:
        add(question["id"], "item")
        put(all_of_it, "dependency", identifierref=question["id"])
    return root


def write(path, questions=QUESTIONS):
    """Write the package."""
    files = {"imsmanifest.xml": manifest(questions), "quiz.xml": sequence(questions)}
    files |= {f"{question['id']}.xml": item(question) for question in questions}
    pack(path, files)


def pack(path, files):
    """Write a package of XML files, {name: root}."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for place, root in files.items():
            text = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
            package.writestr(zipfile.ZipInfo(place, MIDNIGHT), text)
    whole.write(path, packed.getvalue())


if __name__ == "__main__":
    write(sys.argv[1])
