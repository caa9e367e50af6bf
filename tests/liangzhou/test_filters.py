from datetime import date

import pytest
from django.http import QueryDict
from django.utils import translation

from enterprises.filters import EnterpriseFilter
from enterprises.models import Enterprise, LegalForm, Province, Qualification
from liangzhou.filters import MAX_VALUES, NOT_STATED, Facet, Option
from projects.filters import ProjectFilter
from projects.models import Project
from projects.stages import PUBLIC_STAGES, Stage
from tests.factories import (
    EnterpriseFactory,
    IndustryChainFactory,
    MilestoneFactory,
    PlaceFactory,
    ProjectFactory,
    QualificationFactory,
)
from tests.full_width import full_width

pytestmark = pytest.mark.django_db

NOT_AN_AMOUNT = "“abc” is not an amount. Write for example 13亿, 1.31亿元 or 13,100万元."


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def projects():
    """Three projects: in two stages, with and without chain, place, company and amount."""
    energy = IndustryChainFactory(name="新能源", slug="energy")
    dairy = IndustryChainFactory(name="奶产业", slug="dairy")
    park = PlaceFactory(name="黄羊工业园", slug="park")
    storage = ProjectFactory(name="储能电站", stage=Stage.SIGNED, chain=energy, place=park, total_investment=130_000,
                             enterprise=EnterpriseFactory(name="景领电力"))  # fmt: skip
    milk = ProjectFactory(name="乳制品", stage=Stage.LANDED, chain=dairy, place=None, total_investment=None,
                          enterprise=EnterpriseFactory(name="未公开公司", published=False))  # fmt: skip
    food = ProjectFactory(name="食品", stage=Stage.LANDED, chain=None, place=park, total_investment=500,
                          enterprise=None)  # fmt: skip
    MilestoneFactory(project=storage, actual=date(2025, 5, 21))
    MilestoneFactory(project=milk, actual=date(2024, 8, 1))
    return {"storage": storage, "milk": milk, "food": food}


def filtered(query, filterset=ProjectFilter):
    queryset = {ProjectFilter: Project, EnterpriseFilter: Enterprise}[filterset].objects.public()
    return filterset(QueryDict(query), queryset)


def names(query, filterset=ProjectFilter):
    return sorted(filtered(query, filterset).narrowed().values_list("name", flat=True))


def group(name, query="", filterset=ProjectFilter):
    return next(g for g in filtered(query, filterset).groups() if g["name"] == name)


def counts(name, query="", filterset=ProjectFilter):
    return {option.value: option.count for option in group(name, query, filterset)["options"]}


def errors(query, filterset=ProjectFilter):
    return {name: list(said) for name, said in filtered(query, filterset).form.errors.items()}


# Facets


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["乳制品", "储能电站", "食品"]),
        ("stage=landed", ["乳制品", "食品"]),
        ("stage=landed&stage=signed", ["乳制品", "储能电站", "食品"]),
        ("stage=landed&place=park", ["食品"]),
        ("chain=energy", ["储能电站"]),
        ("chain=energy&chain=none", ["储能电站", "食品"]),
        ("place=none", ["乳制品"]),
        ("year=2025", ["储能电站"]),
        ("year=none", ["食品"]),
        ("year=1999", []),
        ("status=paused", []),
        ("stage=+landed+&stage=&stage=landed", ["乳制品", "食品"]),
    ],
)
def test_facets_narrow_the_list(projects, query, found):
    assert (errors(query), names(query)) == ({}, found)


def test_facet_counts_leave_their_own_filter_out(projects):
    public_stages = dict.fromkeys(PUBLIC_STAGES, 0)

    assert counts("stage", "stage=signed") == public_stages | {"signed": 1, "landed": 2}
    assert counts("chain", "stage=signed") == {"energy": 1}
    assert counts("stage", "stage=signed&chain=dairy") == public_stages | {"landed": 1}


def test_facet_offers_every_fixed_choice_in_its_order_with_zeros(projects):
    assert group("status")["options"] == [
        Option("normal", "normal", 3, selected=False),
        Option("paused", "paused", 0, selected=False),
        Option("terminated", "terminated", 0, selected=False),
    ]


