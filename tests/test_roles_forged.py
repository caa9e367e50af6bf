"""What roles do with forged requests: ids of others in bulk actions, choices and acts; and that right ones are kept."""

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Group
from django.test import RequestFactory
from django.urls import get_resolver, reverse

from enterprises.models import Enterprise
from liangzhou.models import Publishable
from liangzhou.version_lock import FIELD as VERSION
from projects.models import Milestone, Project
from tests.factories import UserFactory
from tests.opened_form import read_form
from tests.role_world import FOREIGN, ROLES, Side, give, person
from tests.test_roles import LIMITED, RIGHTS, address, letters

FORM_SUFFIX = "_form"
PUBLISHERS, MERGERS, EXPORTERS = {"publisher"}, {"editor"}, {"editor", "service_officer"}


def actions_meant(model, role: str) -> set[str]:
    """The bulk actions that the list of a kind offers to a role."""
    may = letters(role, model._meta.label_lower, own=True) if model._meta.label_lower in RIGHTS else ""
    meant = set()
    if "d" in may and model is not Milestone:
        meant |= {"delete_selected"}
    if issubclass(model, Publishable) and "c" in may:
        meant |= {"submit"}
    if issubclass(model, Publishable) and role in PUBLISHERS:
        meant |= {"publish", "give_back", "withdraw"}
    if model is Project and role in MERGERS:
        meant |= {"merge_two"}
    if model._meta.model_name == "contact" and role in EXPORTERS:
        meant |= {"export"}
    if model is Group and role == "security":
        meant |= {"delete_selected"}
    return meant


@pytest.mark.parametrize("role", ROLES)
def test_lists_offer_each_role_its_bulk_actions(db, role):
    assert get_resolver().url_patterns  # loads every admin
    request = RequestFactory().get("/")
    request.user = person(role, Side("自己"))
    offered = {
        model._meta.label_lower: set(model_admin.get_actions(request))
        for model, model_admin in admin.site._registry.items()
        if model_admin.has_view_or_change_permission(request) and model._meta.label_lower != "axes.accessattempt"
    }

    assert offered == {label: actions_meant(_model(label), role) for label in offered}


def _model(label: str):
    return next(model for model in admin.site._registry if model._meta.label_lower == label)


@pytest.mark.parametrize("role", sorted(LIMITED))
def test_bulk_actions_do_nothing_with_foreign_rows(client, db, role):
    own, foreign = Side("自己"), Side(FOREIGN)
    client.force_login(person(role, own))
    before = [Project.objects.filter(pk=foreign.project.pk).values().get(),
              Enterprise.objects.filter(pk=foreign.company.pk).values().get()]  # fmt: skip

    for kind, row in (("projects_project", foreign.project), ("enterprises_enterprise", foreign.company)):
        for action in ("submit", "publish", "give_back", "withdraw", "delete_selected", "merge_two"):
            chosen = {ACTION_CHECKBOX_NAME: [row.pk], "action": action, "post": "yes", "reason": "x"}
            answer = client.post(reverse(f"admin:{kind}_changelist"), chosen, follow=True)
            assert FOREIGN not in answer.content.decode(), (kind, action)

    assert before == [Project.objects.filter(pk=foreign.project.pk).values().get(),
                      Enterprise.objects.filter(pk=foreign.company.pk).values().get()]  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_only_the_publisher_publishes_and_withdraws(client, db, role):
    own, public = Side("自己"), Side("公开", published=True)
    Project.objects.filter(pk=own.project.pk).update(review="submitted")
    somebody = person(role, own)
    give(somebody, role, public) if role != "place_clerk" else None
    client.force_login(somebody)

    for act, project in (("publish", own.project), ("withdraw", public.project)):
        project.refresh_from_db()
        url = reverse("admin:projects_project_publishing", args=[project.pk])
        client.post(url, {"act": act, VERSION: project.version, "text": "理由"})

    shown = set(Project.objects.filter(published=True).values_list("pk", flat=True))
    assert shown == ({own.project.pk} if role == "publisher" else {public.project.pk})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("label", ["projects.project", "enterprises.enterprise", "projects.milestone"])
def test_who_may_change_saves_and_who_may_not_has_no_form_to_send(client, db, role, label):
    own = Side("自己")
    client.force_login(person(role, own))
    url, row = address(label, "change", own.rows[label].pk), own.rows[label]
    name = label.partition(".")[2]
    note = "note" if label == "projects.milestone" else "internal_remark"
    page = client.get(url)

    if "c" in letters(role, label, own=True):
        answer = client.post(url, read_form(page, name + FORM_SUFFIX) | {note: "由本人修改"})
        assert answer.status_code == 302, answer.context["errors"]
        row.refresh_from_db()
        assert getattr(row, note) == "由本人修改"
    else:
        assert page.status_code == 302 or page.status_code == 403 or b'name="_save"' not in page.content


@pytest.mark.parametrize("role", sorted(LIMITED))
def test_no_choice_by_typing_names_foreign_rows(client, db, role):
    own = Side("自己")
    Side(FOREIGN)
    client.force_login(person(role, own))
    assert get_resolver().url_patterns
    fields = [
        (model._meta, field)
        for model, model_admin in admin.site._registry.items()
        for inline in [model_admin, *(i(model, admin.site) for i in model_admin.inlines)]
        for model, field in [(inline.model, name) for name in inline.autocomplete_fields]
    ]
    assert len(fields) > 8

    for opts, field in fields:
        asked = {"app_label": opts.app_label, "model_name": opts.model_name, "field_name": field, "term": ""}
        answer = client.get(reverse("admin:autocomplete"), asked)
        assert FOREIGN not in answer.content.decode(), (opts, field)


@pytest.mark.parametrize("role", sorted(LIMITED))
@pytest.mark.parametrize("field", ["parent", "enterprise", "chain", "place"])
def test_foreign_choices_are_refused_in_a_form(client, db, role, field):
    own, foreign = Side("自己"), Side(FOREIGN)
    client.force_login(person(role, own))
    url = reverse("admin:projects_project_change", args=[own.project.pk])
    forged = {"parent": foreign.project, "enterprise": foreign.company, "chain": foreign.chain, "place": foreign.place}
    data = read_form(client.get(url), "project_form")
    # Away from both, so that neither the chain nor the place is theirs any more
    moved = {"chain": foreign.chain.pk, "place": foreign.place.pk} if field in ("chain", "place") else {}

    answer = client.post(url, data | {field: forged[field].pk} | moved)

    assert answer.status_code == 200
    assert FOREIGN not in answer.content.decode()
    kept = Project.objects.get(pk=own.project.pk)
    assert (kept.parent_id, kept.enterprise_id, kept.chain_id, kept.place_id) == (
        None,
        own.company.pk,
        own.chain.pk,
        own.place.pk,
    )


@pytest.mark.parametrize("path", ["/projects/", "/projects/export.csv", "/search/?q=自己", "/enterprises/", "/"])
def test_public_pages_show_staff_what_they_show_everybody(client, db, path):
    Side("自己")
    Side("公开", published=True)
    everybody = b"".join(client.get(path)).decode()
    client.force_login(UserFactory(is_superuser=True))

    assert b"".join(client.get(path)).decode() == everybody
    assert "自己项目" not in everybody
