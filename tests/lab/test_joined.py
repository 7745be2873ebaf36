"""The lab's modules, joined to one text: in order, strict, and with no name twice."""

import json

import pytest

from lab import sources


@pytest.fixture
def modules(tmp_path):
    """Return a function that writes modules by name and joins the first."""

    def write(**texts):
        for name, text in texts.items():
            suffix = "json" if text.startswith("{") else "js"
            (tmp_path / f"{name}.{suffix}").write_text(text, encoding="utf-8")
        return sources.joined(tmp_path / f"{next(iter(texts))}.js")

    return write


def test_what_is_imported_comes_first_and_once(modules, node):
    text = modules(
        main='import { B } from "./b.js";\nimport { a } from "./a.js";\ntell(new B().c + a);\n',
        a='import c from "./c.json" with { type: "json" };\nexport const a = c.value;\n',
        b='import {\n  a,\n} from "./a.js";\nexport class B {\n  c = 10 * a;\n}\n',
        c='{ "value": 3 }\n',
    )
    assert node("", text) == 33
    assert text.count("const a =") == 1


def test_modules_may_import_each_other(modules, node):
    text = modules(
        main='import { b } from "./b.js";\nexport const a = () => 2;\ntell(b());\n',
        b='import { a } from "./main.js";\nexport const b = () => 3 * a();\n',
    )
    assert node("", text) == 6


@pytest.mark.parametrize(
    ("texts", "wrong"),
    [
        ({"main": 'import "./a.js";\n', "a": ""}, "cannot be joined"),
        ({"main": 'import { a as b } from "./a.js";\n', "a": "export const a = 1;\n"}, "its name"),
        ({"main": 'export { a } from "./a.js";\n', "a": "export const a = 1;\n"}, "export {"),
        ({"main": "export const { a } = { a: 1 };\n"}, "export const {"),
        (
            {
                "main": 'import { a } from "./a.js";\nfunction b() {}\n',
                "a": "export const a = 1;\nasync function b() {}\n",
            },
            r"b: defined in a\.js and in main\.js",
        ),
    ],
)
def test_what_would_not_be_the_same_joined_is_refused(modules, texts, wrong):
    with pytest.raises(ValueError, match=wrong):
        modules(**texts)


def test_the_workers_text_is_strict_and_the_pages_holds_it(node):
    worker = sources.worker_source()
    assert worker.startswith('"use strict";\n')
    script = f"{worker}\nfunction me() {{ return this; }}"
    ran = "import vm from 'node:vm'; tell(vm.runInThisContext(given + '\\n;me() === undefined'));"
    assert node("", ran, script) is True
    assert json.dumps(worker) in sources.page_source()
