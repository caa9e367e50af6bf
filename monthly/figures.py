"""What the books of a month add up to: for the district, by chain, place, unit, origin, size and phase.

SQL only sums months by group; everything that follows from the sums (累计, 同比, 完成率 …) is arithmetic of
liangzhou/series.py. Amounts are Decimals in 万元, rates in per cent, differences in percentage points,
all unrounded; None is what is not known, or has no base or target.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, ExpressionWrapper, F, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from liangzhou import series
from liangzhou.money import round_wan
from liangzhou.months import Month
from monthly.books import CONTINUING, EXACT, NEW, NOT_STARTED, SIZES, Books
from monthly.models import Indicator, Origin
from projects.stages import Status

BY = {
    "chain": _("industry chain"),
    "place": _("place"),
    "unit": _("responsible unit"),
    "origin": _("origin"),
    "size": _("size class"),
    "phase": _("new or continuing"),
}
SIZE_LABELS = {"100m": _("100 million yuan and more (亿元以上)"), "1bn": _("1 billion yuan and more (10亿元以上)")}
PHASE_LABELS = {
    NEW: _("new this year (新建)"),
    CONTINUING: _("continuing (续建)"),
    NOT_STARTED: _("not started yet"),
}
WHOLE = Decimal(100)  # per cent
EIGHT_PLACES = Decimal("1e-8")
NONE_KEY = "none"  # in addresses: the group of what has no chain, place or unit


@dataclass(frozen=True)
class Line:
    """One line of a table: what the books say of a group, or of the district (`key` "")."""

    key: str  # as in addresses: a key, an origin, a size, a phase, NONE_KEY
    label: str
    month: Decimal | None = None  # 当月
    ytd: Decimal | None = None  # 累计
    last_month: Decimal | None = None  # 上年同月
    last_ytd: Decimal | None = None  # 上年同期
    growth: Decimal | None = None  # 同比 of 累计
    target: Decimal | None = None
    completion: Decimal | None = None  # 完成率
    ahead: Decimal | None = None  # against 序时进度, in points
    projects: int = 0  # whose year to date is not 0: rows of 0, or taken back as a whole, count none
    rank: int | None = None  # by 完成率, among the lines of one table


@dataclass(frozen=True)
class MonthLine:
    """One month of the year: its amount and 累计, and the same of last year."""

    month: Month
    amount: Decimal | None
    cumulative: Decimal | None
    last_amount: Decimal | None
    last_cumulative: Decimal | None


def line(books: Books, indicator: str) -> Line:
    """The district as a whole; of limited books, all that they hold."""
    rows = books.amounts(indicator)
    sums = _by_month(rows.values_list("month").annotate(sum=Sum("amount")))
    number = received(books, books.years(indicator))
    return _line(books, "", "", sums, number, _target(books, indicator))


def lines(books: Books, indicator: str, by: str) -> list[Line]:
    """A table by one of BY, largest 累计 first, ranked by completion; sizes, phases and origins in their own order.

    A unit has its share of each project's amounts. Groups with a target and no amounts are there too.
    """
    found = {"origin": _by_origin, "size": _by_size, "phase": _by_phase}.get(by, _by_group)(books, indicator, by)
    ranks = series.ranks(one.completion for one in found)
    return [Line(**{**vars(one), "rank": rank}) for one, rank in zip(found, ranks, strict=True)]


def months(books: Books, indicator: str) -> list[MonthLine]:
    """January up to the month, with the same months of last year."""
    sums = _by_month(books.amounts(indicator).values_list("month").annotate(sum=Sum("amount")))
    return [
        MonthLine(
            month=one,
            amount=sums.get(one),
            cumulative=series.year_to_date(sums, one),
            last_amount=sums.get(one.last_year),
            last_cumulative=series.year_to_date(sums, one.last_year),
        )
        for one in books.month.so_far()
    ]


def behind(books: Books, indicator: str, by: str = "", key: str = "") -> list[int]:
    """The keys of the projects that the 累计 of a line sums. Raises ValueError for a group that cannot be."""
    rows = of_group(books, books.years(indicator), by, key) if by else books.years(indicator)
    return sorted(set(rows.values_list(books.project_key, flat=True)))


def of_group(books: Books, rows: QuerySet, by: str, key: str) -> QuerySet:
    """The rows of amounts that belong to a group of a table. Raises ValueError for a group that cannot be."""
    if by == "origin" and key in Origin.values and hasattr(rows.model, "origin"):
        return rows.filter(origin=key)
    if by == "size" and key in SIZES:
        return rows.filter(project__total_investment__gte=SIZES[key])
    if by == "phase" and key in PHASE_LABELS:
        return rows.annotate(started=books.started_of_amounts()).annotate(phase=books.phase()).filter(phase=key)
    if by in ("chain", "place", "unit"):
        path = books.groups(by)[0]
        if key == NONE_KEY and by == "unit":
            return rows.annotate(open_percent=books.open_percent()).filter(open_percent__gt=0)
        if key == NONE_KEY:
            return rows.filter(**{f"{path}__isnull": True})
        if key.isascii() and key.isdecimal() and len(key) <= 18:
            return rows.filter(**{path: int(key)})
    raise ValueError(f"no group {by!r} {key!r}")


# One table each


def _by_group(books: Books, indicator: str, by: str) -> list[Line]:
    key, label = books.groups(by)
    rows, amount = books.amounts(indicator), F("amount")
    if by == "unit":
        rows = rows.filter(**{f"{key}__isnull": False})
        amount = _percent_of_amount(F(key.rpartition("__")[0] + "__percent"))
    sums, labels = defaultdict(dict), {}
    for group, name, month, total in rows.values_list(key, label, "month").annotate(sum=Sum(amount)):
        sums[group][Month.of(month)] = total / WHOLE if by == "unit" else round_wan(total)
        labels[group] = name or str(_("not stated"))
    numbers = _received_by_group(books, books.years(indicator), key)
    targets = {one.key: one for one in books.targets() if one.scope == by and one.indicator == indicator}
    labels = {group: target.name for group, target in targets.items()} | labels
    found = [
        _line(
            books,
            NONE_KEY if group is None else str(group),
            name,
            sums[group],
            numbers.get(group, 0),
            targets[group].value if group in targets else None,
        )
        for group, name in labels.items()
    ]
    found.sort(key=lambda one: (one.key == NONE_KEY, -(one.ytd or 0), one.label))
    return [*found, *_of_no_unit(books, indicator)] if by == "unit" else found


def _of_no_unit(books: Books, indicator: str) -> list[Line]:
    """What no unit is credited with; no line where everything is."""
    rows = of_group(books, books.amounts(indicator), "unit", NONE_KEY)
    shares = rows.values_list("month").annotate(sum=Sum(_percent_of_amount(F("open_percent"))))
    sums = {Month.of(month): share / WHOLE for month, share in shares}
    number = received(books, rows.filter(month__gte=books.month.january.first))
    return [_line(books, NONE_KEY, str(_("not attributed")), sums, number)] if sums else []


def _percent_of_amount(percent) -> ExpressionWrapper:
    """The amount times the per cent: the division comes last, in Python, for SQLite divides whole numbers as such."""
    return ExpressionWrapper(F("amount") * percent, output_field=EXACT)


def _by_origin(books: Books, indicator: str, by: str) -> list[Line]:
    """Of funds only; each origin against the district's target for it."""
    if indicator != Indicator.FUNDING:
        return []
    sums, numbers = _grouped(books, indicator, "origin")
    return [
        _line(books, origin.value, str(origin.label), sums[origin], numbers.get(origin, 0), _target(books, origin))
        for origin in Origin
    ]


