"""Projects, chains, indicators and milestones in the admin."""

from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import Measure, Milestone, Project, ReportedIndicator
from tests.factories import (
    EnterpriseFactory,
    IndustryChainFactory,
    MeasureFactory,
    MilestoneFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
    ReportedIndicatorFactory,
    SourceFactory,
    UserFactory,
)
from tests.opened_form import add_row, open_form
from tests.unrendered import Unrendered

pytestmark = pytest.mark.django_db

ADD = "admin:projects_project_add"
LIST = "admin:projects_project_changelist"


def signed_in(client):
    client.force_login(UserFactory(is_superuser=True))
    return client


@pytest.fixture
def client():
    """Forms are printed, and what becomes of what is posted is looked at only."""
    return signed_in(Unrendered("POST"))


@cache
def empty_form():
    """The form of a new project, which is the same in every test."""
    return open_form(signed_in(Client()), reverse(ADD), "project_form")


@pytest.fixture
def new(db):
    """A project under construction of which little is known, and that is said."""
    known = {"name": "储能电站", "stage": "started", "stage_reason": "事实不全", "stage_override": "on"}
    return empty_form() | known


def enter(client, data):
    """Post a new project; its field errors, empty where it was saved."""
    response = client.post(reverse(ADD), data)
    return {} if response.status_code == 302 else response.context_data["adminform"].form.errors


def edit(client, project, **typed):
    """Post a project's form with changes; its field errors and those of its inlines."""
    url = reverse("admin:projects_project_change", args=[project.pk])
    return told(client.post(url, open_form(client, url, "project_form") | typed))


def told(response):
    """The names of the fields that are wrong, and what is wrong with rows of parts."""
    if response.status_code == 302:
        return []
    formsets = [inline.formset for inline in response.context_data["inline_admin_formsets"]]
    errors = [response.context_data["adminform"].form.errors, *(form.errors for fs in formsets for form in fs.forms)]
    return [name for error in errors for name in error] + [str(e) for fs in formsets for e in fs.non_form_errors()]


# Entering


def test_project_is_entered_with_all_its_parts(client, new):
    company, partner, place, source = EnterpriseFactory(), EnterpriseFactory(), PlaceFactory(), SourceFactory()
    new |= {
        "enterprise": company.pk,
        "place": place.pk,
        "total_investment": "13亿",
        "land_area": "１００",
        "published": "on",  # forged: no form publishes
    }
    add_row(new, "milestones", kind="started", planned="2025-05", actual="2025年5月下旬", note="")
    add_row(new, "measures", name="功率", qualifier="exact", value="300", unit="MW", text="", position="1")
    add_row(new, "parties", enterprise=partner.pk, role="technology", note="")
    add_row(new, "sources-citation-content_type-object_id", source=source.pk, quote="总投资13亿元。", supports="总投资",
            position="1")  # fmt: skip
    assert enter(client, new) == {}
    project = Project.objects.get()
    assert (project.code, project.total_investment, project.land_area, project.is_public) == (
        "LZ000001", Decimal(130_000), Decimal(100), False,
    )  # fmt: skip
    assert [str(m.planned_date.chinese + m.actual_date.chinese) for m in project.milestones.all()] == [
        "2025年5月2025年5月下旬"
    ]
    assert [(m.name, m.value, m.unit) for m in project.measures.all()] == [("功率", 300, "MW")]
    assert [party.enterprise for party in project.parties.all()] == [partner]
    assert [(c.source, c.quote) for c in project.citations.all()] == [(source, "总投资13亿元。")]
    assert (project.latest_milestone, project.latest_milestone_year) == ("started", 2025)


@pytest.mark.parametrize(("typed", "wan"), [
    ("13亿", 130_000), ("13,100万元", 13_100), ("1.31亿元", 13_100), ("13100", 13_100), ("１３亿", 130_000),
    ("500元", Decimal("0.05")), ("", None),
])  # fmt: skip
def test_amount_is_understood_as_typed(client, new, typed, wan):
    assert enter(client, new | {"total_investment": typed}) == {}
    assert Project.objects.get().total_investment == wan


@pytest.mark.parametrize(
    "typed", ["很多", "-5", "13 billion", "1e9", "9" * 30 + "亿", "1.00001", "NaN", "\x00", "13亿万"]
)
def test_amount_that_is_none_is_told_at_the_field(client, new, typed):
    errors = enter(client, new | {"total_investment": typed})
    assert (list(errors), Project.objects.count()) == (["total_investment"], 0)


