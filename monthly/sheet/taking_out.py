"""The sheet as a file: its columns, and its rows as values."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from liangzhou import series
from liangzhou.exports import Field, Kind

from .judging import Mode
from .rows import Row
from .typed import stored


def fields() -> list[Field]:
    """The columns; amounts in 万元, rates in per cent."""
    number = Kind.NUMBER
    return [
        Field(_("Project code"), Kind.CODE),
        Field(_("Project")),
        Field(_("Company")),
        Field(_("Industry chain")),
        Field(_("Place")),
        Field(_("Up to last month (万元)"), number),
        Field(_("This month (万元)"), number),
        Field(_("Cumulative (万元)"), number),
        Field(_("Same period last year (万元)"), number),
        Field(_("Growth (%)"), number),
        Field(_("Target of the year (万元)"), number),
        Field(_("Completion (%)"), number),
        Field(_("Ahead of the pace (points)"), number),
        Field(_("Site progress")),
        Field(_("Problem")),
        Field(_("Reason")),
    ]


def values(rows: list[Row], mode: Mode) -> Iterator[tuple]:
    """The rows in the order of the columns."""
    for row in rows:
        project, cumulative, plan = row.project, row.pair.cumulative, row.plan.value if row.plan else None
        texts = stored(row, corrects=mode.corrects)
        rates = (
            series.growth(cumulative, row.last_year),
            series.completion(cumulative, plan),
            series.ahead(cumulative, plan, row.month),
        )
        growth, completion, ahead = (None if one is None else series.two_places(one) for one in rates)
        names = (str(one or "") for one in (project.enterprise, project.chain, project.place))
        amounts = (row.before, row.amount, cumulative, row.last_year, growth, plan, completion, ahead)
        reasons = [one.reason for one in row.records if one.reason]
        yield (project.code, project.name, *names, *amounts, texts["site"], texts["problem"], "\uff1b".join(reasons))
