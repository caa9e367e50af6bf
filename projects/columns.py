"""Columns of the lists and exports of projects and indicators; every one of them is public."""

from functools import partial

from django.db.models import Case, CharField, F, OuterRef, Value, When
from django.db.models.functions import Cast, Concat, Substr
from django.utils.translation import gettext_lazy as _

from liangzhou.columns import Cell, Column, Joined, figure_text, linked_cell, partial_date_text
from liangzhou.exports import Kind
from liangzhou.models import Qualifier
from projects.models import Measure, Milestone, Project, ProjectParty, ReportedIndicator, public_project
from projects.stages import Stage, Status, stage_order
from sources.models import cited_sentences


def name_cell(project: Project) -> Cell:
    """The project with the company that carries it, where the public may know the company."""
    company = project.enterprise if project.enterprise and project.enterprise.is_public else None
    note, note_url = (company.name, company.get_absolute_url()) if company else ("", "")
    return Cell(project.name, url=project.get_absolute_url(), note=note, note_url=note_url, primary=True)


def stage_cell(project: Project) -> Cell:
    """The stage as a worded badge, with the status where it is not normal."""
    note = "" if project.status == Status.NORMAL else str(project.get_status_display())
    return Cell(str(project.get_stage_display()), badge=project.stage, note=note, kind="badge")


def investment_cell(project: Project) -> Cell:
    return Cell(project.show_total_investment() or "—", kind="number")


def latest_cell(project: Project) -> Cell:
    if project.latest_reached is None:
        return Cell("—", kind="date")
    return Cell(str(Milestone.Kind(project.latest_milestone).label), note=str(project.latest_reached), kind="date")


def _milestones():
    """Every milestone with its dates: 开工 2025年5月下旬;投产 2026年(计划)."""
    kinds = [When(kind=kind, then=Value(str(label))) for kind, label in Milestone.Kind.choices]
    dates = Case(
        When(actual__isnull=False, then=partial_date_text("actual", "actual_precision")),
        default=Concat(partial_date_text("planned", "planned_precision"), Value(str(_("(planned)")))),
    )
    rows = Milestone.objects.filter(project=OuterRef("pk")).in_time()
    return Joined(rows, Concat(Case(*kinds, output_field=CharField()), Value(" "), dates))


def _parties():
    """Every public party with its role."""
    roles = [When(role=role, then=Value(str(label))) for role, label in ProjectParty.Role.choices]
    rows = ProjectParty.objects.filter(project=OuterRef("pk"), enterprise__published=True).order_by("pk")
    return Joined(rows, Concat("enterprise__name", Value(" "), Case(*roles, output_field=CharField())))


def _measures():
    """Every measure: name, qualifier, value, unit."""
    rows = Measure.objects.filter(project=OuterRef("pk")).order_by("position", "pk")
    return Joined(rows, Concat("name", Value(" "), figure_text()))


def _month(path: str):
    """A month as 2025-05; empty where not known."""
    return Substr(Cast(path, CharField()), 1, 7)