@pytest.mark.parametrize(
    ("wan", "shown"), [(130_000, "13亿元"), ("13100.5", "1.31005亿元"), (9_000, "9000万元"), (None, "")]
)
def test_amount_is_shown_as_it_would_be_typed(client, wan, shown):
    project = ProjectFactory(total_investment=wan)
    url = reverse("admin:projects_project_change", args=[project.pk])
    assert open_form(client, url, "project_form")["total_investment"] == shown


@pytest.mark.parametrize("typed", ["1e999999999", "-1", "0", "9" * 30, "NaN", "1.234", "一百", "\x00", "Infinity"])
def test_land_that_is_none_is_told_at_the_field(client, new, typed):
    errors = enter(client, new | {"land_area": typed})
    assert Project.objects.count() == 0
    assert set(errors) <= {"land_area", "__all__"}


@pytest.mark.parametrize(
    ("typed", "stored"), [("１００", 100), ("1,200.5", Decimal("1200.5")), (" 7 ", 7), ("0e9", None)]
)
def test_number_is_understood_as_typed(client, new, typed, stored):
    enter(client, new | {"land_area": typed})
    assert list(Project.objects.values_list("land_area", flat=True)) == ([stored] if stored else [])


def test_number_is_shown_without_padding(client):
    project = MeasureFactory(value=300).project
    data = open_form(client, reverse("admin:projects_project_change", args=[project.pk]), "project_form")
    assert (data["measures-0-value"], data["land_area"]) == ("300", "100")


@pytest.mark.parametrize(("typed", "field"), [
    ({"name": ""}, "name"), ({"name": "长" * 201}, "name"), ({"name": "a\x00b"}, "name"),
    ({"stage": "nothing"}, "stage"),
    ({"official_code": "2501-620602"}, "__all__"), ({"enterprise": "987654"}, "enterprise"),
    ({"status": "paused"}, "status_reason"),
    ({"total_investment": "1亿", "investment_undisclosed": "on"}, "investment_undisclosed"),
])  # fmt: skip
def test_what_cannot_be_is_told_in_words(client, new, typed, field):
    errors = enter(client, new | typed)
    assert (list(errors), Project.objects.count()) == ([field], 0)


def test_official_code_left_empty_by_two_projects_is_unknown_for_both(client, new):
    other = {"name": "乳制品加工", "official_code": "  "}
    assert enter(client, new | {"official_code": ""}) == enter(client, new | other) == {}
    assert list(Project.objects.values_list("official_code", flat=True)) == [None, None]


def test_official_code_of_another_project_is_told_at_the_field(client, new):
    ProjectFactory(official_code="2501-620602-04-01-123456")
    assert list(enter(client, new | {"official_code": "2501-620602-04-01-123456"})) == ["official_code"]


def test_project_cannot_be_a_phase_of_its_own_phase(client):
    parent = ProjectFactory()
    phase = ProjectFactory(parent=parent)
    assert edit(client, parent, parent=phase.pk) == ["parent"]


# Milestones


def opened(client, project):
    return open_form(client, reverse("admin:projects_project_change", args=[project.pk]), "project_form")


def typed_milestone(client, project, data=None, **values):
    """The errors of a milestone that is added to a project, in its form as it was opened (`data`) or is now."""
    url = reverse("admin:projects_project_change", args=[project.pk])
    data = dict(data or opened(client, project))
    add_row(data, "milestones", **{"kind": "started", "planned": "", "actual": "", "note": "", **values})
    response = client.post(url, data)
    if response.status_code == 302:
        return {}
    (inline,) = [i for i in response.context_data["inline_admin_formsets"] if i.opts.model is Milestone]
    return inline.formset.forms[-1].errors


@pytest.mark.parametrize(("typed", "first", "precision"), [
    ("2025", date(2025, 1, 1), "year"), ("2025年5月", date(2025, 5, 1), "month"),
    ("2025年5月下旬", date(2025, 5, 21), "ten_days"), ("2025-05-21", date(2025, 5, 21), "day"),
])  # fmt: skip
def test_milestone_date_is_typed_as_far_as_known(client, typed, first, precision):
    project = ProjectFactory()
    assert typed_milestone(client, project, actual=typed) == {}
    milestone = Milestone.objects.get()
    assert (milestone.actual, milestone.actual_precision, milestone.planned_precision) == (first, precision, "")


