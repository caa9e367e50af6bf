"""What the public page of a month says: its headline figures, its charts, its tables, its paragraph."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from liangzhou import series
from liangzhou.charts import (
    Bar,
    BarChart,
    ColumnChart,
    Series,
    Target,
    TargetChart,
    bar_chart,
    column_chart,
    in_one_unit,
    target_chart,
)
from liangzhou.fieldsets import show_value
from liangzhou.money import show_wan, split_amount
from liangzhou.months import Month
from liangzhou.periods import PartialDate, Precision
from monthly import figures, tables, wording
from monthly.behind import Asked
from monthly.books import CONTINUING, NEW, FrozenBooks
from monthly.definitions import BY_NAME
from monthly.disclosure import disclosed, public_investment
from monthly.figures import Line, MonthLine
from monthly.models import Indicator, MonthVersion
from monthly.published import shelf

BARS = 8  # of a chart by chain or place; its table has them all


@dataclass(frozen=True)
class Card:
    """A headline figure: its number opens what is behind it."""

    label: str
    number: str
    unit: str
    period: str
    url: str = ""
    beside: str = ""  # growth, pace or total investment
    beside_url: str = ""


class Bulletin:
    """One published version of a month. Everything is computed from its snapshot."""

    def __init__(self, version: MonthVersion):
        self.version = version
        self.month = Month.of(version.month)
        self.books = FrozenBooks(version)
        self.total = figures.line(self.books, Indicator.FUNDING)
        self.provinces = figures.line(self.books, Indicator.OTHER_PROVINCES)
        self.fixed = public_investment(self.books)
        self.months = figures.months(self.books, Indicator.FUNDING)
        self.counts = disclosed(figures.counts(self.books))

    def address(self, indicator: str, figure: str = "ytd", *, by: str = "", key: str = "") -> str:
        """The page of what is behind a number."""
        return Asked(indicator, by, key, figure).address(self.version)

    def paragraph(self) -> str:
        """The month in a paragraph, in Chinese."""
        return wording.overall_of(self.month, self.counts, self.total, self.provinces, self.fixed)

    # Headline figures

    def cards(self) -> list[Card]:
        """The headline figures; what is not known stands as —."""
        cards = [
            sum_card(self.version, Indicator.FUNDING, self.total),
            sum_card(self.version, Indicator.FUNDING, self.total, "month"),
            self._completion(),
            sum_card(self.version, Indicator.OTHER_PROVINCES, self.provinces),
            *(self._kind(kind) for kind in ("projects", NEW, CONTINUING)),
        ]
        return [
            *cards,
            *([sum_card(self.version, Indicator.INVESTMENT, self.fixed)] if self.fixed.ytd is not None else []),
        ]

    def _completion(self) -> Card:
        line = self.total
        target = Target("", line.ytd, line.target)
        known = line.completion is not None
        return Card(
            label=_("Annual target reached (完成率)"),
            number=str(series.two_places(line.completion)) if known else "—",
            unit="%" if known else "",
            period=_("%(year)s, target %(target)s") % {"year": self.month.year, "target": show_wan(line.target)}
            if known
            else _("No target is set."),
            url=self.address(Indicator.FUNDING, "completion") if known else "",
            beside=target.against(series.pace(self.month)),
            beside_url=self.address(Indicator.FUNDING, "ahead") if known else "",
        )

    def _kind(self, kind: str) -> Card:
        wan = self.counts.investments[kind]
        return Card(
            label=capfirst(str(BY_NAME[kind].label)),
            number=str(self.counts.numbers[kind]),
            unit=_("projects (项)"),
            period=self.month.span,
            url=self.address(kind),
            beside="" if wan is None else _("Total investment %(amount)s") % {"amount": show_wan(wan)},
        )

    # Charts and tables

    def year_charts(self) -> list[ColumnChart | TargetChart]:
        """Month by month; this year against last; the target with the pace of the year."""
        targets = [
            Target(str(BY_NAME[indicator].label), line.ytd, line.target)
            for indicator, line in ((Indicator.FUNDING, self.total), (Indicator.OTHER_PROVINCES, self.provinces))
            if line.target
        ]
        unit, amounts = in_one_unit([one.done for one in targets], [one.target for one in targets])
        scaled = [Target(one.label, *pair) for one, pair in zip(targets, zip(*amounts, strict=True), strict=True)]
        charts = [months_chart(self.months)]
        if any(one.last_amount is not None for one in self.months):
            charts.append(years_chart(self.months))
        title = _("The annual target and the pace of the year")
        return [*charts, target_chart(title, scaled, pace=series.pace(self.month), unit=unit)]

    @cached_property
    def group_tables(self) -> dict[str, tables.Table]:
        """The tables by origin, chain and place."""
        return {by: tables.by_group(self.books, by) for by in ("origin", "chain", "place")}

    def group_charts(self) -> list[BarChart]:
        """The same as bars."""
        return [self._bars(by) for by in self.group_tables]

    def _bars(self, by: str) -> BarChart:
        rows = [row for row in self.group_tables[by].rows if row.values[0] is not None]
        bars = [
            Bar(
                row.label,
                row.values[0],
                show_wan(row.values[0]),
                url=self.address(Indicator.FUNDING, by=by, key=row.key),
                exact=show_wan(row.values[0]),
            )
            for row in rows
        ]
        words = {"shown": BARS, "all": len(bars)}
        note = _("The first %(shown)s of %(all)s; the table below has all.") % words if len(bars) > BARS else ""
        heads = (str(tables.HEADS[by]).capitalize(), str(BY_NAME["ytd"].label).capitalize())
        return bar_chart(self.group_tables[by].title, bars[:BARS], table_headers=heads, note=note)

    def all_tables(self) -> list[tuple[tables.Table, Callable[[str, str], str]]]:
        """Every table of the page, with the addresses of what is behind its numbers."""

        def of_kind(key, figure):
            return self.address(key)

        def of_group(by):
            return lambda key, figure: self.address(Indicator.FUNDING, figure, by=by, key=key)

        groups = [(self.group_tables[by], of_group(by)) for by in ("origin", "chain", "place")]
        months = (tables.of_months(self.months), of_group("month"))
        return [months, *groups, (tables.of_counts(self.counts), of_kind)]


def signed(rate: Decimal) -> str:
    """A growth with its sign: +38.01%."""
    rounded = series.two_places(rate)
    return f"{rounded:+}%" if rounded else f"{rounded}%"


def sum_card(version: MonthVersion, indicator: str, line: Line, figure: str = "ytd") -> Card:
    """A sum of the district as a headline figure."""
    month, value = Month.of(version.month), getattr(line, figure)
    growth = line.growth if figure == "ytd" else series.growth(line.month, line.last_month)
    names = {"what": BY_NAME[indicator].label, "figure": BY_NAME[figure].label}
    number, unit = ("—", "") if value is None else split_amount(value)
    of_growth = Asked(indicator, figure="growth" if figure == "ytd" else "month_growth")
    return Card(
        label=capfirst(_("%(what)s, %(figure)s") % names),
        number=number,
        unit=unit,
        period=month.span if figure == "ytd" else month.label,
        url=Asked(indicator, figure=figure).address(version) if value is not None else "",
        beside="" if growth is None else _("Year-on-year %(growth)s") % {"growth": signed(growth)},
        beside_url="" if growth is None else of_growth.address(version),
    )


def short_name(month: Month) -> str:
    """5月, or May where the page is in English: what has room under a column."""
    in_chinese = (get_language() or "zh").startswith("zh")
    return f"{month.number}月" if in_chinese else calendar.month_abbr[month.number]


def months_chart(lines: list[MonthLine]) -> ColumnChart:
    """The months as columns, the year to date as a line."""
    unit, (amounts, cumulatives) = in_one_unit([one.amount for one in lines], [one.cumulative for one in lines])
    return column_chart(
        _("Funds received, month by month"),
        [short_name(one.month) for one in lines],
        [Series(str(BY_NAME["month"].label), amounts)],
        line=Series(str(BY_NAME["ytd"].label), cumulatives),
        unit=unit,
        label_header=_("Month"),
    )


def years_chart(lines: list[MonthLine]) -> ColumnChart:
    """The months of this year beside those of last year."""
    unit, (amounts, before) = in_one_unit([one.amount for one in lines], [one.last_amount for one in lines])
    years = [str(PartialDate(one.first, Precision.YEAR)) for one in (lines[0].month, lines[0].month.last_year)]
    return column_chart(
        _("This year against last year"),
        [short_name(one.month) for one in lines],
        [Series(years[0], amounts), Series(years[1], before)],
        unit=unit,
        label_header=_("Month"),
    )


def panel(request) -> tuple[str, dict] | None:
    """The part of the home page: the newest published month; nothing before there is one."""
    version = shelf().newest
    if version is None:
        return None
    month = Month.of(version.month)
    lines = figures.months(FrozenBooks(version), Indicator.FUNDING)
    newest = lines[-1]
    line = Line(
        key="",
        label="",
        month=newest.amount,
        ytd=newest.cumulative,
        last_month=newest.last_amount,
        growth=series.growth(newest.cumulative, newest.last_cumulative),
    )
    return "monthly/_home_panel.html", {
        "cards": [sum_card(version, Indicator.FUNDING, line, figure) for figure in ("ytd", "month")],
        "month": month.label,
        "as_of": show_value(timezone.localtime(version.locked_at).date()),
        "chart": months_chart(lines),
    }
