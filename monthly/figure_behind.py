"""What a number of the staff page of figures was made of, as its own page and files say it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou import series
from liangzhou.exports import Field, Kind
from liangzhou.lists import is_key
from liangzhou.months import Month
from projects.stages import Stage

from . import figure_rows, figures, rates
from .books import Books
from .figure_choices import Asked
from .figure_rows import ProjectRow
from .figure_tables import WORDS_OF_KINDS, Cell, in_words, percent, wan
from .figures import BY, NONE_KEY
from .lights import Light
from .models import Rate
from .ranking import GROUPS

PERIOD_WORDS: dict[str, Callable[[], str]] = {
    "month": lambda: _("Amount of the month"),
    "ytd": lambda: _("Year to date"),
    "last_month": lambda: _("Same month last year"),
    "last_ytd": lambda: _("Same period last year"),
}


@dataclass
class Behind:
    """The projects behind one number. `facts` are (what, how much) of the group; amounts have a period, `of`."""

    title: str
    rows: list[ProjectRow]
    facts: list[tuple[str, Cell]]
    explained: str = ""
    of: str = ""
    months: tuple[Month, ...] = ()
    by: str = ""
    key: str = ""
    indicator: str = ""
    has_funds: bool = False

    @property
    def is_amounts(self) -> bool:
        """Whether the number is a sum of amounts rather than a number of projects."""
        return bool(self.of)

    @property
    def is_shared(self) -> bool:
        """Whether only a share of each project's amounts counts."""
        return self.by == "unit"

    @property
    def has_lights(self) -> bool:
        """Whether the rows have their lights."""
        return any(row.light for row in self.rows)

    @property
    def total(self) -> Decimal | None:
        """What the rows come to: the amount that was asked about, or the total investment; None where not known."""
        if self.is_amounts:
            return series.total(row.counts_for(self.of) for row in self.rows)
        return series.total(row.total_investment for row in self.rows)

    def heads(self) -> list[tuple[str, bool]]:
        """The heads of the columns of amounts, and whether each is what was asked about."""
        if not self.is_amounts:
            return []
        in_wan = _("%(label)s (%(unit)s)")
        found = [
            (in_wan % {"label": words(), "unit": "万元"}, of == self.of and not self.is_shared)
            for of, words in PERIOD_WORDS.items()
        ]
        return found + ([(_("Share (%)"), False), (_("Counted (万元)"), True)] if self.is_shared else [])

    def cells(self, row: ProjectRow) -> list[tuple[str, Cell, bool]]:
        """A project's amounts under these heads; with a share, what of them counts comes last."""
        found = [wan(row.sums.get(of)) for of in PERIOD_WORDS]
        found += [percent(row.percent), wan(row.counts_for(self.of))] if self.is_shared else []
        return [(head, cell, asked) for (head, asked), cell in zip(self.heads(), found, strict=False)]


def behind(books: Books, asked: Asked, query) -> Behind:
    """What a query string asks to see. Raises ValueError or KeyError for what no link of ours asks for."""
    by, key = query.get("by", ""), query.get("key", "")
    if by and by not in BY:
        raise ValueError(by)
    if "count" in query:
        return _counted(books, query["count"])
    if "rate" in query:
        return _of_rate(books, Rate(query["rate"]), query.get("cohort", ""), key, query.get("part", "part"))
    if "light" in query:
        return _lit(books, Light(query["light"]), by, key)
    at = Month(books.month.year, _number(query["at"])) if "at" in query else books.month
    if at > books.month:
        raise ValueError(at)
    return _amounts(books, asked.indicator, by, key, query.get("of", "ytd"), at)


def _number(month: str) -> int:
    """The number of a month that is written 2025-05."""
    number = month.partition("-")[2]
    if not is_key(number):
        raise ValueError(month)
    return int(number)


def _amounts(books: Books, indicator: str, by: str, key: str, of: str, at: Month) -> Behind:
    rows = figure_rows.with_amounts(books, indicator, by, key, of, at)
    months = tuple(figure_rows.months_of(of, at))
    span = months[0].label if len(months) == 1 else months[-1].span
    line = _line(books, indicator, by, key)
    words = {"indicator": in_words(indicator), "group": line.label, "what": PERIOD_WORDS[of](), "span": span}
    title = _("%(indicator)s · %(group)s · %(what)s (%(span)s)") if by else _("%(indicator)s · %(what)s (%(span)s)")
    facts = _facts(line) if at == books.month else []
    return Behind(title % words, rows, facts, of=of, months=months, by=by, key=key, indicator=indicator)


