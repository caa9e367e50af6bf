"""Whose records are whose: the same answer from the database and for one record, for every role."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User

from enterprises.models import Contact, Enterprise, Qualification
from liangzhou import permissions
from liangzhou.history.changes import row_of
from liangzhou.roles import ROLES
from projects.models import Milestone, Project
from sources.models import Citation, Cited
from tests.factories import (
    CitationFactory,
    ContactFactory,
    CreditShareFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    InstructionFactory,
    MilestoneFactory,
    NotTheSameFactory,
    OpportunityFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
    QualificationFactory,
    UserFactory,
    WaitingChangeFactory,
)
from tests.kept_rows import kept_rows

pytestmark = pytest.mark.django_db

ACTS = ("view", "change", "delete")


class World:
    """A chain and a place that are somebody's, and projects of these, of others and of none, with all their parts."""

    def __init__(self):
        self.chain, self.place = IndustryChainFactory(), PlaceFactory()
        hidden = {"enterprise__published": False}
        self.of_chain = ProjectFactory(chain=self.chain, **hidden)
        self.in_place = ProjectFactory(place=self.place, chain=None, **hidden)
        self.foreign = ProjectFactory(**hidden)
        self.of_none = ProjectFactory(chain=None, place=None, **hidden)
        self.shared = EnterpriseFactory(published=False)  # carries an own project, takes part in a foreign one
        self.mixed = ProjectFactory(chain=self.chain, place=None, enterprise=self.shared)
        ProjectPartyFactory(project=self.foreign, enterprise=self.shared)
        projects = [self.of_chain, self.in_place, self.foreign, self.of_none, self.mixed]
        for project in projects:
            MilestoneFactory(project=project)
            InstructionFactory(project=project)
            CreditShareFactory(project=project)
            CitationFactory(target=project)
            WaitingChangeFactory(target=project)
            WaitingChangeFactory(target=project.enterprise)
            CitationFactory(target=project.enterprise)
            QualificationFactory(enterprise=project.enterprise)
            ContactFactory(enterprise=project.enterprise)
            NotTheSameFactory(project_a=self.of_chain, project_b=project) if project != self.of_chain else None
        self.public = EnterpriseFactory()
        ContactFactory(enterprise=self.public)
        for target in (self.chain, self.place, self.public, OpportunityFactory(published=False)):
            CitationFactory(target=target)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with kept_rows(django_db_blocker):
        yield World()


def somebody(world, role):
    limits = {"chains": [world.chain]} if role == "task_force" else {}
    limits |= {"places": [world.place]} if role == "place_clerk" else {}
    return UserFactory(roles=[role], **limits)


SCOPED = [apps.get_model(label) for label in permissions.SCOPED]


@pytest.mark.parametrize("role", [role.code for role in ROLES])
def test_database_and_memory_agree_for_every_kind_of_record(world, role):
    user = somebody(world, role)
    for model in SCOPED:
        rows = list(model._default_manager.order_by("pk"))
        for act in ACTS:
            told = list(permissions.visible(user, model._default_manager.order_by("pk"), act))
            assert told == [row for row in rows if permissions.may(user, act, row)], (model, act)


@pytest.mark.parametrize("role", ["task_force", "place_clerk"])
def test_two_roles_with_limits_reach_what_either_reaches(world, role):
    user = UserFactory(roles=["task_force", "place_clerk"], chains=[world.chain], places=[world.place])

    own = permissions.visible(user, Project.objects.order_by("pk"))

    assert list(own) == [world.of_chain, world.in_place, world.mixed]


def test_limits_are_of_projects_and_of_what_belongs_to_them(world):
    user = somebody(world, "task_force")

    assert set(permissions.visible(user, Project.objects.all())) == {world.of_chain, world.mixed}
    assert {one.project for one in permissions.visible(user, Milestone.objects.all())} == {world.of_chain, world.mixed}
    companies = permissions.visible(user, Enterprise.objects.all())
    assert set(companies) == {world.of_chain.enterprise, world.shared, world.public}
    changed = permissions.visible(user, Enterprise.objects.all(), "change")
    assert set(changed) == {world.of_chain.enterprise}
    contacts = permissions.visible(user, Contact.objects.all())
    assert {one.enterprise for one in contacts} == {world.of_chain.enterprise}  # of the shared one: the bureau's
    qualified = permissions.visible(user, Qualification.objects.all())
    assert {one.enterprise for one in qualified} == {world.of_chain.enterprise, world.shared}


def test_sentences_are_read_as_their_record_is(world):
    user = somebody(world, "task_force")

    read = {one.target for one in permissions.visible(user, Citation.objects.all())}
    changed = {one.target for one in permissions.visible(user, Citation.objects.all(), "change")}

    own = {world.of_chain, world.mixed, world.of_chain.enterprise}
    assert (read, changed) == (own | {world.shared, world.public, world.chain, world.place}, own)


