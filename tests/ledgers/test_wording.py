"""How sentences stand beside each other."""

import pytest

from ledgers.wording import close_up


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("这不是金额。 请核对。", "这不是金额。请核对。"),
        ("真的吗\uff1f  是\uff01 好", "真的吗\uff1f是\uff01好"),
        ("No. Yes.", "No. Yes."),
        ("一。\n二", "一。\n二"),
        (None, ""),
    ],
)
def test_blank_after_a_full_width_stop_goes(text, closed):
    assert close_up(text) == closed
