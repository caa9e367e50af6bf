"""What stands behind a public number: what it is called, how much it is, and the projects that it sums."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from liangzhou import series
from liangzhou.money import plain, show_wan
from liangzhou.months import Month
from monthly import figures
from monthly.books import Books
from monthly.definitions import BY_NAME, FIGURES, KINDS, Definition
from monthly.disclosure import disclosed, is_few, public_investment, public_lines, receivers
from monthly.figures import Line
from monthly.models import Indicator, MonthVersion

BY_MONTH = "month"
OF_A_MONTH = ("month", "last_month", "month_growth")
DISTRICT: dict[str, Callable[[Books], Line]] = {  # its sums; the other origins have one in their table only
    Indicator.FUNDING.value: lambda books: figures.line(books, Indicator.FUNDING),
    Indicator.OTHER_PROVINCES.value: lambda books: figures.line(books, Indicator.OTHER_PROVINCES),
    Indicator.INVESTMENT.value: public_investment,
}


@dataclass(frozen=True)
class Asked:
    """Which number an address asks for; `by` is "" for the district."""

    indicator: str
    by: str = ""
    key: str = ""
    figure: str = "ytd"

    def address(self, version: MonthVersion) -> str:
        """The page of it, for good: with the version, which later ones do not change."""
        asked = {"month": Month.of(version.month), "version": version.number, "indicator": self.indicator}
        asked |= {name: value for name, value in (("by", self.by), ("key", self.key)) if value}
        asked |= {"figure": self.figure} if self.figure != "ytd" else {}
        return f"{reverse('monthly:behind')}?{urlencode(asked)}"


@dataclass(frozen=True)
class Behind:
    """What is to be said of one number."""

    definitions: tuple[Definition, ...]
    group: str  # whose it is; empty for the district
    period: str
    shown: str
    reckoning: str  # the formula with its numbers; empty where it is a plain sum
    projects: frozenset[int]
    withheld: bool = False  # whether they are too few to be named


def find(books: Books, asked: Asked) -> Behind:
    """Raises KeyError or ValidationError for a number that there is not, or that the public is not shown."""
    if asked == Asked(asked.indicator) and asked.indicator in KINDS:
        return _of_kind(books, asked)
    if bool(asked.by) != bool(asked.key) or asked.figure not in {one.name for one in FIGURES}:
        raise KeyError(asked)
    if asked.by and asked.indicator != Indicator.FUNDING:
        raise KeyError(asked)
    if asked.by == BY_MONTH:
        return _of_month(books, asked)
    if asked.by:
        return _of_group(books, asked)
    return _said(books, asked, DISTRICT[asked.indicator](books), "", _projects(books, asked))


def _of_group(books: Books, asked: Asked) -> Behind:
    found = {one.line.key: one for one in public_lines(books, asked.indicator, asked.by)}[asked.key]
    if asked.figure in OF_A_MONTH:  # a month is often one project's
        raise KeyError(asked)
    projects = found.last_projects if asked.figure == "last_ytd" else found.projects
    return _said(books, asked, found.line, found.line.label, _summed(asked, projects))


def _of_kind(books: Books, asked: Asked) -> Behind:
    counts = disclosed(figures.counts(books))
    number, wan = counts.numbers[asked.indicator], counts.investments[asked.indicator]
    words = {"count": number, "amount": show_wan(wan)}
    shown = _("%(count)s projects") % words if wan is None else _("%(count)s · %(amount)s") % words
    period = books.month.label if asked.indicator.endswith("_month") else books.month.span
    projects = figures.counted(books, asked.indicator).values_list("project_key", flat=True)
    return Behind((BY_NAME[asked.indicator],), "", period, shown, "", frozenset(projects))


def _of_month(books: Books, asked: Asked) -> Behind:
    """A month of the year so far, as the books of a later month have it."""
    month = Month.parse(asked.key)
    if month not in books.month.so_far():
        raise KeyError(asked)
    found = next(one for one in figures.months(books, asked.indicator) if one.month == month)
    line = Line(
        key=asked.key,
        label="",
        month=found.amount,
        ytd=found.cumulative,
        last_month=found.last_amount,
        last_ytd=found.last_cumulative,
        growth=series.growth(found.cumulative, found.last_cumulative),
    )
    return _said(books, asked, line, "", _projects(books, asked, month), month)


def _said(books, asked: Asked, line: Line, group: str, projects: frozenset[int], month: Month | None = None) -> Behind:
    month = month or books.month
    value = _value(asked.figure, line)
    if value is None:
        raise KeyError(asked)
    last = month.last_year
    period = {
        "month": month.label,
        "last_month": last.label,
        "last_ytd": last.span,
        "month_growth": month.label,
        "target": str(month.year),
    }
    return Behind(
        (BY_NAME[asked.indicator], BY_NAME[asked.figure]),
        group,
        period.get(asked.figure, month.span),
        _shown(asked.figure, value),
        _reckoning(asked.figure, line, month),
        frozenset() if is_few(projects) else projects,
        is_few(projects),
    )


def _value(figure: str, line: Line) -> Decimal | None:
    return series.growth(line.month, line.last_month) if figure == "month_growth" else getattr(line, figure)


def _shown(figure: str, value: Decimal) -> str:
    if figure == "ahead":
        return _("%(points)s points") % {"points": format(series.two_places(value), "+f")}
    if figure in ("growth", "month_growth", "completion"):
        return f"{format(series.two_places(value), 'f' if figure == 'completion' else '+f')}%"
    return show_wan(value)


def _reckoning(figure: str, line: Line, month: Month) -> str:
    """The formula of a rate with the numbers in it, in 万元."""
    words = {
        "month": plain(line.month),
        "last_month": plain(line.last_month),
        "ytd": plain(line.ytd),
        "base": plain(line.last_ytd),
        "target": plain(line.target),
        "result": _shown(figure, _value(figure, line)),
        "completion": line.completion and series.two_places(line.completion),
        "pace": series.two_places(series.pace(month)),
    }
    patterns = {
        "month_growth": _("(%(month)s ÷ %(last_month)s − 1) × 100%% = %(result)s"),
        "growth": _("(%(ytd)s ÷ %(base)s − 1) × 100%% = %(result)s"),
        "completion": _("%(ytd)s ÷ %(target)s × 100%% = %(result)s"),
        "ahead": _("%(completion)s%% − %(pace)s%% = %(result)s"),
    }
    return patterns[figure] % words if figure in patterns else ""


def _summed(asked: Asked, projects: frozenset[int]) -> frozenset[int]:
    """A target is set, it sums nobody's money."""
    return frozenset() if asked.figure == "target" else projects


def _projects(books: Books, asked: Asked, month: Month | None = None) -> frozenset[int]:
    """Who received what a number of the district sums."""
    month = month or books.month
    until = month.last_year if asked.figure.startswith("last_") else month
    since = until if asked.figure in OF_A_MONTH else until.january
    rows = books.amounts(asked.indicator).filter(month__gte=since.first, month__lte=until.first)
    return _summed(asked, receivers(books, rows))