def test_milestone_date_that_is_none_is_told_at_the_field(client):
    project = ProjectFactory()
    data = opened(client, project)
    for typed in ("5月", "明年", "0000年1月", "0年", "2025-02-30", "2025年5月下旬左右", "\x00", "9" * 40):
        assert list(typed_milestone(client, project, data, planned="2025", actual=typed)) == ["actual"], typed


def test_milestone_without_a_date_is_told_in_words(client):
    assert list(typed_milestone(client, ProjectFactory(), note="甲")) == ["__all__"]


def test_milestone_date_can_be_taken_away_again(client):
    milestone = MilestoneFactory(planned=date(2025, 4, 1), planned_precision="month")
    assert edit(client, milestone.project, **{"milestones-0-actual": ""}) == []
    milestone.refresh_from_db()
    assert (milestone.actual, milestone.actual_precision) == (None, "")


def test_milestone_given_twice_is_told_in_words(client):
    project = MilestoneFactory().project
    assert list(typed_milestone(client, project, actual="2025")) == ["__all__"]
    assert Milestone.objects.count() == 1


@pytest.mark.parametrize(("typed", "latest", "year"), [
    ({"milestones-1-actual": "2026年1月"}, "started", 2026),
    ({"milestones-0-DELETE": "on"}, "started", 2025),
    ({"milestones-1-DELETE": "on"}, "signed", 2024),
    ({"milestones-0-DELETE": "on", "milestones-1-DELETE": "on", "name": "甲"}, None, None),
])  # fmt: skip
def test_latest_milestone_follows_what_is_typed(client, typed, latest, year):
    project = ProjectFactory()
    MilestoneFactory(project=project, kind="signed", actual=date(2024, 3, 1), actual_precision="month")
    MilestoneFactory(project=project, kind="started", actual=date(2025, 5, 21))
    assert edit(client, project, **typed) == []
    project.refresh_from_db()
    assert (project.latest_milestone, project.latest_milestone_year) == (latest, year)


# Parts that would clash


def test_party_entered_twice_at_once_is_told_in_words(client, new):
    company = EnterpriseFactory()
    for _ in range(2):
        add_row(new, "parties", enterprise=company.pk, role="investor", note="")
    response = client.post(reverse(ADD), new)
    assert (response.status_code, Project.objects.count()) == (200, 0)


def test_parties_that_swap_their_roles_are_told_in_words(client):
    company, project = EnterpriseFactory(), ProjectFactory()
    ProjectPartyFactory(project=project, enterprise=company, role="investor")
    ProjectPartyFactory(project=project, enterprise=company, role="builder")
    assert edit(client, project, **{"parties-0-role": "builder", "parties-1-role": "investor"}) == ["__all__"] * 2


NO_MEASURE = [
    ("value", "1e999999999"), ("value", "9" * 30), ("value", "很多"), ("value", "0.00001"), ("position", "-1"),
    ("position", "9" * 30), ("name", ""), ("name", "长" * 61), ("unit", "长" * 21), ("qualifier", "x"),
    ("text", "\x00"),
]  # fmt: skip


def test_measure_that_is_none_is_told_at_the_field(client):
    project = MeasureFactory(value=300).project
    url, data = reverse("admin:projects_project_change", args=[project.pk]), opened(client, project)
    for field, typed in NO_MEASURE:
        assert told(client.post(url, data | {f"measures-0-{field}": typed})) == [field], typed


def test_measure_without_value_and_words_is_told_in_words(client):
    project = MeasureFactory(value=300, text="").project
    assert edit(client, project, **{"measures-0-value": ""}) == ["__all__"]
    assert Measure.objects.get().value == 300


# The list


def listed(client, **query):
    return [str(row) for row in client.get(reverse(LIST), query).context_data["cl"].result_list]


@pytest.mark.parametrize("text", ["华景", "九墩滩", "新能源"])
def test_projects_are_found_by_company_place_and_chain(client, text):
    company, place = EnterpriseFactory(name="武威华景领航电力有限公司"), PlaceFactory(name="九墩滩光伏治沙示范园区")
    ProjectFactory(name="电站", enterprise=company, place=place, chain=IndustryChainFactory(name="新能源"))
    ProjectFactory(name="乳业", chain=IndustryChainFactory(name="奶产业"))
    assert listed(client, q=text) == ["电站"]


