"""The projects, and the rows of amounts, behind a number of the staff page of figures."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils import timezone

from liangzhou import series
from liangzhou.history.changes import person
from liangzhou.money import round_wan
from liangzhou.months import Month
from projects.models import Project
from projects.stages import Stage

from . import figures, lights
from .books import Books
from .figures import NONE_KEY
from .lights import ProjectLight
from .models import Indicator, Origin

PERIODS = ("month", "ytd", "last_month", "last_ytd")  # as a Line calls them
WHOLE = Decimal(100)


@dataclass(frozen=True)
class Record:
    """One row of amounts; what only live rows have is empty of frozen ones."""

    month: Month
    origin: str
    amount: Decimal
    kind: str = ""
    reason: str = ""
    who: str = ""
    at: datetime | None = None


@dataclass
class ProjectRow:
    """One project behind a number. Amounts are in 万元, of the project as a whole; `percent` is the group's share."""

    key: int
    code: str = ""
    name: str = ""
    company: str = ""
    chain: str = ""
    place: str = ""
    stage: str = ""
    total_investment: Decimal | None = None
    funds: Decimal | None = None  # since the signing
    percent: Decimal = WHOLE
    sums: dict[str, Decimal | None] = field(default_factory=dict)  # by PERIODS
    records: list[Record] = field(default_factory=list)
    light: ProjectLight | None = None

    @property
    def stage_label(self) -> str:
        """Its stage in words."""
        return str(Stage(self.stage).label) if self.stage else ""

    def counts_for(self, period: str) -> Decimal | None:
        """What of its amount counts for the group."""
        amount = self.sums.get(period)
        return None if amount is None else amount * self.percent / WHOLE


def months_of(period: str, at: Month) -> list[Month]:
    """The months that one of PERIODS sums, for a line of the month `at`. Raises KeyError for another one."""
    return {
        "month": [at],
        "ytd": at.so_far(),
        "last_month": [at.last_year],
        "last_ytd": at.last_year.so_far(),
    }[period]


def with_amounts(books: Books, indicator: str, by: str, key: str, period: str, at: Month) -> list[ProjectRow]:
    """The projects with a row in the period, the largest first. Raises ValueError for a group that cannot be.

    Two queries; three by unit.
    """
    rows = books.amounts(indicator)
    rows = figures.of_group(books, rows, by, key) if by else rows
    amounts, wanted = defaultdict(dict), set(months_of(period, at))
    for project, day, total in rows.values_list(books.project_key, "month").annotate(sum=Sum("amount")):
        amounts[project][Month.of(day)] = round_wan(total)
    staying = {project: sums for project, sums in amounts.items() if wanted & set(sums)}
    percents = _percents(books, key, staying) if by == "unit" else {}
    found = described(books, staying)
    for row in found:
        row.percent = percents.get(row.key, WHOLE)
        row.sums = {one: series.total(map(staying[row.key].get, months_of(one, at))) for one in PERIODS}
    return sorted(found, key=lambda row: (-row.counts_for(period), row.name, row.key))


def _percents(books: Books, key: str, projects: Iterable[int]) -> dict[int, Decimal]:
    """A unit's share of the credit for each project; of nobody's, what is left."""
    path = "project_id" if books.version is None else "project__project_key"
    unit = "unit_id" if books.version is None else "unit_key"
    shares = books.SHARES.objects.order_by()
    if books.version is not None:
        shares = shares.filter(project__version=books.version)
    if key == NONE_KEY:
        shared = dict(shares.filter(**{f"{path}__in": list(projects)}).values_list(path).annotate(s=Sum("percent")))
        return {project: WHOLE - shared.get(project, 0) for project in projects}
    return dict(shares.filter(**{unit: int(key)}).values_list(path, "percent"))


