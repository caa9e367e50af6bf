import math
from decimal import Decimal

import pytest
from hypothesis import given

from ledgers.cells import choice, number, yes_no
from tests.full_width import full_width
from tests.ledgers.cells.test_texts import outcome, raw_cells, refusal

CHOICES = {"开工": "started", "已开工": "started", "在建": "building", "投产（达产）": "producing", "N/A": "none"}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (100, "100"),
        (100.25, "100.25"),
        (100.00000000000001, "100"),
        ("100亩", "100"),
        ("100 亩", "100"),
        (full_width("1,234.5"), "1234.5"),
        (".5", "0.5"),
        ("100.", "100"),
        ("+5", "5"),
        ("'100", "100"),
        (0, "0"),
    ],
    ids=repr,
)
def test_number_reads_quantities(cell, expected):
    assert number(cell, digits=12, decimals=2, unit="亩") == Decimal(expected)


@pytest.mark.parametrize("cell", [None, "", "/", "—", "无"], ids=repr)
def test_number_is_unknown_where_nothing_is_said(cell):
    assert number(cell, digits=12, decimals=2) is None


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (-1, "A negative number is not allowed here."),
        ("-1", "A negative number is not allowed here."),
        (100.123, "At most 2 decimals are kept."),
        ("100.123", "At most 2 decimals are kept."),
        (10**10, "This number is too large."),
        (math.nan, "“nan” is not a number. Write it in figures alone, for example 100 or 12.5."),
        ("100平方米", "“100平方米” is not a number. Write it in figures alone, for example 100 or 12.5."),
        ("12,34", "“12,34” is not a number. Write it in figures alone, for example 100 or 12.5."),
        ("亩", "“亩” is not a number. Write it in figures alone, for example 100 or 12.5."),
        (True, "“TRUE” is not a number. Write it in figures alone, for example 100 or 12.5."),
        ("#DIV/0!", "The cell shows the error #DIV/0!. Mend its formula, or type the value itself."),
    ],
    ids=repr,
)
def test_number_says_what_is_wrong(cell, sentence):
    assert refusal(number, cell, digits=12, decimals=2, unit="亩") == [sentence]


@pytest.mark.parametrize(
    "cell", ["是", "√", "✓", "有", "Y", "yes", "1", 1, 1.0, True, "true", full_width("Y")], ids=repr
)
def test_yes_no_knows_yes(cell):
    assert yes_no(cell) is True


@pytest.mark.parametrize("cell", ["否", "×", "无", "N", "no", "0", 0, 0.0, False, "X"], ids=repr)
def test_yes_no_knows_no(cell):
    assert yes_no(cell) is False


@pytest.mark.parametrize("cell", [None, "", "/", "—", "待定"], ids=repr)
def test_yes_no_is_unknown_where_nothing_is_said(cell):
    assert yes_no(cell) is None


def test_yes_no_refuses_the_rest():
    assert refusal(yes_no, "也许") == ["“也许” is neither yes nor no. Write 是 or 否."]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("开工", "started"),
        ("已 开工", "started"),
        ("在建\n", "building"),
        ("在建（二期）", "building"),
        ("投产(达产)", "producing"),
        ("投产", "producing"),
        ("n/a", "none"),  # a label that also says nothing
        ("", None),
        ("—", None),
    ],
    ids=repr,
)
def test_choice_finds_labels_however_they_are_spaced(cell, expected):
    assert choice(cell, CHOICES) == expected


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("己开工", "“己开工” is not known here. Did you mean “开工”? Possible are: 开工、在建、投产（达产）、N/A."),
        ("签约", "“签约” is not known here. Possible are: 开工、在建、投产（达产）、N/A."),
    ],
    ids=repr,
)
def test_choice_lists_what_there_is(cell, sentence):
    assert refusal(choice, cell, CHOICES) == [sentence]


def test_choice_does_not_guess_between_two():
    assert refusal(choice, "园区", {"园区（东）": 1, "园区（西）": 2})[0].startswith("“园区” is not known here.")


@pytest.mark.parametrize("cell", ["未开工", "停工", "拟开工", "不开工", "无开工", "待开工", "尚未开工"])
def test_choice_does_not_suggest_what_was_denied(cell):
    assert refusal(choice, cell, CHOICES) == [
        f"“{cell}” is not known here. Possible are: 开工、在建、投产（达产）、N/A."
    ]


@given(raw_cells)
def test_no_cell_breaks_the_other_readings(cell):
    readings = (
        lambda: number(cell, digits=12, decimals=2, unit="亩"),
        lambda: yes_no(cell),
        lambda: choice(cell, CHOICES),
    )
    for reading in readings:
        assert outcome(reading) != [""]