def _line(books: Books, indicator: str, by: str, key: str) -> figures.Line:
    """The line of the table that the number stands in; an empty one for a group that has no line."""
    if not by:
        return figures.line(books, indicator)
    found = {line.key: line for line in figures.lines(books, indicator, by)}
    return found.get(key) or figures.Line(key=key, label=key)


def _facts(line: figures.Line) -> list[tuple[str, Cell]]:
    return [
        (_("Amount of the month (万元)"), wan(line.month)),
        (_("Year to date (万元)"), wan(line.ytd)),
        (_("Same period last year (万元)"), wan(line.last_ytd)),
        (_("Growth (%)"), percent(line.growth, signed=True)),
        (_("Annual target (万元)"), wan(line.target)),
        (_("Completion (%)"), percent(line.completion)),
        (_("Against the pace (points)"), percent(line.ahead, signed=True)),
    ]


def _counted(books: Books, kind: str) -> Behind:
    rows = figure_rows.implemented(books, figures.counted(books, kind))
    return Behind(WORDS_OF_KINDS[kind](), rows, [])


def _of_rate(books: Books, rate: Rate, cohort: str, key: str, part: str) -> Behind:
    """The contracts that count in the numerator of a rate (`part`), or all of its cohort ("whole")."""
    found = rates.rates(books).cohort(cohort, key)
    figure = next(one for one in found.rates if one.rate == rate)
    keys = {"part": figure.keys, "whole": found.keys}[part]
    rows = [row for row in figure_rows.implemented(books) if row.key in set(keys)]
    whole = _("Contracts signed")
    label = _("All contracts") if not cohort else found.label
    facts = [] if part == "whole" else [(f"{rate.label} (%)", percent(figure.percent))]
    return Behind(
        f"{whole if part == 'whole' else rate.label} · {label}",
        rows,
        facts,
        explained="" if part == "whole" or not figure.definition else figure.definition.wording,
        has_funds=rate == Rate.FUNDS,
    )


def _lit(books: Books, light: Light, by: str, key: str) -> Behind:
    """The projects that show a light: all, or those of one chain, place or unit."""
    if by and by not in GROUPS:
        raise ValueError(by)
    lights, groups = figure_rows.lights_of(books), figure_rows.groups_of(books, by) if by else {}
    rows = figure_rows.implemented(books)
    for row in rows:
        row.light = lights.get(row.key)
    rows = [row for row in rows if row.light and row.light.light == light and (not by or key in groups[row.key])]
    title = _("Projects that show %(light)s") % {"light": light.label}
    return Behind(f"{title} · {_group_label(rows, by, key)}" if by else title, rows, [], by="", key=key)


def _group_label(rows: list[ProjectRow], by: str, key: str) -> str:
    """What a group is called: by a project in it, else by what it is a group of."""
    if by != "unit" and rows and key != NONE_KEY:
        return getattr(rows[0], by)
    return str(BY[by])


# Files


def export(behind: Behind) -> tuple[list[Field], list[tuple]]:
    """The columns and rows of a file: a row for each row of amounts, or for each project."""
    fields = [
        Field(capfirst(_("code")), Kind.CODE),
        Field(_("Project")),
        Field(_("Company")),
        Field(_("Industry chain")),
        Field(_("Place")),
    ]
    if behind.is_amounts:
        more, values = _export_amounts(behind)
    else:
        more, values = _export_projects(behind)
    return [*fields, *more], values


def _named(row: ProjectRow) -> tuple:
    return row.code, row.name, row.company, row.chain, row.place


def _export_amounts(behind: Behind) -> tuple[list[Field], list[tuple]]:
    fields = [
        Field(_("Month")),
        Field(_("Origin")),
        Field(_("Kind of row")),
        Field(_("Amount (万元)"), Kind.NUMBER),
        Field(_("Share (%)"), Kind.NUMBER),
        Field(_("Counted (万元)"), Kind.NUMBER),
        Field(_("Reason")),
    ]
    rows = [
        (
            *_named(row),
            *(str(one.month), one.origin, one.kind, one.amount, row.percent),
            *(one.amount * row.percent / figure_rows.WHOLE, one.reason),
        )
        for row in behind.rows
        for one in row.records
    ]
    return fields, rows


def _export_projects(behind: Behind) -> tuple[list[Field], list[tuple]]:
    fields = [
        Field(_("Stage"), labels=dict(Stage.choices)),
        Field(_("Total investment (万元)"), Kind.NUMBER),
        Field(_("Funds since signing (万元)"), Kind.NUMBER),
        Field(_("Light")),
        Field(_("Why")),
    ]
    rows = [
        (
            *_named(row),
            *(row.stage, row.total_investment, row.funds),
            *((row.light.label, " ".join(row.light.sentences)) if row.light else ("", "")),
        )
        for row in behind.rows
    ]
    return fields, rows