def _by_size(books: Books, indicator: str, by: str) -> list[Line]:
    """Nested: what is of 1 billion and more is of 100 million and more too."""
    found = []
    for size, label in SIZE_LABELS.items():
        rows = of_group(books, books.amounts(indicator), by, size)
        sums = _by_month(rows.values_list("month").annotate(sum=Sum("amount")))
        number = received(books, rows.filter(month__gte=books.month.january.first))
        found.append(_line(books, size, str(label), sums, number))
    return found


def _by_phase(books: Books, indicator: str, by: str) -> list[Line]:
    sums, numbers = _grouped(books, indicator, "phase")
    return [_line(books, key, str(label), sums[key], numbers.get(key, 0)) for key, label in PHASE_LABELS.items()]


def _grouped(books: Books, indicator: str, name: str) -> tuple[dict, dict]:
    """Sums by month, and numbers of projects in the year to date, by a column or by the phase."""

    def with_phase(rows):
        if name != "phase":
            return rows
        return rows.annotate(started=books.started_of_amounts()).annotate(phase=books.phase())

    sums = defaultdict(dict)
    for group, month, total in (
        with_phase(books.amounts(indicator)).values_list(name, "month").annotate(sum=Sum("amount"))
    ):
        sums[group][Month.of(month)] = round_wan(total)
    return sums, _received_by_group(books, with_phase(books.years(indicator)), name)