def test_facet_offers_the_values_found_by_frequency_and_the_unstated_last(projects):
    assert group("place", "place=none")["options"] == [
        Option("park", "黄羊工业园", 2, selected=False),
        Option(NOT_STATED, "not stated", 1, selected=True),
    ]


def test_facet_keeps_what_was_chosen_although_nothing_is_left(projects):
    assert group("chain", "chain=dairy&stage=signed")["options"] == [
        Option("energy", "新能源", 1, selected=False),
        Option("dairy", "奶产业", 0, selected=True),
    ]


def test_facet_keeps_what_was_chosen_although_others_are_more_frequent(projects):
    for _ in range(2):
        ProjectFactory(enterprise=projects["storage"].enterprise)
    rare = ProjectFactory().enterprise
    facet = Facet("enterprise__code", label_path="enterprise__name", named=Enterprise.objects.public, limit=1)

    def offered(chosen):
        options = facet.options(Project.objects.public(), chosen, facet.names_of(chosen))
        return [(option.label, option.count) for option in options]

    assert [offered([]), offered([rare.code])] == [[("景领电力", 3)], [("景领电力", 3), (rare.name, 1)]]


def test_facet_offers_many_choices_only_where_they_occur():
    EnterpriseFactory(origin_province=Province.GANSU)
    EnterpriseFactory(origin_province=Province.HEBEI)
    EnterpriseFactory(origin_province="")

    assert counts("province", "", EnterpriseFilter) == {"130000": 1, "620000": 1, NOT_STATED: 1}
    assert names("province=none&province=130000", EnterpriseFilter) == sorted(
        Enterprise.objects.exclude(origin_province=Province.GANSU).values_list("name", flat=True)
    )


def test_facet_finds_rows_whose_choice_is_empty():
    EnterpriseFactory(name="甲", kind="")
    EnterpriseFactory(name="乙", kind=LegalForm.LIMITED)

    assert names("kind=none", EnterpriseFilter) == ["甲"]
    assert counts("kind", "", EnterpriseFilter) == dict.fromkeys(LegalForm.values, 0) | {"limited": 1, NOT_STATED: 1}


def test_facet_of_many_values_counts_and_lists_each_row_once():
    both = EnterpriseFactory(name="甲")
    QualificationFactory(enterprise=both, kind=Qualification.Kind.HIGH_TECH, granted_on=date(2021, 11, 1))
    QualificationFactory(enterprise=both, kind=Qualification.Kind.HIGH_TECH, granted_on=date(2024, 11, 1))
    QualificationFactory(enterprise=both, kind=Qualification.Kind.LITTLE_GIANT)
    EnterpriseFactory(name="乙")

    assert counts("qualification", "", EnterpriseFilter) == dict.fromkeys(Qualification.Kind.values, 0) | {
        "high_tech": 1, "little_giant": 1,
    }  # fmt: skip
    assert names("qualification=high_tech&qualification=little_giant", EnterpriseFilter) == ["甲"]


def test_company_facet_hides_companies_that_are_not_public(projects):
    hidden = projects["milk"].enterprise

    assert [option.label for option in group("enterprise")["options"]] == ["景领电力"]
    assert errors(f"enterprise={hidden.code}") == {"enterprise": [f"“{hidden.code}” is not one of the choices."]}
    assert len(names(f"enterprise={hidden.code}")) == 3
    assert names(f"enterprise={projects['storage'].enterprise.code}") == ["储能电站"]


def test_year_facet_offers_the_newest_first_and_the_unstated_last(projects):
    assert list(counts("year").items()) == [("2025", 1), ("2024", 1), (NOT_STATED, 1)]
    assert [option.label for option in group("year")["options"]] == ["2025", "2024", "not stated"]


@pytest.mark.parametrize("year", ["1899", "2100", "20255", "25", "abc", full_width("2025"), "-2025", "2025-05"])
def test_year_facet_refuses_what_is_no_year(projects, year):
    assert errors(f"year={year}") == {"year": [f"“{year}” is not one of the choices."]}


@pytest.mark.parametrize("parameter", ["chain", "stage", "status", "place", "enterprise", "year"])
@pytest.mark.parametrize("value", ["nothing", "储能", "'", "a b", "\x00", "--", "LEAD", "x" * 81])
def test_unknown_values_are_told_and_not_applied(projects, parameter, value):
    query = f"{parameter}={value}&q=黄羊"

    assert errors(query) == {parameter: [f"“{value[:40]}” is not one of the choices."]}
    assert names(query) == ["储能电站", "食品"]


