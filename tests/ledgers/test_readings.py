from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from ledgers import readings
from ledgers.columns import LEDGER
from projects.stages import Stage, Status

CELLS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.dates(date(1900, 1, 1), date(2200, 1, 1)).map(lambda day: {"date": day.isoformat()})
)


@pytest.mark.parametrize("name", [name for name, column in LEDGER.items() if not column.readonly])
@given(cell=CELLS)
def test_any_cell_is_read_or_refused_in_words(name, cell):
    read = outcome(lambda: LEDGER[name].read(cell))

    assert isinstance(read, str | bool | dict | ValidationError)
    assert not isinstance(read, ValidationError) or all(map(str.strip, read.messages))


def outcome(read):
    """What is read, or what is said instead."""
    try:
        return read()
    except ValidationError as error:
        return error


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("13亿", {"total_investment": "130000"}),
        (1.31, {"total_investment": "1.31"}),
        ("约2亿元", {"total_investment": "20000", "investment_qualifier": "about"}),
        ("未披露", {"total_investment": "", "investment_undisclosed": True}),
        ("/", {"total_investment": ""}),
    ],
)
def test_investment_says_what_its_words_say(cell, values):
    assert readings.investment(cell) == values


def test_investment_is_in_the_unit_of_its_heading():
    assert readings.investment(1.31, "亿元") == {"total_investment": "13100"}


def test_investment_of_nothing_is_refused():
    with pytest.raises(ValidationError):
        readings.investment(0)


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_is_known_by_its_usual_words(stage):
    words = readings.STAGE_WORDS[stage]

    assert [readings.stage(word) for word in words] == [stage.value] * len(words)


@pytest.mark.parametrize("status", Status)
def test_every_status_is_known_by_its_usual_words(status):
    words = readings.STATUS_WORDS[status]

    assert [readings.status(word) for word in words] == [status.value] * len(words)


@time_machine.travel("2025-06-01")
def test_what_happened_does_not_lie_in_the_future():
    assert readings.happened("2025年6月") == "2025年6月"
    assert readings.planned("2026年6月") == "2026年6月"
    with pytest.raises(ValidationError):
        readings.happened("2026年6月")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("区商务局", "区商务局"),
        ("区商务局60%、区工信局40%", "区商务局 60%、区工信局 40%"),
        ("区工信局(40%)，区商务局（60%）", "区商务局 60%、区工信局 40%"),
        ("区商务局 33.33%;区工信局 66.67%", "区工信局 66.67%、区商务局 33.33%"),
        ("区商务局（招商办） 60%、区工信局 40%", "区商务局（招商办） 60%、区工信局 40%"),
        ("区商务局（招商办）", "区商务局（招商办）"),
        ("无", ""),
    ],
)
def test_units_and_their_shares(cell, text):
    assert readings.units(cell) == text
    assert readings.units(readings.units(cell)) == text


@pytest.mark.parametrize("cell", ["甲、乙", "甲 60%、乙 50%", "甲 50%、甲 50%", "甲 0%", "甲 101%"])
def test_units_that_do_not_add_up_are_refused(cell):
    with pytest.raises(ValidationError):
        readings.units(cell)


def test_company_is_the_same_whatever_the_width_of_its_brackets():
    assert readings.company_key("武威（凉州）公司 ") == readings.company_key("武威(凉州)公司")


@pytest.mark.parametrize(
    "cell", ["2501-620602-04-01-123456", "2501－620602－04－01－123456", "2501—620602—04—01—123456"]
)
def test_official_code_is_read_with_any_dash(cell):
    assert readings.official_code(cell) == "2501-620602-04-01-123456"
