"""Entering a project that is there already: asked once, in the form."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from liangzhou.forms import LedgerForm
from projects.look_alikes import LookAlikeMixin
from projects.models import NotTheSame, Project
from tests.answers import page_of
from tests.factories import EnterpriseFactory, NotTheSameFactory, PlaceFactory, ProjectFactory, UserFactory
from tests.opened_form import open_form

pytestmark = pytest.mark.django_db

CODE = "2501-620602-04-01-123456"


class Form(LookAlikeMixin, LedgerForm):
    by = User(is_superuser=True)

    class Meta:
        model = Project
        fields = ("name", "official_code", "enterprise", "place", "summary")


def asked(form):
    """The projects that the form asks about, and whether it can be saved."""
    valid = form.is_valid()
    return [like.project.name for like in form.look_alikes], valid


@pytest.fixture
def there():
    return ProjectFactory(name="年产8600吨系列乳制品精深加工项目", official_code=CODE)


@pytest.mark.parametrize(
    "typed",
    [{"name": "年产8600吨乳制品精深加工"}, {"name": "凉州区年产8600吨系列乳制品精深加工建设项目"}],
)
def test_a_new_project_like_another_is_asked_about_and_saved_once_it_is_another(there, typed):
    assert asked(Form(typed)) == ([there.name], False)
    assert list(Form(typed).errors) == ["not_the_same"]
    assert asked(Form(typed | {"not_the_same": "on"})) == ([there.name], True)


def test_another_project_of_the_company_in_the_place_is_asked_about(there):
    typed = {"name": "冷库", "enterprise": there.enterprise_id, "place": there.place_id}

    assert asked(Form(typed)) == ([there.name], False)
    assert asked(Form(typed | {"place": PlaceFactory().pk})) == ([], True)


@pytest.mark.parametrize("name", ["年产8600吨系列乳制品精深加工二期", "年产500吨系列乳制品精深加工", "雅洁食品项目"])
def test_other_phases_and_other_sizes_are_other_projects(name):
    ProjectFactory(name="年产8600吨系列乳制品精深加工一期")

    assert asked(Form({"name": name})) == ([], True)


def test_only_a_change_of_what_is_compared_asks(there):
    twin = ProjectFactory(name=there.name, place=there.place, enterprise=EnterpriseFactory())
    kept = {"name": twin.name, "place": twin.place_id, "enterprise": twin.enterprise_id}

    assert asked(Form(kept | {"summary": "深加工"}, instance=twin)) == ([], True)
    assert asked(Form(kept | {"enterprise": there.enterprise_id}, instance=twin)) == ([there.name], False)


def test_a_pair_that_was_told_apart_is_not_asked_about_again(there):
    twin = ProjectFactory(name="冷库")
    NotTheSameFactory(project_a=there, project_b=twin)

    assert asked(Form({"name": there.name, "place": "", "enterprise": ""}, instance=twin)) == ([], True)


def test_a_form_with_other_errors_asks_nothing_yet(there):
    form = Form({"name": there.name, "official_code": CODE})

    assert asked(form) == ([], False)
    assert list(form.errors) == ["official_code"]


@pytest.mark.parametrize("name", ["", " ", "\x00", "项目", "9" * 200, "(", "一期"])
def test_odd_names_are_no_error_of_ours(there, name):
    Form({"name": name}).is_valid()


def test_the_admin_lists_the_look_alikes_and_saves_on_the_second_word(there):
    client, url = Client(), reverse("admin:projects_project_add")
    client.force_login(UserFactory(is_superuser=True))
    data = open_form(client, url, "project_form") | {"name": "年产8600吨乳制品精深加工"}

    page = page_of(client.post(url, data))

    box = page.one("section.conflict")
    links = [link["href"] for link in box.one("table").all("a")]
    assert links == [reverse("admin:projects_project_change", args=[there.pk])]
    assert [cell.text for cell in box.one("tbody").all("td")][:4] == [
        there.get_stage_display(),
        there.enterprise.name,
        there.place.name,
        "13 亿元",
    ]
    assert box.one("input", name="not_the_same", type="checkbox")["id"] == "id_not_the_same"
    assert client.post(url, data | {"not_the_same": "on"}).status_code == 302
    assert Project.objects.filter(name="年产8600吨乳制品精深加工").count() == 1


def test_the_second_word_is_remembered_of_those_that_were_listed(there):
    clerk, client, url = UserFactory(is_superuser=True), Client(), reverse("admin:projects_project_add")
    ProjectFactory(name="冷库", place=None, enterprise=None)
    client.force_login(clerk)
    data = open_form(client, url, "project_form") | {"name": "年产8600吨乳制品精深加工"}

    client.post(url, data)
    assert NotTheSame.objects.count() == 0
    client.post(url, data | {"not_the_same": "on"})

    new, decision = Project.objects.get(name=data["name"]), NotTheSame.objects.get()
    assert NotTheSame.objects.pairs() == {(there.pk, new.pk)}
    assert (decision.created_by, decision.history.get().history_user) == (clerk, clerk)
    assert asked(Form({"name": there.name}, instance=new)) == ([], True)


def test_a_box_that_was_not_asked_for_tells_nothing_apart(there):
    client, url = Client(), reverse("admin:projects_project_add")
    client.force_login(UserFactory(is_superuser=True))

    client.post(url, open_form(client, url, "project_form") | {"name": "冷库", "not_the_same": "on"})

    assert (Project.objects.count(), NotTheSame.objects.count()) == (2, 0)


def test_the_admin_shows_no_box_where_nothing_looks_alike():
    client = Client()
    client.force_login(UserFactory(is_superuser=True))

    page = page_of(client.get(reverse("admin:projects_project_add")))

    assert page.all("input", name="not_the_same") == []
    assert issubclass(admin.site.get_model_admin(Project).form, LookAlikeMixin)
