from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from ledgers import readings
from ledgers.columns import LEDGER
from projects.stages import Stage, Status
from tests.ledgers.cells.test_texts import refusal

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


IS_A_STATUS = "“%s” is a status: write it in the column 状态, and here how far the project has come."
IS_COMPLETED = "“%s” does not say whether it produces already: write 投产 if it does, 在建 if it does not."


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        *((word, word) for spellings in readings.STATUS_WORDS.values() for word in spellings),
        ("在建(停工)", "停工"),
        ("在建（暂停）", "暂停"),
        ("在建，正常推进", "正常推进"),
    ],
)
def test_a_status_is_no_stage(cell, word):
    assert refusal(readings.stage, cell) == [IS_A_STATUS % word]


@pytest.mark.parametrize("cell", ["竣工", "已竣工", "建成", "已建成", "完工"])
def test_works_completed_are_no_stage(cell):
    assert refusal(readings.stage, cell) == [IS_COMPLETED % cell]


@pytest.mark.parametrize("cell", ["未开工", "拟建"])
def test_stage_suggests_nothing_for_what_is_denied(cell):
    (sentence,) = refusal(readings.stage, cell)

    assert sentence.startswith(f"“{cell}” is not known here. Possible are: ")


def test_brackets_without_a_status_are_left_aside():
    assert readings.stage("在建（二期）") == Stage.BUILDING


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


def test_units_without_shares_are_told_what_to_do():
    assert refusal(readings.units, "区工信局、区商务局") == [
        "Several units: say how they share the credit (商务局 60%、工信局 40%), or leave this column out."
    ]


@pytest.mark.parametrize("cell", ["未开工", "尚未开工", "×", 0])
def test_what_has_not_come_has_no_date(cell):
    assert readings.happened(cell) == readings.planned(cell) == ""


def test_company_is_the_same_whatever_the_width_of_its_brackets():
    assert readings.company_key("武威（凉州）公司 ") == readings.company_key("武威(凉州)公司")


@pytest.mark.parametrize(
    "cell", ["2501-620602-04-01-123456", "2501－620602－04－01－123456", "2501—620602—04—01—123456"]
)
def test_official_code_is_read_with_any_dash(cell):
    assert readings.official_code(cell) == "2501-620602-04-01-123456"


@pytest.mark.parametrize("cell", ["甲局 0.001%", "甲局 33.333%、乙局 60%", "甲局 1000%", "甲局 0%", "甲局（0.001%）"])
def test_share_that_cannot_be_is_told_as_a_share(cell):
    assert refusal(readings.units, cell) == ["A share lies above 0 and at most at 100 %, with two decimals at most."]


@pytest.mark.parametrize(
    ("cell", "text"), [("甲局2 50%", "甲局2 50%"), ("甲局50.5%", "甲局 50.5%"), ("甲局（7 %）", "甲局 7%")]
)
def test_share_may_follow_the_unit_in_any_way(cell, text):
    assert readings.units(cell) == text
