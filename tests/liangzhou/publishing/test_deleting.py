"""Deleting what is public: it takes it from the public, which asks the right to publish."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import translation

from liangzhou.audit import AuditEntry
from liangzhou.roles import BY_CODE
from projects import merging
from projects.models import Opportunity, Project
from projects.stages import Stage
from tests.factories import OpportunityFactory, ProjectFactory, UserFactory
from tests.liangzhou.review_desk import desk

pytestmark = pytest.mark.django_db


def delete(client, *records):
    """Through the form of one, or ticked in the list."""
    if len(records) == 1:
        url = reverse("admin:projects_opportunity_delete", args=[records[0].pk])
        return client.post(url, {"post": "yes"}, follow=True)
    chosen = {"action": "delete_selected", "_selected_action": [one.pk for one in records], "post": "yes"}
    return client.post(reverse("admin:projects_opportunity_changelist"), chosen, follow=True)


def trail():
    rows = AuditEntry.objects.filter(action__in=["delete", "withdraw"]).order_by("number")
    return [(entry.action, entry.result) for entry in rows]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("review", [True, False])
def test_editor_deletes_nothing_public(settings, review, count):
    settings.REVIEW_CHANGES = review
    rows = [OpportunityFactory(published=True) for _number in range(count)]
    assert delete(desk("editor"), *rows).status_code == 200
    assert (Opportunity.objects.public().count(), trail()) == (count, [])


@pytest.mark.parametrize("count", [1, 2])
def test_editor_deletes_drafts(count):
    rows = [OpportunityFactory(published=False) for _number in range(count)]
    delete(desk("editor"), *rows)
    assert (Opportunity.objects.count(), trail()) == (0, [("delete", "done")])


@pytest.mark.parametrize("count", [1, 2])
def test_deleting_by_who_may_publish_is_a_withdrawal_too(count):
    rows = [OpportunityFactory(published=True) for _number in range(count)]
    delete(desk("editor", "publisher"), *rows)
    assert (Opportunity.objects.count(), trail()) == (0, [("delete", "done"), ("withdraw", "done")])
    entry = AuditEntry.objects.get(action="withdraw")
    assert entry.details.get("keys", [int(entry.target_id or 0)]) == [row.pk for row in rows]


@pytest.fixture
def twins():
    given = {"stage": Stage.SIGNED, "waived": False, "chain": None, "summary": "深加工"}
    keep = ProjectFactory(published=False, **given)
    return keep, ProjectFactory(enterprise=keep.enterprise, place=keep.place, published=True, **given)


def test_editor_merges_no_public_project_away(twins):
    editor = UserFactory(roles=["editor"])
    with translation.override("en"):
        told = [merging.preview(*pair, by=editor).refused for pair in (twins, twins[::-1])]
    assert [len(sentences) for sentences in told] == [1, 0]
    with pytest.raises(merging.Refused):
        merging.merge(*twins, choices={}, by=editor, reason="同一项目")
    assert Project.objects.public().count() == 1
    merging.merge(*twins[::-1], choices={}, by=editor, reason="同一项目")
    assert (Project.objects.get().published, trail()) == (True, [])


def test_public_project_merged_away_is_withdrawn_in_the_trail(twins):
    both = UserFactory(roles=["editor"])
    both.groups.add(Group.objects.get(name=BY_CODE["publisher"].name))
    merging.merge(*twins, choices={}, by=both, reason="同一项目")
    assert AuditEntry.objects.get(action="withdraw").target_id == str(twins[1].pk)
