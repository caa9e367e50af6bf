"""Columns of the list and exports of companies; every one of them is public."""

from functools import partial

from django.db.models import Case, CharField, OuterRef, Value, When
from django.db.models.functions import Concat
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, EnterpriseFact, LegalForm, Province, Qualification
from liangzhou.columns import Cell, Column, Joined, figure_text, linked_cell
from liangzhou.exports import Kind
from sources.models import cited_sentences


def _qualifications():
    """Every qualification by its kind or name."""
    kinds = [When(kind=kind, name="", then=Value(str(label))) for kind, label in Qualification.Kind.choices]
    rows = Qualification.objects.filter(enterprise=OuterRef("pk")).order_by("granted_on", "pk")
    return Joined(rows, Case(*kinds, default="name", output_field=CharField()))


def _facts():
    """Every fact: name, qualifier, value, unit."""
    rows = EnterpriseFact.objects.filter(enterprise=OuterRef("pk")).order_by("position", "pk")
    return Joined(rows, Concat("name", Value(" "), figure_text()))


def enterprise_columns() -> list[Column]:
    """What the list and the exports of companies show; made per request, in the language now active."""
    return [
        Column(name="code", label=_("code"), value="code", kind=Kind.CODE, sort="code"),
        Column(
            name="name",
            label=_("name"),
            value="name",
            sort="search_pinyin",
            primary=True,
            cell=lambda e: Cell(e.name, url=e.get_absolute_url(), note=e.short_name, primary=True),
        ),
        Column(name="short_name", label=_("short name"), value="short_name"),
        Column(name="credit_code", label=_("unified social credit code"), value="credit_code", kind=Kind.CODE),
        Column(
            name="kind",
            label=_("legal form"),
            value="kind",
            choices=LegalForm.choices,
            sort="kind",
            cell=lambda e: Cell(str(e.get_kind_display()) or "—"),
        ),
        Column(
            name="province",
            label=_("province of origin"),
            value="origin_province",
            choices=Province.choices,
            sort="origin_province",
            cell=lambda e: Cell(str(e.get_origin_province_display()) or "—"),
        ),
        Column(
            name="place", label=_("place"), value="place__name", sort="place__name", cell=lambda e: linked_cell(e.place)
        ),
        Column(name="qualifications", label=_("qualifications"), value=_qualifications),
        Column(name="facts", label=_("facts"), value=_facts),
        Column(
            name="summary",
            label=_("summary"),
            value="summary",
            cell=lambda e: Cell(Truncator(e.summary).chars(40) or "—"),
        ),
        Column(name="sources", label=_("cited sentences"), value=partial(cited_sentences, Enterprise)),
        Column(name="published", label=_("published at"), value="published_at", kind=Kind.MOMENT),
        Column(name="updated", label=_("last changed"), value="updated_at", kind=Kind.MOMENT, sort="updated_at"),
    ]
