"""Ranking: ties, zero targets, and who is left out and why. Pure."""

from decimal import Decimal as D

import pytest
from django.utils import translation

from monthly.figures import NONE_KEY, Line
from monthly.lights import Light, ProjectLight
from monthly.ranking import lights_by_group, ranking


def line(key, completion=None, target=D(100), ytd=D(1), growth=None, **how) -> Line:
    return Line(key=key, label=f"第{key}", completion=completion, target=target, ytd=ytd, growth=growth, **how)


def ranks(found) -> list[tuple]:
    return [(one.rank, one.line.key) for one in found.ranked]


def test_ties_as_printed_share_a_rank_and_the_next_is_left_out():
    lines = [line("1", D("50.004")), line("2", D(80)), line("3", D("50.001")), line("4", D("49.99"))]

    assert ranks(ranking(lines)) == [(1, "2"), (2, "1"), (2, "3"), (4, "4")]


def test_lines_without_target_or_with_a_target_of_zero_are_listed_with_the_reason():
    lines = [
        line("1", D(50)),
        line("2", target=None),
        line("3", target=D(0)),
        line("4", ytd=None),
        line(NONE_KEY, D(99)),
    ]

    with translation.override("en"):
        found = ranking(lines)

    assert ranks(found) == [(1, "1")]
    assert [(one.line.key, one.reason) for one in found.excluded] == [
        ("2", "No target is set for the year."),
        ("3", "The target of the year is zero."),
        ("4", "Nothing is recorded for the year yet."),
        (NONE_KEY, "It is no group of its own: what is here has none, or is not attributed."),
    ]


def test_growth_and_year_to_date_rank_without_targets():
    lines = [
        line("1", target=None, ytd=D(5), growth=D("-3")),
        line("2", target=None, ytd=D(9), growth=D(20)),
        line("3", target=None, ytd=D(9)),
        line("4", target=None, ytd=None),
    ]

    assert ranks(ranking(lines, "growth")) == [(1, "2"), (2, "1")]
    assert [one.line.key for one in ranking(lines, "growth").excluded] == ["3", "4"]
    assert ranks(ranking(lines, "ytd")) == [(1, "2"), (1, "3"), (3, "1")]
    assert [one.line.key for one in ranking(lines, "ytd").excluded] == ["4"]


def test_nothing_to_rank_gives_an_empty_ranking():
    assert (ranking([]).ranked, ranking([]).excluded) == ((), ())


def test_unknown_measure_is_refused():
    with pytest.raises(KeyError):
        ranking([], "colour")


def test_lights_are_counted_in_every_group_of_a_project():
    lights = {1: ProjectLight(Light.RED), 2: ProjectLight(Light.GREEN), 3: ProjectLight(Light.RED)}

    found = lights_by_group({1: ["a", "b"], 2: ["a"], 3: ["b"], 4: ["b"]}, lights)

    assert {key: {light: n for light, n in numbers.items() if n} for key, numbers in found.items()} == {
        "a": {"red": 1, "green": 1},
        "b": {"red": 2},
    }
    assert ranking([line("a", D(50))], lights=found).ranked[0].lights == found["a"]