@pytest.mark.parametrize("act", ["view", "reveal", "change"])
def test_public_company_is_nobodys_by_a_draft_that_names_it(world, act):
    user = somebody(world, "task_force")
    contact = Contact.objects.get(enterprise=world.public)
    draft = ProjectFactory(chain=world.chain, enterprise=world.public, published=False, created_by=user)
    asked = (contact, world.public) if act == "change" else (contact,)

    assert [permissions.may(user, act, one) for one in asked] == [False] * len(asked)
    assert not permissions.may_read_internal(user, world.public)

    Project.objects.filter(pk=draft.pk).update(published=True)
    assert [permissions.may(user, act, one) for one in asked] == [True] * len(asked)
    ProjectPartyFactory(project=world.foreign, enterprise=world.public)
    assert [permissions.may(user, act, one) for one in asked] == [False] * len(asked)


def test_change_that_waits_is_read_by_those_whose_the_record_is(world):
    user = somebody(world, "task_force")
    waiting = WaitingChangeFactory(target=world.public)

    assert (permissions.may(user, "view", world.public), permissions.may(user, "view", waiting)) == (True, False)


def test_company_that_somebody_entered_is_theirs_until_others_use_it(world):
    user = somebody(world, "task_force")
    company = EnterpriseFactory(published=False, created_by=user)

    assert [permissions.may(user, act, company) for act in ("view", "change")] == [True, True]
    ProjectFactory(enterprise=company)
    assert [permissions.may(user, act, company) for act in ("view", "change")] == [True, False]


def test_role_without_limits_lifts_those_of_another(world):
    user = UserFactory(roles=["task_force", "editor"], chains=[world.chain])

    assert permissions.visible(user, Project.objects.all(), "change").count() == 5
    assert not permissions.is_limited(user)


def test_role_that_only_reads_lifts_no_limit_of_changes(world):
    user = UserFactory(roles=["task_force", "publisher"], chains=[world.chain])

    assert permissions.visible(user, Project.objects.all()).count() == 5
    assert set(permissions.visible(user, Project.objects.all(), "change")) == {world.of_chain, world.mixed}
    assert not permissions.may(user, "change", world.foreign)


def test_rights_given_by_hand_reach_everything(world):
    user = UserFactory(permissions=["projects.view_project"])

    assert permissions.visible(user, Project.objects.all()).count() == 5
    assert permissions.visible(user, Enterprise.objects.all()).count() == 0


@pytest.mark.parametrize("role", ["task_force", "place_clerk"])
def test_role_without_a_chain_or_a_place_reaches_no_project(world, role):
    user = UserFactory(roles=[role])

    assert list(permissions.visible(user, Project.objects.all())) == []
    assert permissions.why_not_own(user, world.of_chain) != ""
    assert not permissions.may(user, "view", world.of_none)


def test_nobody_who_is_not_active_may_anything(world):
    gone = UserFactory(roles=["editor"], is_active=False)

    assert [permissions.may(user, "view", Project) for user in (gone, AnonymousUser())] == [False, False]


def test_superuser_costs_no_query(world, django_assert_num_queries):
    user = User(is_superuser=True)

    with django_assert_num_queries(0):
        assert permissions.may(user, "delete", world.foreign)
        assert permissions.reaches_all(user, "change", Project)


def test_limits_are_asked_for_once(world, django_assert_num_queries):
    user = User.objects.get(pk=UserFactory(roles=["task_force", "place_clerk"], chains=[world.chain]).pk)
    user.has_perm("projects.view_project")

    with django_assert_num_queries(4):
        for project in (world.of_chain, world.foreign):
            permissions.may(user, "view", project)


def test_project_is_asked_about_as_it_is_about_to_be_saved(world):
    user = somebody(world, "task_force")
    world.of_chain.chain = world.foreign.chain

    assert not permissions.may(user, "change", world.of_chain)
    assert permissions.why_not_own(user, world.of_chain) != ""
    assert permissions.why_not_own(User(is_superuser=True), world.of_chain) == ""


def test_parts_of_what_is_gone_are_nobodys(world):
    user = somebody(world, "task_force")
    milestone = Milestone.objects.get(project=world.of_chain)
    past = row_of(milestone.history.latest("history_id"))
    Milestone.objects.filter(project=world.of_chain).delete()
    Project.objects.filter(pk=world.of_chain.pk).delete()

    assert not permissions.may(user, "view", past)


def test_every_record_that_can_be_cited_is_known_here():
    cited = {model._meta.label_lower for model in apps.get_models() if issubclass(model, Cited)}

    assert set(permissions.WITH_CITATIONS) == cited
