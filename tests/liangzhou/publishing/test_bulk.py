"""The acts of publishing for many records at once."""

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import Opportunity, Project
from tests.answers import page_of
from tests.factories import IndustryChainFactory, OpportunityFactory, ProjectFactory, UserFactory
from tests.opened_form import read_form

pytestmark = pytest.mark.django_db

WAITING = {"published": False, "review": "submitted"}


def signed_in(*roles, **given):
    client = Client()
    client.force_login(UserFactory(roles=roles, **given))
    return client


def choose(client, action, model=Project, **more):
    chosen = [str(pk) for pk in model.objects.values_list("pk", flat=True)]
    url = reverse(f"admin:projects_{model._meta.model_name}_changelist")
    return client.post(url, {"action": action, "_selected_action": chosen, **more})


def confirm(client, action, data, model=Project):
    url = reverse(f"admin:projects_{model._meta.model_name}_publishing_many", args=[action])
    return client.post(url, data, follow=True)


def messages(response):
    return [str(message) for message in response.context["messages"]]


def test_choosing_names_the_records_and_changes_nothing():
    ProjectFactory(name="储能电站", **WAITING), ProjectFactory(name="乳业", published=True)
    page = page_of(choose(signed_in("publisher"), "publish")).one("div.publishing-many")
    assert (page.texts("li"), ["乳业" in text for text in page.texts("p.refusal")]) == (["储能电站"], [True])
    assert Project.objects.public().count() == 1


def test_confirming_says_what_became_of_each():
    client = signed_in("publisher")
    changed, lead = ProjectFactory(name="储能电站", **WAITING), ProjectFactory(name="线索甲", stage="lead", **WAITING)
    public = ProjectFactory(name="乳业", published=True)
    data = {"seen": ",".join(f"{row.pk}:1" for row in (changed, lead, public))}
    told = [("1" in text, "线索甲" in text) for text in messages(confirm(client, "publish", data))]
    assert told == [(True, False), (True, False), (True, True)]
    assert sorted(project.name for project in Project.objects.public()) == ["乳业", "储能电站"]


def test_reason_that_is_missing_is_asked_again_and_nothing_is_done():
    ProjectFactory(published=True)
    client = signed_in("publisher")
    data = read_form(choose(client, "withdraw"), "publishing_many_form")
    again = confirm(client, "withdraw", data | {"text": " "})
    assert (len(page_of(again).all("ul.errorlist")), Project.objects.public().count()) == (1, 1)
    confirm(client, "withdraw", read_form(again, "publishing_many_form") | {"text": "查实"})
    assert Project.objects.public().count() == 0


def test_what_was_saved_meanwhile_stays():
    project, client = ProjectFactory(**WAITING), signed_in("publisher")
    data = read_form(choose(client, "publish"), "publishing_many_form")
    Project.objects.update(version=2)
    assert len(messages(confirm(client, "publish", data))) == 1
    assert not Project.objects.get(pk=project.pk).published


def test_all_of_a_long_list_reaches_every_page():
    for number in range(60):
        OpportunityFactory(name=f"机会{number}", **WAITING)
    client = signed_in("publisher")
    data = read_form(choose(client, "publish", Opportunity, select_across="1", index="0"), "publishing_many_form")
    confirm(client, "publish", data, Opportunity)
    assert Opportunity.objects.public().count() == 60


def test_records_of_others_are_neither_named_nor_changed():
    chain = IndustryChainFactory()
    client = signed_in("task_force", chains=[chain])
    own = ProjectFactory(name="本链项目", chain=chain, published=False)
    foreign = ProjectFactory(name="绝密项目", chain=IndustryChainFactory(), published=False)
    asked = choose(client, "submit")
    done = confirm(client, "submit", {"seen": f"{own.pk}:1,{foreign.pk}:1"})
    assert ["绝密" in answer.content.decode() for answer in (asked, done)] == [False, False]
    assert [Project.objects.get(pk=row.pk).review for row in (own, foreign)] == ["submitted", ""]


@pytest.mark.parametrize(("role", "action"), [("editor", "publish"), ("editor", "withdraw"), ("leader", "submit"),
                                              ("publisher", "submit"), ("auditor", "give_back")])  # fmt: skip
def test_those_without_the_right_change_nothing(role, action):
    client, project = signed_in(role), ProjectFactory(**WAITING)
    choose(client, action)
    assert confirm(client, action, {"seen": f"{project.pk}:1", "text": "x"}).status_code == 403
    assert Project.objects.get().version == 1


@pytest.mark.parametrize(
    "seen", ["", "abc", "1", "1:2:3", ":", "9" * 30 + ":1", "\x00", "²:1", ",".join(["1:1"] * 3000)]
)
def test_nonsense_is_no_error(seen):
    assert confirm(signed_in("publisher"), "publish", {"seen": seen}).status_code in (200, 400)


def test_page_is_not_opened_without_a_choice():
    client = signed_in("publisher")
    url = reverse("admin:projects_project_publishing_many", args=["publish"])
    assert [client.get(url).status_code, client.post(url.replace("publish/", "nothing/", 2)).status_code] == [404, 404]
