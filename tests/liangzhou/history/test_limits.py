"""What the pages of a record's past, its form and its preview tell to those who may not see all records."""

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.models import ProjectParty
from tests.factories import (
    CreditShareFactory,
    EnterpriseFactory,
    ProjectPartyFactory,
    UnitFactory,
    UserFactory,
)
from tests.liangzhou.history_desk import change, history_url, restore_url
from tests.opened_form import open_form
from tests.role_world import FOREIGN, Side, person

pytestmark = pytest.mark.django_db

FIELD = ("task_force", "place_clerk")
OWN = "OWNMARK"


class Desk:
    """Somebody with a limited role, what is theirs, and what is somebody else's."""

    def __init__(self, client, role):
        self.client, self.role = client, role
        self.own, self.foreign = Side(OWN), Side(FOREIGN)
        self.user = person(role, self.own)
        self.sign_in(self.user)

    def sign_in(self, user):
        self.client.force_login(user)

    def texts(self, row, *more):
        """What the pages of a row's past print, by page; `more` are addresses of others."""
        past = row.history.order_by("history_id")
        first, last = past.first(), past.last()
        urls = {
            "history": history_url(row),
            "compare": f"{history_url(row, '_compare')}?from={first.pk}&to={last.pk}",
            "day": f"{history_url(row, '_day')}?on={timezone.localdate()}",
            "restore": restore_url(row, first),
            **{url: url for url in more},
        }
        answers = {page: self.client.get(url) for page, url in urls.items()}
        return {page: answer.content.decode() for page, answer in answers.items() if answer.status_code == 200}

    def naming(self, row, *more):
        """The pages that name what is somebody else's."""
        return {page for page, text in self.texts(row, *more).items() if FOREIGN in text}


@pytest.fixture(params=FIELD)
def desk(client, request):
    return Desk(client, request.param)


@pytest.fixture
def boss():
    return UserFactory(is_superuser=True)


