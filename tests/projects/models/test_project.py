from datetime import date
from decimal import Decimal

import pytest
from django.db.models import ProtectedError
from django.utils import translation

from enterprises.models import Enterprise
from projects.models import Measure, Project, ProjectParty, public_project
from projects.stages import PUBLIC_STAGES, Stage
from tests.factories import (
    EnterpriseFactory,
    IndustryChainFactory,
    MeasureFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
)
from tests.full_width import full_width
from tests.problems import problems

pytestmark = pytest.mark.django_db

NO_REASON = {"status_reason": ["Say why the project is paused or terminated."]}
INTERNAL = {"stage": ["Reserve projects, leads and negotiations are internal: they cannot be published."]}
LOOP = {"parent": ["A project cannot be a phase of itself or of one of its own phases."]}
CODE_FORM = {"__all__": ["The official project code looks like 2501-620602-04-01-123456."]}


def names(queryset):
    return sorted(queryset.values_list("name", flat=True))


def test_project_is_named_and_has_a_page():
    project = ProjectFactory(name="储能电站", code="LZ000009")

    assert (str(project), project.get_absolute_url()) == ("储能电站", "/projects/LZ000009/")
    assert Project.objects.get_by_natural_key(*project.natural_key()) == project


# Public, internal


def test_public_and_is_public_say_the_same_of_every_stage():
    made = [ProjectFactory(stage=stage, published=published) for stage in Stage for published in (True, False)]

    public = [project for project in made if project.is_public]

    assert [(project.stage, project.published) for project in public] == [(stage, True) for stage in PUBLIC_STAGES]
    assert list(Project.objects.public().order_by("pk")) == public


def test_public_project_is_asked_through_a_relation():
    phases = [
        ProjectFactory(parent=ProjectFactory(stage=stage, published=True)) for stage in (Stage.LEAD, Stage.SIGNED)
    ]

    assert list(Project.objects.filter(public_project("parent__"))) == phases[1:]


def test_implemented_are_the_projects_that_are_more_than_plans():
    for stage in Stage:
        ProjectFactory(stage=stage, published=False)

    found = Project.objects.implemented().order_by("pk").values_list("stage", flat=True)

    assert list(found) == list(PUBLIC_STAGES)


# Sums


def test_totals_add_what_is_known_and_count_what_is_not():
    for amount in (Decimal("130000"), Decimal("0.0001"), None):
        ProjectFactory(total_investment=amount)

    assert Project.objects.totals() == {"count": 3, "investment": Decimal("130000.0001"), "with_investment": 2}


def test_totals_of_nothing_known_are_unknown_and_not_zero():
    ProjectFactory(total_investment=None)

    assert Project.objects.totals() == {"count": 1, "investment": None, "with_investment": 0}
    assert Project.objects.none().totals() == {"count": 0, "investment": None, "with_investment": 0}


def test_totals_of_nothing_invested_are_zero():
    ProjectFactory(total_investment=0)

    assert Project.objects.totals() == {"count": 1, "investment": 0, "with_investment": 1}


def test_totals_by_a_dimension_come_with_the_most_frequent_first():
    dairy, energy = IndustryChainFactory(name="奶产业"), IndustryChainFactory(name="新能源")
    for chain, amount in ((dairy, 5), (energy, 7), (energy, None), (None, None)):
        ProjectFactory(chain=chain, total_investment=amount)

    assert Project.objects.totals_by("chain__name") == [("新能源", 2, 7), ("奶产业", 1, 5), (None, 1, None)]
    assert Project.objects.filter(chain=energy).totals_by("chain__name", "stage") == [("新能源", "started", 2, 7)]


# Search


@pytest.fixture
def storage():
    """A project with a public and a hidden company in every part, and one that has nothing to do with it."""
    project = ProjectFactory(
        name="储能电站", summary="光热", enterprise=EnterpriseFactory(name="景领电力"),
        chain=IndustryChainFactory(name="新能源"), place=PlaceFactory(name="黄羊工业园"),
    )  # fmt: skip
    ProjectPartyFactory(project=project, enterprise=EnterpriseFactory(name="宝德计算机"))
    ProjectPartyFactory(project=project, enterprise=EnterpriseFactory(name="未公开投资人", published=False))
    hidden = EnterpriseFactory(name="隐名控股", published=False)
    ProjectFactory(name="乳制品", chain=None, place=None, enterprise=hidden)
    return project


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["乳制品", "储能电站"]),
        ("储能", ["储能电站"]),
        ("光热", ["储能电站"]),
        ("景领", ["储能电站"]),
        ("宝德", ["储能电站"]),
        ("新能源", ["储能电站"]),
        ("黄羊", ["储能电站"]),
        ("黄羊 宝德 光热 新能源", ["储能电站"]),
        ("黄羊 乳制品", []),
        ("未公开", []),
        ("隐名", []),
        ("chuneng", []),
    ],
)
def test_mentioning_looks_in_everything_that_may_be_known(storage, query, found):
    assert names(Project.objects.mentioning(query, companies=Enterprise.objects.public())) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [("未公开", ["储能电站"]), ("隐名", ["乳制品"]), ("chuneng", ["储能电站"]), ("rzp", ["乳制品"]), ("jingling", [])],
)
def test_mentioning_looks_in_all_companies_and_pinyin_for_staff(storage, query, found):
    assert names(Project.objects.mentioning(query, companies=Enterprise.objects.all(), pinyin=True)) == found