def project_columns() -> list[Column]:
    """What the list and the exports of projects show; made per request, in the language now active."""
    milestones = [(kind, label) for kind, label in Milestone.Kind.choices]
    return [
        Column(name="code", label=_("code"), value="code", kind=Kind.CODE, sort="code"),
        Column(name="name", label=_("name"), value="name", sort="search_pinyin", cell=name_cell, primary=True),
        Column(name="official_code", label=_("official project code"), value="official_code", kind=Kind.CODE),
        Column(
            name="parent",
            label=_("phase of"),
            kind=Kind.CODE,
            value=Case(When(public_project("parent__"), then="parent__code"), output_field=CharField()),
        ),
        Column(
            name="enterprise",
            label=_("company"),
            value=Case(When(enterprise__published=True, then="enterprise__name"), output_field=CharField()),
        ),
        Column(
            name="chain",
            label=_("industry chain"),
            value="chain__name",
            sort="chain__name",
            cell=lambda p: linked_cell(p.chain),
        ),
        Column(
            name="stage", label=_("stage"), value="stage", choices=Stage.choices, sort=stage_order(), cell=stage_cell
        ),
        Column(name="status", label=_("status"), value="status", choices=Status.choices),
        Column(
            name="place", label=_("place"), value="place__name", sort="place__name", cell=lambda p: linked_cell(p.place)
        ),
        Column(
            name="investment",
            label=_("total investment"),
            unit="万元",
            value="total_investment",
            kind=Kind.NUMBER,
            sort="total_investment",
            cell=investment_cell,
        ),
        Column(
            name="investment_qualifier",
            label=_("qualifier of the total investment"),
            choices=Qualifier.choices,
            value=Case(When(total_investment__isnull=False, then="investment_qualifier"), output_field=CharField()),
        ),
        Column(
            name="undisclosed",
            label=_("total investment not disclosed"),
            value=Case(When(investment_undisclosed=True, then=Value(str(_("yes")))), default=Value("")),
        ),
        Column(name="land", label=_("land area"), unit="亩", value="land_area", kind=Kind.NUMBER, sort="land_area"),
        Column(
            name="milestone",
            label=_("latest milestone"),
            value="latest_milestone",
            choices=milestones,
            sort="latest_milestone_date",
            cell=latest_cell,
        ),
        Column(
            name="milestone_date",
            label=_("date of the latest milestone"),
            value=partial_date_text("latest_milestone_date", "latest_milestone_precision"),
        ),
        Column(name="year", label=_("year of the latest milestone"), value="latest_milestone_year", kind=Kind.NUMBER),
        Column(name="milestones", label=_("milestones"), value=_milestones),
        Column(name="measures", label=_("capacity and other measures"), value=_measures),
        Column(name="parties", label=_("parties"), value=_parties),
        Column(name="summary", label=_("summary"), value="summary"),
        Column(name="sources", label=_("cited sentences"), value=partial(cited_sentences, Project)),
        Column(name="published", label=_("published at"), value="published_at", kind=Kind.MOMENT),
        Column(name="updated", label=_("last changed"), value="updated_at", kind=Kind.MOMENT, sort="updated_at"),
    ]


def indicator_columns() -> list[Column]:
    """What the list and the exports of reported indicators show."""
    return [
        Column(name="theme", label=_("theme"), value="theme", choices=ReportedIndicator.Theme.choices),
        Column(name="name", label=_("name"), value="name", sort="position", cell=lambda i: Cell(i.name, primary=True)),
        Column(
            name="value",
            label=_("value"),
            value="value",
            kind=Kind.NUMBER,
            sort="value",
            cell=lambda i: Cell(i.shown, kind="number"),
        ),
        Column(name="unit", label=_("unit"), value="unit"),
        Column(name="qualifier", label=_("qualifier"), value="qualifier", choices=Qualifier.choices),
        Column(
            name="growth",
            label=_("year-on-year"),
            unit="%",
            value="growth",
            kind=Kind.NUMBER,
            sort="growth",
            cell=lambda i: Cell(i.shown_growth or "—", kind="number"),
        ),
        Column(
            name="growth_qualifier",
            label=_("qualifier of the growth"),
            value=Case(When(growth__isnull=False, then=F("growth_qualifier")), output_field=CharField()),
            choices=Qualifier.choices,
        ),
        Column(
            name="period_start",
            label=_("first month"),
            value=_month("period_start"),
            kind=Kind.CODE,
            sort="period_start",
            cell=lambda i: Cell(i.period or "—", kind="date"),
        ),
        Column(name="period_end", label=_("last month"), value=_month("period_end"), kind=Kind.CODE),
        Column(name="nature", label=_("nature"), value="nature", choices=ReportedIndicator.Nature.choices),
        Column(name="definition", label=_("definition"), value="definition"),
        Column(name="sources", label=_("cited sentences"), value=partial(cited_sentences, ReportedIndicator)),
        Column(name="updated", label=_("last changed"), value="updated_at", kind=Kind.MOMENT, sort="updated_at"),
    ]
