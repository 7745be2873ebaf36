"""Scrubbers: a frame a step, each with its own words, linked without a kernel."""

import base64
import io
import re

import pandas as pd
from PIL import Image

from grokutils.show.scrubber import scrubber


def test_every_step_has_a_frame_of_its_own_with_its_alt_text():
    box = scrubber(
        lambda step, figure: figure.text(0.5, 0.5, str(step), fontsize=80),
        [0, 10, 300],
        name="epoch",
        describe=lambda step: f"the number {step}",
    )
    (play, slider), frames = box.children[0].children, box.children[1]
    assert [option[0] for option in slider.options] == ["0", "10", "300"]
    assert play.max == 2
    pictures = []
    for step, frame in zip((0, 10, 300), frames.children, strict=True):
        assert f'alt="the number {step}"' in frame.value
        assert 'width="630" height="288"' in frame.value  # else the page jumps while playing
        data = base64.b64decode(re.search(r"base64,([^\"]+)", frame.value)[1])
        assert Image.open(io.BytesIO(data)).size == (630, 288)
        pictures.append(data)
    assert len(set(pictures)) == 3  # else the slider would seem to do nothing


def test_the_numbers_of_all_frames_are_in_its_data():
    def draw(step, figure):
        figure.subplots().plot([1, 2], [step, 2 * step])

    box = scrubber(draw, [3, 10], name="epoch", describe=str)
    data = pd.read_csv(io.StringIO(box._repr_csv_()))
    assert data["epoch"].tolist() == [3, 3, 10, 10]
    assert data["y"].tolist() == [3, 6, 10, 20]
