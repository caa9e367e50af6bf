"""Any query string: never an error, and what was understood is what a plain loop over the rows gives."""

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from liangzhou import search
from liangzhou.listing import Listing
from liangzhou.money import parse_wan
from projects.columns import project_columns
from projects.filters import ProjectFilter
from projects.models import Project
from projects.stages import PUBLIC_STAGES, Stage, Status
from tests.factories import (
    EnterpriseFactory,
    IndustryChainFactory,
    MilestoneFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
)

CARRIED = ("utm_source", "from", "spm")
SENSIBLE = {
    "q": ["储能", "黄羊", "300MW", "景领", "产业 LZ", "x", ""],
    "chain": ["energy", "dairy", "none"],
    "stage": ["signed", "landed", "at_capacity", ""],
    "status": ["normal", "paused"],
    "place": ["park", "none"],
    "enterprise": ["QY000001", "QY000002"],
    "year": ["2025", "2024", "none", "1999"],
    "investment_min": ["0", "500", "1亿", "", "13亿元"],
    "investment_max": ["499", "13亿", "130,000"],
    "o": ["name", "-investment", "-stage", "milestone", ""],
    "page": ["1", "2"],
    **dict.fromkeys(CARRIED, ["x"]),
}
WRONG = ["%", "'", "储能", "-1", "1e999", "lead", "none", "QY000003", "-", "\x00", "٣", "name", "9" * 50, " "]
ANYTHING = st.sampled_from(WRONG) | st.text(st.characters(codec="utf-8"), max_size=30)


@st.composite
def query_strings(draw):
    """Parameters with sensible values, with wrong ones, and parameters that do not exist."""
    params = QueryDict(mutable=True)
    for name in draw(st.lists(st.sampled_from(sorted(SENSIBLE)), max_size=4)):
        params.appendlist(name, draw(st.sampled_from(SENSIBLE[name])))
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(SENSIBLE)) | st.text(st.characters(codec="utf-8"), max_size=12))
        params.appendlist(name, draw(ANYTHING))
    return params


def rows():
    energy = IndustryChainFactory(name="新能源产业链", slug="energy")
    IndustryChainFactory(name="奶产业", slug="dairy")
    park = PlaceFactory(name="黄羊工业园", slug="park")
    company = EnterpriseFactory(name="景领电力", code="QY000001")
    hidden = EnterpriseFactory(name="景领控股", code="QY000003", published=False)
    EnterpriseFactory(code="QY000002")
    storage = ProjectFactory(name="300MW储能", chain=energy, place=park, enterprise=company, stage=Stage.SIGNED)
    milk = ProjectFactory(name="乳制品", chain=None, place=None, enterprise=hidden, stage=Stage.LANDED,
                          status=Status.PAUSED, status_reason="停工", total_investment=None)  # fmt: skip
    food = ProjectFactory(name="食品", place=park, enterprise=None, stage=Stage.LANDED, total_investment=500)
    ProjectPartyFactory(project=food, enterprise=company)
    ProjectPartyFactory(project=food, enterprise=hidden)
    MilestoneFactory(project=storage, actual=date(2025, 5, 21))
    MilestoneFactory(project=milk, actual=date(2024, 8, 1))
    return list(Project.objects.select_related("chain", "place", "enterprise"))


def slug(related):
    return related.slug if related else "none"


VALUE = {
    "chain": lambda project: slug(project.chain),
    "place": lambda project: slug(project.place),
    "stage": lambda project: project.stage,
    "status": lambda project: project.status,
    "year": lambda project: str(project.latest_milestone_year or "none"),
    "enterprise": lambda project: next((c.code for c in [project.enterprise] if c and c.published), ""),
}


def may_be_asked(name, value):
    if name == "year":
        return value == "none" or (value.isascii() and value.isdigit() and 1900 <= int(value) <= 2099)
    return value in {"stage": PUBLIC_STAGES, "status": Status.values}.get(name, SENSIBLE.get(name, ()))


def texts(project):
    """What the public may look in: the project's words, its public companies, its chain and its place."""
    companies = [project.enterprise, *(party.enterprise for party in project.parties.all())]
    shown = [company.search_text for company in companies if company and company.published]
    return [project.search_text, *shown, *(tie.search_text for tie in (project.chain, project.place) if tie)]


def expected(projects, params):
    """The rows that the parameters ask for; fails on parameters that nobody can understand."""
    for name, values in params.lists():
        values = [value.strip() for value in values if value.strip()]
        if name in VALUE and values:
            assert all(may_be_asked(name, value) for value in values), (name, values)
            projects = [project for project in projects if VALUE[name](project) in values]
        elif name == "q" and values:
            terms = search.words(values[-1])
            projects = [p for p in projects if all(any(term in text for text in texts(p)) for term in terms)]
        elif name == "investment_min" and values:
            least = parse_wan(values[-1])
            projects = [p for p in projects if p.total_investment is not None and p.total_investment >= least]
        elif name == "investment_max" and values:
            most = parse_wan(values[-1])
            projects = [p for p in projects if p.total_investment is not None and p.total_investment <= most]
        else:
            assert name in SENSIBLE or name.startswith("utm_"), name
    return {project.pk for project in projects}


def read_everything(listing):
    """All that a page or an export makes of a listing."""
    page = listing.page(listing.queryset.count())
    return [listing.filters, listing.hidden, listing.chips, listing.clear_url, listing.header, listing.sort_options,
            listing.rows(page), listing.pages(page), listing.export_url("/projects/export.csv")]  # fmt: skip


@pytest.mark.django_db
def test_any_query_string_is_answered_and_what_was_understood_is_right():
    projects = rows()
    answered = []

    @given(query_strings())
    @settings(max_examples=60)
    def check(params):
        listing = Listing(params, Project.objects.public(), ProjectFilter, project_columns(), "-updated", path="/p/")
        answered.append(listing.understood)
        found = {project.pk for project in listing.queryset}
        if listing.understood:
            assert found == expected(projects, params)
        read_everything(listing)

    check()

    assert set(answered) == {True, False}