def test_mentioning_finds_a_project_once_whatever_its_parts():
    project = ProjectFactory(enterprise=EnterpriseFactory(name="景领电力"))
    for role in ProjectParty.Role.values:
        ProjectPartyFactory(project=project, enterprise=project.enterprise, role=role)

    assert list(Project.objects.mentioning("景领", companies=Enterprise.objects.all())) == [project]


# What a clerk may enter


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, {}),
        ({"status": "paused"}, NO_REASON),
        ({"status": "terminated"}, NO_REASON),
        ({"status": "paused", "status_reason": "资金未到位"}, {}),
        (
            {"investment_undisclosed": True},
            {"investment_undisclosed": ["A total investment is given: it cannot also be undisclosed."]},
        ),
        ({"investment_undisclosed": True, "total_investment": None}, {}),
        ({"stage": "reserve"}, INTERNAL),
        ({"stage": "negotiating"}, INTERNAL),
        ({"stage": "negotiating", "published": False}, {}),
        ({"land_area": Decimal(0)}, {"__all__": ["The land must be more than 0 亩; leave it empty where not known."]}),
        ({"official_code": "2501-620602-04-01-123456"}, {}),
        ({"official_code": "2501-620602-04-01-12345"}, CODE_FORM),
        ({"official_code": full_width("2501") + "-620602-04-01-123456"}, CODE_FORM),
        ({"stage": "sold"}, {"stage": ["Value 'sold' is not a valid choice.", *INTERNAL["stage"]]}),
        (
            {"status": "paused", "stage": "lead", "investment_undisclosed": True},
            NO_REASON | INTERNAL
            | {"investment_undisclosed": ["A total investment is given: it cannot also be undisclosed."]},
        ),
    ],
)  # fmt: skip
def test_clean_says_what_is_wrong_at_the_field(fields, said):
    related = {"chain": None, "place": None, "enterprise": None}

    assert problems(ProjectFactory.build(**related | fields)) == said


def test_empty_official_codes_do_not_collide():
    assert [ProjectFactory(official_code="").official_code for _ in range(2)] == [None, None]


def test_clean_trims_the_official_code():
    project = ProjectFactory(official_code=None)
    project.official_code = "  "

    project.clean()

    assert project.official_code is None


def test_project_is_no_phase_of_itself_or_of_its_phases():
    first = ProjectFactory()
    second = ProjectFactory(parent=first)
    third = ProjectFactory(parent=second)
    other = ProjectFactory()

    found = []
    for parent in (first, second, third, other, None):
        first.parent = parent
        found.append(problems(first).get("parent", []))

    assert found == [LOOP["parent"], LOOP["parent"], LOOP["parent"], [], []]


def test_loop_that_is_already_there_is_looked_through_once():
    first, second = ProjectFactory(), ProjectFactory()
    Project.objects.filter(pk=first.pk).update(parent=second)
    Project.objects.filter(pk=second.pk).update(parent=first)

    newcomer = ProjectFactory(parent=Project.objects.get(pk=first.pk))

    assert problems(newcomer) == {}


def test_project_with_phases_cannot_be_deleted():
    phase = ProjectFactory(parent=ProjectFactory())

    with pytest.raises(ProtectedError):
        phase.parent.delete()


@pytest.mark.parametrize("tie", ["chain", "place", "enterprise"])
def test_what_a_project_stands_on_cannot_be_deleted(tie):
    project = ProjectFactory()

    with pytest.raises(ProtectedError):
        getattr(project, tie).delete()


# What is shown


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"total_investment": Decimal(130_000)}, "13 亿元"),
        ({"total_investment": Decimal(130_000), "investment_qualifier": "about"}, "about 13 亿元"),
        ({"total_investment": Decimal(0)}, "0 万元"),
        ({"investment_undisclosed": True}, "not disclosed"),
        ({}, ""),
    ],
)
def test_total_investment_is_an_amount_undisclosed_or_unknown(fields, shown):
    with translation.override("en"):
        assert Project(**fields).show_total_investment() == shown


def test_latest_reached_is_as_precise_as_its_milestone():
    day = date(2025, 5, 21)

    ten_days = Project(latest_milestone_date=day, latest_milestone_precision="ten_days")
    assert str(ten_days.latest_reached) == "2025年5月下旬"
    assert str(Project(latest_milestone_date=day).latest_reached) == "2025年5月21日"
    assert Project().latest_reached is None


# Parts


def test_parties_are_public_where_project_and_company_are():
    public = ProjectPartyFactory()
    ProjectPartyFactory(enterprise=EnterpriseFactory(published=False))
    ProjectPartyFactory(project=ProjectFactory(published=False))
    ProjectPartyFactory(project=ProjectFactory(stage=Stage.LEAD))

    assert list(ProjectParty.objects.public()) == [public]


def test_party_is_named_by_company_and_role():
    party = ProjectPartyFactory(enterprise=EnterpriseFactory(name="燧原科技"))

    assert str(party) == "燧原科技 · 技术合作方"


def test_parts_go_with_their_project():
    project = ProjectFactory()
    MeasureFactory(project=project), ProjectPartyFactory(project=project)

    project.delete()

    assert (Measure.objects.count(), ProjectParty.objects.count(), Enterprise.objects.count()) == (0, 0, 2)