def received(books: Books, rows: QuerySet) -> int:
    """How many projects have rows that do not come to 0."""
    sums = rows.values_list(books.project_key).annotate(sum=Sum("amount"))
    return sum(1 for _project, total in sums if round_wan(total))


def _received_by_group(books: Books, rows: QuerySet, name: str) -> dict:
    """The same by a column: {group: number}."""
    sums = rows.values_list(name, books.project_key).annotate(sum=Sum("amount"))
    return Counter(group for group, _project, total in sums if round_wan(total))


def _by_month(rows: Iterable[tuple]) -> dict[Month, Decimal]:
    return {Month.of(month): round_wan(total) for month, total in rows}


def exact(total: Decimal | None) -> Decimal | None:
    """A sum of amounts: SQLite adds floating-point numbers, but beyond one yuan nothing is of the amounts."""
    return None if total is None else round_wan(total)


def _exact(share: Decimal) -> Decimal:
    """A share of a sum has eight decimals."""
    return share.quantize(EIGHT_PLACES, ROUND_HALF_UP)


def _target(books: Books, indicator: str) -> Decimal | None:
    """The district's."""
    return next((t.value for t in books.targets() if not t.scope and t.indicator == indicator), None)


def _line(books: Books, key: str, label: str, sums: dict, projects: int, target: Decimal | None = None) -> Line:
    month = books.month
    sums = {one: _exact(total) for one, total in sums.items()}
    ytd = series.year_to_date(sums, month)
    return Line(
        key=key,
        label=label,
        month=sums.get(month),
        ytd=ytd,
        last_month=sums.get(month.last_year),
        last_ytd=series.year_to_date(sums, month.last_year),
        growth=series.year_on_year(sums, month),
        target=target,
        completion=series.completion(ytd, target),
        ahead=series.ahead(ytd, target, month),
        projects=projects,
    )


# Numbers of projects


def kinds_of_projects(month: Month) -> dict[str, Q]:
    """What is counted among the implemented projects, by name; the one definition of each.

    Terminated ones are a kind of their own. What was signed, started or came into production stays so.
    """
    until, year, first = month.last, month.january.first, month.first
    alive = ~Q(status=Status.TERMINATED)
    kinds = {
        "projects": alive,
        NEW: alive & Q(started_on__gte=year, started_on__lte=until),
        CONTINUING: alive & Q(started_on__lt=year),
        "paused": Q(status=Status.PAUSED),
        "terminated": Q(status=Status.TERMINATED),
    }
    kinds |= {size: alive & Q(total_investment__gte=least) for size, least in SIZES.items()}
    for name in ("signed", "started", "producing"):
        kinds[f"{name}_year"] = Q(**{f"{name}_on__gte": year, f"{name}_on__lte": until})
        kinds[f"{name}_month"] = Q(**{f"{name}_on__gte": first, f"{name}_on__lte": until})
    return kinds


@dataclass(frozen=True)
class Counts:
    """How many projects there are of each kind of `kinds_of_projects`, and their total investment in 万元."""

    numbers: dict[str, int]
    investments: dict[str, Decimal | None]

    @property
    def projects(self) -> int:
        """All that are implemented and were not terminated."""
        return self.numbers["projects"]

    @property
    def investment(self) -> Decimal | None:
        """Their total investment, as far as known; None where none is."""
        return self.investments["projects"]


def counts(books: Books) -> Counts:
    """All kinds at once; one query."""
    kinds = kinds_of_projects(books.month)
    asked = {f"n_{name}": Count("pk", filter=kind) for name, kind in kinds.items()}
    asked |= {f"sum_{name}": Sum("total_investment", filter=kind) for name, kind in kinds.items()}
    found = books.projects().aggregate(**asked)
    return Counts(
        {name: found[f"n_{name}"] for name in kinds},
        {name: exact(found[f"sum_{name}"]) for name in kinds},
    )


def counted(books: Books, kind: str) -> QuerySet:
    """The projects behind a number of `counts`. Raises KeyError for a kind that there is not."""
    return books.projects().filter(kinds_of_projects(books.month)[kind])