def test_list_shows_amounts_in_words(client):
    ProjectFactory(total_investment=130_000)
    ProjectFactory(total_investment=None, investment_undisclosed=True)
    ProjectFactory(total_investment=None)
    model_admin = client.get(reverse(LIST)).context_data["cl"].model_admin
    undisclosed = model_admin.amount(Project(investment_undisclosed=True))
    shown = [model_admin.amount(project) for project in Project.objects.order_by("id")]
    assert shown == ["13 亿元", undisclosed, "—"]


@pytest.mark.parametrize(("query", "names"), [
    ({"stage__exact": "started"}, ["开工"]), ({"published__exact": "0"}, ["储备"]), ({"status__exact": "paused"}, []),
    ({"o": "3"}, ["储备", "开工"]), ({"o": "-3"}, ["开工", "储备"]),
])  # fmt: skip
def test_list_is_narrowed_and_sorted(client, query, names):
    ProjectFactory(name="开工", total_investment=130_000)
    ProjectFactory(name="储备", stage="reserve", published=False, total_investment=5)
    assert listed(client, **query) == names


# Reported indicators


@pytest.mark.parametrize(("typed", "stored"), [
    ("2025年5月", date(2025, 5, 1)), ("2025-05", date(2025, 5, 1)), ("2025/5", date(2025, 5, 1)),
    ("2025-05-01", date(2025, 5, 1)), ("", None),
])  # fmt: skip
def test_month_of_an_indicator_is_understood_as_typed(client, typed, stored):
    indicator = ReportedIndicatorFactory()
    url = reverse("admin:projects_reportedindicator_change", args=[indicator.pk])
    data = open_form(client, url, "reportedindicator_form")
    assert (data["period_start"], data["period_end"]) == ("2025年1月", "2025年5月")
    assert client.post(url, data | {"period_end": typed}).status_code == 302
    indicator.refresh_from_db()
    assert indicator.period_end == stored


def test_month_that_is_none_is_told_at_the_field(client):
    indicator = ReportedIndicatorFactory()
    url = reverse("admin:projects_reportedindicator_change", args=[indicator.pk])
    data = open_form(client, url, "reportedindicator_form")
    for typed in ("2025", "2025年5月下旬", "2025-05-02", "五月", "0000年1月", "\x00"):
        response = client.post(url, data | {"period_end": typed})
        assert list(response.context_data["adminform"].form.errors) == ["period_end"], typed


def test_indicator_that_ends_before_it_starts_is_told_in_words(client):
    indicator = ReportedIndicatorFactory()
    url = reverse("admin:projects_reportedindicator_change", args=[indicator.pk])
    response = client.post(url, open_form(client, url, "reportedindicator_form") | {"period_end": "2024年1月"})
    assert list(response.context_data["adminform"].form.errors) == ["__all__"]


def test_indicator_reported_twice_for_one_period_is_told_in_words(client):
    known = ReportedIndicatorFactory(name="省外到位资金")
    url = reverse("admin:projects_reportedindicator_add")
    data = open_form(client, url, "reportedindicator_form") | {
        "name": known.name, "theme": "investment", "value": "1", "unit": "亿元", "period_start": "2025-01",
        "period_end": "2025-05",
    }  # fmt: skip
    response = client.post(url, data)
    assert (list(response.context_data["adminform"].form.errors), ReportedIndicator.objects.count()) == (["__all__"], 1)


def test_two_indicators_of_one_name_have_two_addresses(client):
    ReportedIndicatorFactory(name="省外到位资金")
    url = reverse("admin:projects_reportedindicator_add")
    data = open_form(client, url, "reportedindicator_form") | {
        "name": "省外到位资金", "theme": "investment", "value": "1", "unit": "亿元", "period_start": "2024-01",
        "period_end": "2024-05",
    }  # fmt: skip
    assert client.post(url, data).status_code == 302
    slugs = list(ReportedIndicator.objects.order_by("id").values_list("slug", flat=True))
    assert slugs == ["sheng-wai-dao-wei-zi-jin", "sheng-wai-dao-wei-zi-jin-2"]


def test_milestone_can_be_deleted_and_entered_anew_at_once(client):
    project = MilestoneFactory().project
    url = reverse("admin:projects_project_change", args=[project.pk])
    data = open_form(client, url, "project_form") | {"milestones-0-DELETE": "on"}
    add_row(data, "milestones", kind="started", planned="", actual="2025年6月", note="")
    assert client.post(url, data).status_code == 302
    assert [milestone.actual for milestone in Milestone.objects.all()] == [date(2025, 6, 1)]