def url_of(row, page="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def test_unit_tells_of_shares_in_own_projects_only(desk, boss):
    unit = UnitFactory()
    for side in (desk.own, desk.foreign):
        CreditShareFactory(project=side.project, unit=unit)
    change(unit, short_name="改")

    texts, named = desk.texts(unit), desk.naming(unit, url_of(unit))
    desk.sign_in(boss)

    assert (set(texts), named) == ({"history", "compare", "day"}, set())
    assert [OWN in texts[page] for page in ("history", "day")] == [True, True]
    assert desk.naming(unit, url_of(unit)) >= {"history", "day"}


def test_share_that_went_to_a_project_of_others_is_told_as_gone(desk):
    unit = UnitFactory()
    share = CreditShareFactory(project=desk.own.project, unit=unit)
    change(share, project=desk.foreign.project)

    texts = desk.texts(unit)

    assert (OWN in texts["history"], OWN in texts["day"], desk.naming(unit)) == (True, False, set())


@pytest.mark.parametrize("role", [*FIELD, "security"])
def test_chain_names_no_company_that_the_reader_may_not_see(client, boss, role):
    desk = Desk(client, role)
    chain = desk.foreign.chain
    change(chain, anchor_enterprise=desk.foreign.company)
    more = (url_of(chain), reverse("admin:projects_industrychain_changelist"))

    opened, named = set(desk.texts(chain, *more)), desk.naming(chain, *more)
    desk.sign_in(boss)

    assert (opened, named) == ({"history", "compare", "day", *more}, set())
    assert desk.naming(chain, *more) == {"history", "compare", "day", "restore", *more}


def test_project_does_not_name_a_parent_that_is_somebody_elses(desk, boss):
    project = desk.own.project
    change(project, parent=desk.foreign.project)
    more = (url_of(project), url_of(project, "preview"))

    opened, named = set(desk.texts(project, *more)), desk.naming(project, *more)
    desk.sign_in(boss)

    assert (opened, named) == ({"history", "compare", "day", "restore", *more}, set())
    assert desk.naming(project, *more) >= {"history", "compare", "day", "restore", url_of(project)}


def test_parent_that_is_not_named_stays_when_the_project_is_saved(desk):
    project = desk.own.project
    change(project, parent=desk.foreign.project)
    data = open_form(desk.client, url_of(project), "project_form")

    desk.client.post(url_of(project), data | {"summary": "新的概况"})

    project.refresh_from_db()
    assert (project.summary, project.parent) == ("新的概况", desk.foreign.project)


def test_who_only_reads_is_told_no_parent_of_others_either(client):
    desk = Desk(client, "task_force")
    change(desk.own.project, parent=desk.foreign.project)
    desk.user.groups.first().permissions.remove(
        *desk.user.groups.first().permissions.filter(codename__in=["change_project"])
    )

    assert desk.naming(desk.own.project, url_of(desk.own.project)) == set()


def test_company_that_took_part_once_is_named_no_more(desk, boss):
    party = ProjectPartyFactory(project=desk.own.project, enterprise=desk.foreign.company)
    assert desk.naming(desk.own.project) >= {"history", "day"}  # while it takes part, it may be seen
    ProjectParty.objects.get(pk=party.pk).delete()

    named = desk.naming(desk.own.project)
    desk.sign_in(boss)

    assert (named, "history" in desk.naming(desk.own.project)) == (set(), True)


def test_two_clerks_are_told_no_name_of_others(desk, boss):
    project = desk.own.project
    data = open_form(desk.client, url_of(project), "project_form")
    change(project, parent=desk.foreign.project, summary="别人写的")

    text = desk.client.post(url_of(project), data | {"summary": "我写的"}).content.decode()

    assert ("别人写的" in text, FOREIGN in text) == (True, False)


def test_batch_of_ones_own_names_nothing_of_others(desk, boss):
    project, batch = desk.own.project, desk.own.batch(OWN, desk.user)
    change(project, parent=desk.foreign.project)
    project.history.update(history_batch=batch)
    url = reverse("admin:liangzhou_changebatch_change", args=[batch.pk])

    text = desk.client.get(url).content.decode()
    desk.sign_in(boss)

    assert (OWN in text, FOREIGN in text, FOREIGN in desk.client.get(url).content.decode()) == (True, False, True)


# Public companies: their names are for everybody, the rest is for those whose they are


def test_internal_fields_of_a_public_company_are_for_those_whose_it_is(desk, boss):
    company = EnterpriseFactory(name="公开公司", published=True, internal_remark=f"{FOREIGN}备注")
    change(company, summary="新概况")
    more = (url_of(company), url_of(company, "preview"))

    opened, named = set(desk.texts(company, *more)), desk.naming(company, *more)
    desk.sign_in(boss)

    assert (opened, named) == (set(more), set())
    assert desk.naming(company, *more) >= {"history", *more}


def test_list_of_companies_is_not_narrowed_by_internal_fields(desk):
    url = reverse("admin:enterprises_enterprise_changelist")

    assert desk.client.get(f"{url}?internal_remark__contains={FOREIGN}").status_code == 400


def test_form_leads_to_the_past_of_ones_own_only(desk):
    public = EnterpriseFactory(published=True)
    own, others = (desk.client.get(url_of(one)).content.decode() for one in (desk.own.company, public))

    assert (history_url(desk.own.company) in own, history_url(public) in others) == (True, False)


def test_internal_fields_of_ones_own_company_are_shown(desk):
    company = EnterpriseFactory(published=True, internal_remark=f"{OWN}备注", created_by=desk.user)

    texts = desk.texts(company, url_of(company), url_of(company, "preview"))

    assert {page for page, text in texts.items() if f"{OWN}备注" in text} >= {
        "history",
        url_of(company),
        url_of(company, "preview"),
    }
