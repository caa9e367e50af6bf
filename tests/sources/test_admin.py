"""Sources and cited sentences in the admin."""

from datetime import date

import pytest
from django.urls import reverse

from sources.models import Citation, Source
from tests.factories import CitationFactory, IndustryChainFactory, PlaceFactory, SourceFactory, UserFactory
from tests.opened_form import add_row, open_form
from tests.unrendered import Unrendered

pytestmark = pytest.mark.django_db

ADD = "admin:sources_source_add"
PREFIX = "sources-citation-content_type-object_id"


@pytest.fixture
def client():
    """Forms are printed, and what becomes of what is posted is looked at only."""
    client = Unrendered("POST")
    client.force_login(UserFactory(is_superuser=True))
    return client


def enter(client, **typed):
    response = client.post(reverse(ADD), open_form(client, reverse(ADD), "source_form") | {"title": "报道"} | typed)
    return {} if response.status_code == 302 else response.context_data["adminform"].form.errors


def test_source_is_entered_with_a_date_as_far_as_known(client):
    assert enter(client, title="凉州区招商引资", dated="2025年6月") == {}
    source = Source.objects.get()
    assert (source.dated, source.dated_precision) == (date(2025, 6, 1), "month")
    assert source.slug == "liang-zhou-qu-zhao-shang-yin-zi"


@pytest.mark.parametrize(
    ("title", "slug"), [("长" * 200, "-".join(["chang"] * 11) + "-chan"), ("？！", "source"), ("Abc 12", "abc12")]
)
def test_address_is_made_of_any_title(client, title, slug):
    assert enter(client, title=title) == {}
    assert Source.objects.get().slug == slug


def test_second_source_of_one_title_gets_an_address_of_its_own(client):
    assert enter(client) == enter(client) == {}
    assert sorted(Source.objects.values_list("slug", flat=True)) == ["bao-dao", "bao-dao-2"]


def test_address_that_is_taken_is_told_at_the_field(client):
    SourceFactory(slug="taken")
    assert list(enter(client, slug="taken")) == ["slug"]


@pytest.mark.parametrize(("typed", "fields"), [
    ({"title": ""}, ["title"]), ({"title": "长" * 201}, ["title"]), ({"dated": "去年"}, ["dated"]),
    ({"url": "javascript:alert(1)"}, ["url"]), ({"slug": "中文"}, ["slug"]), ({"kind": "x"}, ["kind"]),
    ({"note": "\x00"}, ["note"]),
])  # fmt: skip
def test_what_cannot_be_is_told_at_the_field(client, typed, fields):
    assert (list(enter(client, **typed)), Source.objects.count()) == (fields, 0)


def test_source_that_is_cited_is_not_deleted(client):
    citation = CitationFactory()
    response = client.post(reverse("admin:sources_source_delete", args=[citation.source.pk]), {"post": "yes"})
    assert (len(response.context_data["protected"]), Source.objects.count()) == (1, 1)


@pytest.mark.parametrize(("factory", "name"), [
    (PlaceFactory, "enterprises_place"), (IndustryChainFactory, "projects_industrychain"),
])  # fmt: skip
def test_sentences_are_entered_in_the_form_of_what_they_support(client, factory, name):
    row, source = factory(), SourceFactory()
    url = reverse(f"admin:{name}_change", args=[row.pk])
    data = open_form(client, url, f"{name.split('_')[1]}_form")
    add_row(data, PREFIX, source=source.pk, quote="原文一句。", supports="名称", position="1")
    assert client.post(url, data).status_code == 302
    (citation,) = row.citations.all()
    assert (citation.quote, citation.target, citation.version) == ("原文一句。", row, 1)
    row.refresh_from_db()
    assert row.version == 2


def test_sentence_without_its_words_is_told_at_the_field(client):
    place, source = PlaceFactory(), SourceFactory()
    url = reverse("admin:enterprises_place_change", args=[place.pk])
    data = open_form(client, url, "place_form")
    add_row(data, PREFIX, source=source.pk, quote="", supports="", position="0")
    (inline,) = client.post(url, data).context_data["inline_admin_formsets"]
    assert [list(form.errors) for form in inline.formset.forms] == [["quote"]]


def test_list_of_sentences_is_searched_by_their_words(client):
    CitationFactory(quote="总投资13亿元。")
    CitationFactory(quote="日处理鲜奶500吨。")
    response = client.get(reverse("admin:sources_citation_changelist"), {"q": "鲜奶"})
    assert [citation.quote for citation in response.context_data["cl"].result_list] == ["日处理鲜奶500吨。"]


def test_list_of_sentences_leads_to_what_they_support(client):
    citation = CitationFactory()
    content = client.get(reverse("admin:sources_citation_changelist")).content.decode()
    assert reverse("admin:projects_project_change", args=[citation.target.pk]) in content


def test_sentences_are_not_entered_on_their_own(client):
    assert client.get(reverse("admin:sources_citation_add")).status_code == 403
    assert Citation.objects.count() == 0