def test_internal_stages_are_no_choice(projects):
    assert errors("stage=reserve") == {"stage": ["“reserve” is not one of the choices."]}


def test_facets_take_a_limited_number_of_values(projects):
    query = "&".join(f"place=p{number}" for number in range(MAX_VALUES + 1))

    assert errors(query) == {"place": ["At most 60 choices at a time."]}


# Amounts


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("investment_min=500", ["储能电站", "食品"]),
        ("investment_min=500.0001", ["储能电站"]),
        ("investment_min=13亿", ["储能电站"]),
        ("investment_max=130,000万元", ["储能电站", "食品"]),
        ("investment_max=499", []),
        ("investment_min=0", ["储能电站", "食品"]),  # what is not known is not 0
        (f"investment_min={full_width('500')}&investment_max=1亿", ["食品"]),
    ],
)
def test_amounts_are_bounds_with_their_ends(projects, query, found):
    assert (errors(query), names(query)) == ({}, found)


@pytest.mark.parametrize(
    ("query", "said", "left"),
    [
        ("investment_min=abc", {"investment_min": [NOT_AN_AMOUNT]}, 3),
        ("investment_max=-1", {"investment_max": ["An amount cannot be negative."]}, 3),
        ("investment_min=2亿&investment_max=1亿", {"investment_max": ["The upper bound is below the lower bound."]}, 1),
    ],
)
def test_amounts_that_make_no_sense_are_told_and_not_applied(projects, query, said, left):
    assert errors(query) == said
    assert len(names(query)) == left


# Words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=储能", ["储能电站"]),
        ("q=景领", ["储能电站"]),
        ("q=黄羊", ["储能电站", "食品"]),
        ("q=未公开公司", []),
        ("q=黄羊+食品", ["食品"]),
        ("q=++", ["乳制品", "储能电站", "食品"]),
    ],
)
def test_words_are_looked_for_in_what_is_public(projects, query, found):
    assert (errors(query), names(query)) == ({}, found)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=1+2+3+4+5+6", "At most 5 words at a time."),
        ("q=" + "储" * 101, "Ensure this value has at most 100 characters (it has 101)."),
        ("q=储%00能", "Null characters are not allowed."),
    ],
)
def test_words_that_cannot_be_looked_for_are_told(projects, query, said):
    assert errors(query) == {"q": [said]}
    assert len(names(query)) == 3


# What the form shows


def test_groups_carry_what_was_typed_and_what_was_wrong(projects):
    shown = group("investment_min", "investment_min=abc")

    assert {key: shown[key] for key in ("label", "value", "kind", "options", "help")} == {
        "label": "Total investment from", "value": "abc", "kind": "money", "options": [],
        "help": "For example 1亿 or 5000万.",
    }  # fmt: skip
    assert shown["errors"] == [NOT_AN_AMOUNT]


def test_groups_of_many_options_are_folded_until_one_is_chosen(projects):
    for _ in range(9):
        ProjectFactory()

    assert [group("place", query)["open"] for query in ("", "place=park")] == [False, True]
    assert group("status")["open"] is True


def test_taken_names_what_is_in_force(projects):
    query = "stage=signed&stage=wrong&q=储能&place=park&place=none&investment_min=1亿&year="

    assert filtered(query).taken() == [
        ("q", "储能", "储能"),
        ("place", "park", "黄羊工业园"),
        ("place", "none", "not stated"),
        ("investment_min", "1亿", "1 亿元"),
    ]


def test_unknown_parameters_are_those_that_mean_nothing():
    query = "stage=signed&o=name&page=2&colour=red&utm_source=x&from=singlemessage&isappinstalled=0&spm=a&Q=x"

    assert filtered(query).unknown_parameters(also_known=("o", "page")) == ["colour", "Q"]


def test_repeated_parameters_are_those_that_take_one_value():
    query = "q=a&q=b&o=name&o=code&stage=signed&stage=landed&page=1&page=1&utm_source=a&utm_source=b&x=1&x=2"

    assert filtered(query).repeated_parameters(also_known=("o", "page")) == ["q", "o"]
