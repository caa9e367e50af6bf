from datetime import date

import pytest
from django.db.models import ProtectedError

from liangzhou.periods import Precision
from projects.models import Project
from sources.models import Citation, Source, cited_sentences
from tests.factories import (
    CitationFactory,
    EnterpriseFactory,
    MechanismFactory,
    PlaceFactory,
    ProjectFactory,
    SourceFactory,
)
from tests.full_width import full_width
from tests.problems import problems

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "title", "text"),
    [
        (Source.Kind.ARTICLE, "凉州新高地", "《凉州新高地》"),
        (Source.Kind.REGISTER, "统计用区划代码", "统计用区划代码"),
    ],
)
def test_source_is_named_by_its_title(kind, title, text):
    assert str(Source(kind=kind, title=title)) == text


def test_source_stands_on_the_page_about_the_data():
    assert Source(slug="article").get_absolute_url() == "/about/#article"


def test_source_is_dated_as_far_as_known():
    known = SourceFactory(dated=date(2025, 6, 1), dated_precision=Precision.MONTH)
    unknown = SourceFactory()

    assert (str(known.date), unknown.date) == ("2025年6月", None)


def test_source_date_without_precision_is_told_in_words():
    source = SourceFactory.build(dated=date(2025, 6, 1))

    assert problems(source) == {"__all__": ["A date and its precision belong together."]}


def test_sources_are_public_where_something_public_cites_them():
    of_project, of_place, of_both, of_hidden, of_lead, of_nothing = (SourceFactory() for _ in range(6))
    hidden = EnterpriseFactory(published=False)
    for source, target in [
        (of_project, ProjectFactory()),
        (of_place, PlaceFactory()),
        (of_both, hidden),
        (of_both, MechanismFactory()),
        (of_hidden, hidden),
        (of_lead, ProjectFactory(stage="lead")),
    ]:
        CitationFactory(source=source, target=target)

    assert set(Source.objects.public()) == {of_project, of_place, of_both}
    assert of_nothing not in Source.objects.public()


def test_source_has_a_natural_key():
    source = SourceFactory(slug="article")

    assert Source.objects.get_by_natural_key(*source.natural_key()) == source


def test_source_cannot_go_while_it_is_cited():
    citation = CitationFactory()

    with pytest.raises(ProtectedError):
        citation.source.delete()


@pytest.mark.parametrize(
    ("supports", "labels"),
    [
        ("名称、总投资、名称", ["名称", "总投资"]),
        ("", []),
        ("总投资", ["总投资"]),
        ("总投资、占地面积", ["总投资", "占地面积"]),
        ("总投资,占地面积", ["总投资", "占地面积"]),
        (full_width("总投资,占地面积"), ["总投资", "占地面积"]),
        (" 总投资 、、 占地 面积 、", ["总投资", "占地 面积"]),
        ("阶段、总投资、阶段", ["阶段", "总投资"]),
    ],
)
def test_labels_are_the_names_of_the_facts_it_supports(supports, labels):
    assert Citation(supports=supports).labels == labels


@pytest.mark.parametrize(("length", "text"), [(40, "字" * 40), (41, "字" * 40 + "…")])
def test_citation_is_named_by_its_beginning(length, text):
    assert str(Citation(quote="字" * length)) == text


def test_citations_stand_in_their_order_and_go_with_their_record():
    project, place = ProjectFactory(id=9001), PlaceFactory(id=9001)
    second, first = CitationFactory(target=project, position=2), CitationFactory(target=project, position=1)
    of_place = CitationFactory(target=place)

    assert list(project.citations.all()) == [first, second]
    project.delete()
    assert list(Citation.objects.all()) == [of_place]


def test_cited_sentences_are_one_text_of_the_record_alone():
    project, other = ProjectFactory(), ProjectFactory()
    source = SourceFactory(title="凉州")
    CitationFactory(target=project, source=source, quote="第二句。", position=2)
    CitationFactory(target=project, source=source, quote="第一句。", position=1)
    CitationFactory(target=PlaceFactory(id=project.pk + 5000), quote="地点。")
    CitationFactory(target=PlaceFactory(id=other.pk + 7000), quote="地点。")

    texts = Project.objects.annotate(sentences=cited_sentences(Project)).values_list("pk", "sentences")

    named = "\uff08凉州\uff09"
    assert dict(texts) == {project.pk: f"第一句。{named}\uff1b第二句。{named}", other.pk: None}