def described(books: Books, keys: Iterable[int]) -> list[ProjectRow]:
    """What projects are called, in the books' own words; also those that have amounts and are not implemented."""
    keys = list(keys)
    if books.version is None:
        names = ("pk", "code", "name", "enterprise__name", "chain__name", "place__name", "stage", "total_investment")
        rows = Project.objects.filter(pk__in=keys).order_by()
    else:
        names = ("project_key", "code", "name", "enterprise_name", "chain_name", "place_name", "stage",
                 "total_investment")  # fmt: skip
        rows = books.version.projects.filter(project_key__in=keys).order_by()
    return [_row(values) for values in rows.values_list(*names)]


def implemented(books: Books, rows: QuerySet | None = None) -> list[ProjectRow]:
    """The books' projects, or some of them, the largest first. One query."""
    names = ("project_key", "code", "name", "enterprise_name", "chain_name", "place_name", "stage",
             "total_investment", "funds_since_signing")  # fmt: skip
    found = [_row(values) for values in (books.projects() if rows is None else rows).values_list(*names)]
    for row in found:
        row.funds = figures.exact(row.funds)
    return sorted(found, key=lambda row: (-(row.total_investment or 0), row.name, row.key))


def _row(values: tuple) -> ProjectRow:
    return ProjectRow(*(value if value is not None or index > 5 else "" for index, value in enumerate(values)))


def add_records(books: Books, indicator: str, by: str, key: str, months: list[Month], rows: list[ProjectRow]) -> None:
    """Give projects the rows of amounts of some months, corrections and reasons with them. One query."""
    found = figures.of_group(books, books.amounts(indicator), by, key) if by else books.amounts(indicator)
    by_key = {row.key: row for row in rows}
    found = found.filter(month__in=[one.first for one in months]).filter(**{f"{books.project_key}__in": list(by_key)})
    found = found.select_related("project", *(["updated_by"] if books.version is None else []))
    for record in found.order_by("month", "pk"):
        project = record.project_id if books.version is None else record.project.project_key
        by_key[project].records.append(_record(record, live=books.version is None))


def _record(row, *, live: bool) -> Record:
    origin = str(Origin(row.origin).label) if hasattr(row, "origin") else str(Indicator.INVESTMENT.label)
    month = Month.of(row.month)
    if not live:
        return Record(month, origin, row.amount)
    who = person(row.updated_by) if row.updated_by else ""
    return Record(month, origin, row.amount, row.get_kind_display(), row.reason, who, row.updated_at)


# Lights


def lights_of(books: Books) -> dict[int, ProjectLight]:
    """The lights of the books' projects: as they were when the month was locked, or as they are today.

    Today's funds are judged at the end of the books' month, or of the last month that is over.
    """
    if books.version is not None:
        rows = books.projects().values_list("project_key", "light", "light_reasons")
        return {key: lights.kept(light, reasons) for key, light, reasons in rows}
    today = timezone.localdate()
    month = min(books.month, lights.judged_month(today))
    bare = Project.objects.filter(pk__in=books.projects().values("pk")).order_by()  # without the books' own columns
    return lights.of_many(bare, on=today, month=month)


def groups_of(books: Books, by: str) -> dict[int, list[str]]:
    """To which chain, place or units, by their keys as lines have them, each of the books' projects belongs."""
    if by == "unit":
        return _units_of(books)
    rows = books.projects().values_list("project_key", f"{by}_key")
    return {key: [NONE_KEY if group is None else str(group)] for key, group in rows}


def _units_of(books: Books) -> dict[int, list[str]]:
    live = books.version is None
    path, unit = ("project_id", "unit_id") if live else ("project__project_key", "unit_key")
    shares = books.SHARES.objects.order_by().filter(**({} if live else {"project__version": books.version}))
    shared, units = defaultdict(Decimal), defaultdict(list)
    for key, which, percent in shares.values_list(path, unit, "percent"):
        shared[key] += percent
        units[key].append(str(which))
    return {
        key: units[key] + ([NONE_KEY] if shared[key] < WHOLE else [])
        for key in books.projects().values_list("project_key", flat=True)
    }
