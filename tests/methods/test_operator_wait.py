"""The wait before grokking: where it begins and ends, and that every step of it weighs alike."""

import numpy as np
import pandas as pd

from experiments.methods.operator_wait import before_grokking, summarize

# Measured densely at first: three of five measurements of the wait lie in its first 30 steps.
RUN = pd.DataFrame(
    {
        "step": [0, 10, 20, 30, 40, 140, 240, 340],
        "train_accuracy": [0, 0.98, 0.99, 1, 1, 0.9, 1, 1],
        "test_accuracy": [0, 0.1, 0.2, 0.2, 0.2, 0.4, 0.9, 1],
        "swapped_accuracy": [0, 0.3, 0.4, 0.4, 0.4, 0.8, 1, 1],
        "others_accuracy": [0, 0, 0, 0.1, 0, 0, 0.2, 0.05],
        "share_swapped": 0.5,
    }
)


def test_the_wait_is_from_memorization_to_the_first_rise_of_the_others():
    begin, end, wait = before_grokking(RUN)
    assert (begin, end) == (20, 240)  # 0.98 and 0.1 themselves are not above
    assert wait["step"].tolist() == [20, 30, 40, 140]


def test_every_step_of_the_wait_weighs_alike():
    found = summarize(RUN)
    steps = np.arange(20, 240)
    level = np.interp(steps, [20, 40, 140, 240], [0.4, 0.4, 0.8, 1])
    assert found["swapped"] == np.median(level) > 0.7  # of the four measurements it is 0.4
    assert found["highest"] == 0.4
    assert (found["memorized"], found["rising"], found["generalized"]) == (20, 240, 340)
    assert (found["line"], found["at the end"]) == (0.5, 0.2)


def test_without_a_wait_there_is_no_accuracy_in_it():
    at_once = summarize(RUN.assign(others_accuracy=0.5))
    assert np.isnan([at_once[name] for name in ("test", "swapped", "others", "highest")]).all()


def test_a_wait_that_does_not_end_lasts_to_the_end_of_the_run():
    _, end, wait = before_grokking(RUN.assign(others_accuracy=0.0))
    assert np.isnan(end)
    assert wait["step"].tolist() == [20, 30, 40, 140, 240, 340]
    found = summarize(RUN.assign(others_accuracy=0.0, test_accuracy=0.25))
    assert found["test"] == found["highest"] == 0.25
    assert np.isnan(found["generalized"])
