"""Kinds of records without a state of publishing say so where other changes wait for review."""

import pytest
from django.urls import reverse

from tests.factories import IndustryChainFactory, PlaceFactory, ProjectFactory, SourceFactory
from tests.liangzhou.review_desk import desk, form_url

pytestmark = pytest.mark.django_db

KINDS = {"sources_source": SourceFactory, "projects_industrychain": IndustryChainFactory,
         "enterprises_place": PlaceFactory}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("review", "role", "says"), [(True, "editor", True), (False, "editor", False),
                                                      (True, "leader", False)])  # fmt: skip
def test_form_says_that_it_is_always_public(settings, kind, review, role, says):
    settings.REVIEW_CHANGES = review
    page = desk(role).get(form_url(KINDS[kind]()))
    assert (page.status_code, "always_public" in page.context) == (200, says)
    assert not says or page.context["always_public"] in page.content.decode()


def test_new_record_says_so_and_one_with_a_state_does_not(settings):
    settings.REVIEW_CHANGES = True
    editor = desk("editor")
    pages = [editor.get(reverse("admin:sources_source_add")), editor.get(form_url(ProjectFactory(published=True)))]
    assert ["always_public" in page.context for page in pages] == [True, False]
