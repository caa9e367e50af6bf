"""What the leader's page says: projects under 包抓 (or the district's red ones), and what waits for the leader."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liangzhou import permissions
from liangzhou.months import Month
from monthly import lights
from monthly.lights import Light, ProjectLight
from monthly.models import MonthVersion, ProgressReport, ReportingMonth
from projects.instruction_admin import state_of
from projects.models import Assignment, Instruction, Project

from .matters import Matter, project_url

MOST_RED = 20  # of the whole district
FIRST_RED = 3  # in the first screen
ORDER = (Light.RED, Light.AMBER, Light.EXEMPT, Light.GREEN, Light.NONE)
COUNTED = (Light.RED, Light.AMBER, Light.GREEN)  # always named, also where there is none


@dataclass(frozen=True)
class Card:
    """One project as a leader reads it."""

    project: Project
    url: str
    light: ProjectLight
    report: ProgressReport | None = None
    report_month: str = ""
    instruction: Instruction | None = None
    instruction_state: str = ""
    instruct_url: str = ""


@dataclass(frozen=True)
class Projects:
    """The projects of the page: somebody's own under 包抓, or else the red ones of all that they may see."""

    assigned: bool
    heading: str
    cards: list[Card]
    counts: list[tuple[str, str, int]]  # light, its word, how many
    red: int = 0
    keys: list[int] = field(default_factory=list)

    @property
    def worst(self) -> list[Card]:
        """The first red ones, for the first screen."""
        return [card for card in self.cards if card.light.light == Light.RED][:FIRST_RED]

    @property
    def more_red(self) -> int:
        """How many red ones are not among the worst."""
        return self.red - len(self.worst)


def projects_of(user, *, on: date) -> Projects:
    """The worst first. Ten queries, whatever the number of projects."""
    seen = permissions.visible(user, Project.objects.all())
    under = Assignment.objects.on(on).filter(leader=user.pk).values("project")
    mine = list(seen.filter(pk__in=under).select_related("place", "chain").order_by("name", "pk"))
    rows = mine or list(seen.implemented().select_related("place", "chain").order_by("name", "pk"))
    found = lights.of_many(rows, on=on)
    rows.sort(key=lambda row: _badness(found[row.pk]))
    red = [row for row in rows if found[row.pk].light == Light.RED]
    shown = rows if mine else red[:MOST_RED]
    numbers = lights.counted(found.values())
    counts = [(light.value, str(light.label), numbers[light]) for light in ORDER if numbers[light] or light in COUNTED]
    heading = _("My projects") if mine or permissions.is_limited(user) else _("Projects of the district")
    return Projects(bool(mine), heading, _cards(user, shown, found), counts, len(red), [row.pk for row in mine])


def _badness(light: ProjectLight) -> tuple[int, int]:
    """The worst lights first, among red ones those that are red for the most reasons."""
    return ORDER.index(light.light), -len([one for one in light.findings if one.shown == Light.RED])


def _cards(user, rows: list[Project], found: dict[int, ProjectLight]) -> list[Card]:
    keys = [row.pk for row in rows]
    reports = _newest(permissions.visible(user, ProgressReport.objects.filter(project__in=keys)), "-month")
    told = permissions.visible(user, Instruction.objects.filter(project__in=keys).select_related("created_by"))
    orders = _newest(told, "-pk")
    may_instruct = permissions.may(user, "add", Instruction)
    return [
        Card(
            project=row,
            url=project_url(row.pk),
            light=found[row.pk],
            report=reports.get(row.pk),
            report_month=Month.of(reports[row.pk].month).label if row.pk in reports else "",
            instruction=orders.get(row.pk),
            instruction_state=state_of(orders[row.pk]) if row.pk in orders else "",
            instruct_url=f"{reverse('admin:projects_instruction_add')}?project={row.pk}" if may_instruct else "",
        )
        for row in rows
    ]


def _newest(rows: QuerySet, order: str) -> dict[int, object]:
    """The newest row of each project; one query."""
    return {row.project_id: row for row in rows.filter(pk=_newest_key(rows.model, order))}


def _newest_key(model, order: str) -> Subquery:
    return Subquery(model.objects.filter(project=OuterRef("project")).order_by(order, "-pk").values("pk")[:1])


# What waits


def waiting(given: list[Matter], calls: list[Matter], user) -> list[Matter]:
    """What waits for a leader, a short line each: answers to instructions, calls for help, months to publish."""
    return [*_answers(given), *_calls(calls), *_to_publish(user)]


def _answers(given: list[Matter]) -> Iterable[Matter]:
    late = len([one for one in given if one.kind == "given_late"])
    if given:
        text = ngettext(
            "%(count)d of your instructions has no answer yet.", "%(count)d of your instructions have no answer yet.",
            len(given),
        )  # fmt: skip
        note = ngettext("%(count)d is overdue.", "%(count)d are overdue.", late) % {"count": late} if late else ""
        yield Matter("given", "", text % {"count": len(given)}, "#instructions", note)


def _calls(calls: list[Matter]) -> Iterable[Matter]:
    if calls:
        text = ngettext("%(count)d project needs help.", "%(count)d projects need help.", len(calls))
        yield Matter("help", "", text % {"count": len(calls)}, "#help")


def calls_for_help(user, projects: Projects, month: Month | None) -> list[Matter]:
    """Calls for help in the newest report of each project, if it is of the month or later. One query.

    Of somebody's own projects, or of all that they may see. What a later report leaves out has been helped.
    """
    if month is None:
        return []
    rows = permissions.visible(user, ProgressReport.objects.filter(month__gte=month.first)).exclude(help_needed="")
    rows = rows.filter(project__in=projects.keys) if projects.assigned else rows
    rows = rows.filter(pk=_newest_key(ProgressReport, "-month"))
    return [
        Matter("help", str(row.pk), str(row.project), project_url(row.project_id), row.help_needed)
        for row in rows.select_related("project").order_by("project__name", "pk")
    ]


def _to_publish(user) -> Iterable[Matter]:
    """Months whose newest version waits for somebody else than who locked it."""
    if not permissions.may(user, "publish", ReportingMonth):
        return
    newest = MonthVersion.objects.filter(month=OuterRef("month")).order_by("-number").values("pk")[:1]
    rows = MonthVersion.objects.filter(pk=Subquery(newest), published_at__isnull=True, withdrawn_at__isnull=True)
    if settings.PUBLISHER_IS_NOT_EDITOR:
        rows = rows.exclude(locked_by=user.pk)
    for version in rows.order_by("month"):
        month = Month.of(version.month)
        text = _("%(month)s waits to be published.") % {"month": month.label}
        yield Matter("publish", str(version.pk), text, reverse("admin:monthly_month", args=[month]))
