"""What the lab cannot do is refused beside its field, and what costs much says so first."""

import pytest


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("width", "0", "Neurons (width) must be a whole number from 1 to 20,000."),
        ("k_relevant", "41", "must be a whole number from 1 to 40, the number of bits."),
        ("batch_size", "1.5", "Batch size must be a whole number"),
        ("lr", "0", "Learning rate must be a number above 0 and at most 10."),
        ("weight_decay", "-0.1", "Weight decay must be a number from 0"),
        ("seed", "", "Seed must be a whole number from 0"),
        ("n_train", "many", "Training samples must be a whole number"),
        ("epochs", "1e9", "Epochs must be a whole number from 1 to 100,000."),
    ],
)
def test_a_bad_setting_is_refused_beside_its_field(page, show, field, value, message):
    lab = show()
    good = lab.locator(f"[name={field}]").input_value()
    box = lab.set(field, value)
    assert box.get_attribute("aria-invalid") == "true"
    told = page.locator(f"#{box.get_attribute('aria-describedby')}")
    assert message in told.inner_text()
    assert message in lab.status
    lab.press("Train")
    assert page.evaluate("document.activeElement.name") == field
    page.wait_for_timeout(150)
    assert lab.epoch == 0  # nothing ran
    lab.set(field, good)
    assert box.get_attribute("aria-invalid") is None
    assert told.inner_text() == ""
    lab.press("One epoch")
    lab.sees("Paused. Epoch 1:")


def test_an_enormous_setting_says_its_cost_first(page, show):
    lab = show()
    ask = lab.locator(".gl-ask")
    assert not ask.is_visible()
    lab.set("width", 20_000)
    assert ask.is_visible()
    assert "16,000 steps" in ask.inner_text()  # 500 epochs of 32
    assert "MB of memory" in ask.inner_text()
    lab.press("Train")
    page.wait_for_timeout(150)
    assert lab.epoch == 0
    lab.press("Go back")
    assert lab.locator("[name=width]").input_value() == "20"
    assert not ask.is_visible()
    lab.set("width", 300)
    assert not ask.is_visible()
    lab.set("epochs", 100_000)
    assert "3,200,000 steps" in ask.inner_text()
    lab.press("Use these settings")
    assert not ask.is_visible()
    lab.press("Train")
    page.wait_for_function("parseInt(document.querySelector('dd').textContent) > 0")
