"""The chapters that measure run before the pages that read what they recorded."""

import order


def test_numbered_chapters_come_first_and_all_else_stays_in_order():
    pages = ["LICENSE", "chapters/02_training", "chapters/index", "chapters/10_since"]
    pages += ["chapters/scorecard", "course/guide"]
    order.chapters_first(None, None, pages)
    assert pages[:2] == ["chapters/02_training", "chapters/10_since"]
    assert pages[2:] == ["LICENSE", "chapters/index", "chapters/scorecard", "course/guide"]
