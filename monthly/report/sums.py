"""The part of the report that is sums: what arrived, by chain, origin, place and unit, rates and ranks."""

from collections.abc import Iterable, Sequence

from liangzhou import series
from liangzhou.charts import Bar, Series, Target, bar_chart, column_chart, in_one_unit, target_chart
from liangzhou.money import common_unit
from liangzhou.months import Month
from monthly import figure_rows, figures, ranking, wording
from monthly.books import BIG, CONTINUING, HUGE, NEW, NOT_STARTED, Books
from monthly.figures import NONE_KEY, Counts, Line, MonthLine
from monthly.models import Indicator, Origin, Rate
from monthly.rates import Cohort, Rates

from .structure import Chart, Column, Kind, Section, Table

TOTAL, CHAINS, ORIGINS, PLACES, RANKS = "总体", "分产业链", "分来源", "分属地", "排名"  # sheets
NOUNS = {
    "chain": "产业链",
    "place": "属地",
    "unit": "责任单位",
    "origin": "资金来源",
    "size": "规模",
    "phase": "建设性质",
}
KEYS = {
    BIG: "亿元以上",
    HUGE: "其中10亿元以上",
    NEW: "新建",
    CONTINUING: "续建",
    NOT_STARTED: "未开工",
    NONE_KEY: "未注明",
}
COUNTED = (
    ("projects", "实施项目"),
    (BIG, "亿元以上项目"),
    (HUGE, "其中10亿元以上项目"),
    (NEW, "新建项目"),
    (CONTINUING, "续建项目"),
    ("signed_year", "本年新签约项目"),
    ("started_year", "本年新开工项目"),
    ("producing_year", "本年新投产项目"),
    ("signed_month", "本月新签约项目"),
    ("started_month", "本月新开工项目"),
    ("producing_month", "本月新投产项目"),
    ("paused", "暂停项目"),
    ("terminated", "终止项目"),
)
NUMBERS = (
    Column("当月", Kind.AMOUNT, 1.35),
    Column("累计", Kind.AMOUNT, 1.5),
    Column("上年同期", Kind.AMOUNT, 1.5),
    Column("同比(%)", Kind.CHANGE, 1.1),
    Column("年度任务", Kind.AMOUNT, 1.5),
    Column("完成率(%)", Kind.RATE, 1.1),
    Column("比序时进度(百分点)", Kind.CHANGE, 1.2),
)
UNIT_NOTE = wording.say("金额单位:万元。")
BARS = 10  # in a chart; the table has them all


def numbers(line: Line) -> tuple:
    """The cells of NUMBERS."""
    return (line.month, line.ytd, line.last_ytd, line.growth, line.target, line.completion, line.ahead)


def label(line: Line) -> str:
    """What a line is called in the report."""
    if line.key in Origin.values:
        return wording.ORIGINS[Origin(line.key)]
    return KEYS.get(line.key, line.label)


# Overall


def overall(books: Books, lines: dict[str, Line], counts: Counts, months: Sequence[MonthLine]) -> Section:
    """The paragraph, what was received and invested, how many projects there are, and the months."""
    fixed, total = lines[Indicator.INVESTMENT], lines[Indicator.FUNDING]
    paragraph = wording.overall_of(books.month, counts, total, lines[Indicator.OTHER_PROVINCES], fixed)
    rows = [("到位资金合计", *numbers(total))]
    rows += [(f"其中{wording.ORIGINS[origin]}", *numbers(lines[origin])) for origin in Origin]
    rows.append(("固定资产投资", *numbers(fixed)))
    key = Table(
        "主要指标",
        (Column("指标", width=2), *NUMBERS),
        tuple(rows),
        note=UNIT_NOTE + wording.say("固定资产投资与到位资金是两个口径,不相加。"),
        totals=1,
    )
    return Section("总体情况", (paragraph, key, *year_charts(books.month, months), of_counts(counts), *nested(books)))


def of_counts(counts: Counts) -> Table:
    """How many projects of each kind."""
    rows = tuple((name, counts.numbers[kind], counts.investments[kind]) for kind, name in COUNTED)
    columns = (Column("项目", width=2), Column("个数(项)", Kind.COUNT), Column("总投资", Kind.AMOUNT))
    return Table("项目个数和总投资", columns, rows, note=UNIT_NOTE + "总投资只含已知数额。", totals=1)


def nested(books: Books) -> list[Table]:
    """By size and by phase."""
    found = []
    for by in ("size", "phase"):
        lines = figures.lines(books, Indicator.FUNDING, by)
        columns = (Column(NOUNS[by], width=2), *NUMBERS[:4], Column("项目数", Kind.COUNT))
        rows = tuple((label(line), *numbers(line)[:4], line.projects) for line in lines)
        found.append(Table(f"按{NOUNS[by]}分到位资金", columns, rows, note=UNIT_NOTE))
    return found


def year_charts(month: Month, months: Sequence[MonthLine]) -> list[Chart]:
    """The months with the year to date; this year against last where last year is known."""
    if all(one.amount is None for one in months):
        return []
    names = [f"{one.month.number}月" for one in months]
    unit, (now, total) = in_one_unit([one.amount for one in months], [one.cumulative for one in months])
    title = wording.say("{year}年到位资金当月和累计({unit})", year=month.year, unit=unit)
    line = Series("累计", total)
    charts = [Chart(title, column_chart(title, names, [Series("当月", now)], line=line, unit=unit, label_header="月"))]
    if any(one.last_amount is not None for one in months):
        unit, (now, before) = in_one_unit([one.amount for one in months], [one.last_amount for one in months])
        title = wording.say("到位资金与上年同月比较({unit})", unit=unit)
        columns = [Series(f"{month.year}年", now), Series(f"{month.year - 1}年", before)]
        charts.append(Chart(title, column_chart(title, names, columns, unit=unit, label_header="月")))
    return charts


# By group


def by_group(books: Books, by: str, lines: Sequence[Line]) -> list:
    """The paragraph, the chart and the table of chains, places or units."""
    columns = (Column(NOUNS[by], width=2.2), *NUMBERS, Column("项目数", Kind.COUNT, 0.8))
    rows = tuple((label(line), *numbers(line), line.projects) for line in lines)
    note = UNIT_NOTE + ("联合引进的项目按功劳份额折算。" if by == "unit" else "")
    table = Table(f"分{NOUNS[by]}到位资金", columns, rows, note=note)
    return [wording.by_group(lines, by), *targets(books, by, lines), *bars(by, lines), table]


def bars(by: str, lines: Iterable[Line]) -> list[Chart]:
    """What arrived in the year, as bars."""
    known = [line for line in lines if (line.ytd or 0) > 0][:BARS]
    if not known:
        return []
    divisor, unit = common_unit(line.ytd for line in known)
    title = wording.say("分{noun}累计到位资金({unit})", noun=NOUNS[by], unit=unit)
    drawn = [Bar(label(line), float(line.ytd), f"{series.two_places(line.ytd / divisor)}") for line in known]
    return [Chart(title, bar_chart(title, drawn, table_headers=(NOUNS[by], "累计")))]


def targets(books: Books, by: str, lines: Iterable[Line]) -> list[Chart]:
    """The year to date against the year's targets, with the pace."""
    known = [line for line in lines if line.target][:BARS]
    if by != "chain" or not known:
        return []
    unit, (done, wanted) = in_one_unit([line.ytd for line in known], [line.target for line in known])
    title = wording.say("分{noun}年度任务完成情况({unit})", noun=NOUNS[by], unit=unit)
    rows = [Target(label(line), *pair) for line, pair in zip(known, zip(done, wanted, strict=True), strict=True)]
    return [Chart(title, target_chart(title, rows, pace=series.pace(books.month), unit=unit))]


def by_origin(lines: Sequence[Line], total: Line) -> Section:
    """Where the money came from."""
    columns = (
        Column(NOUNS["origin"], width=1.6),
        *NUMBERS[:3],
        Column("占比(%)", Kind.RATE, 1.1),
        *NUMBERS[3:],
        Column("项目数", Kind.COUNT, 0.8),
    )

    def row(line: Line, name: str) -> tuple:
        cells = numbers(line)
        return (name, *cells[:3], series.share(line.ytd, total.ytd), *cells[3:], line.projects)

    rows = (row(total, "合计"), *(row(line, label(line)) for line in lines))
    table = Table("分来源到位资金", columns, rows, note=UNIT_NOTE, totals=1)
    return Section("分资金来源情况", (wording.by_origin(lines, total), *bars("origin", lines), table), ORIGINS)


# Rates

RATES = {
    Rate.START: ("开工项目", "开工率(%)"),
    Rate.PRODUCTION: ("投产项目", "投产率(%)"),
    Rate.FUNDS: ("到位资金", "资金到位率(%)"),
    Rate.PERFORMANCE: ("履约项目", "履约率(%)"),
}


def of_rates(month: Month, rates: Rates) -> Section:
    """The four rates by year of signing and by event, with what they mean."""
    columns = [Column("签约批次", width=2), Column("签约项目", Kind.COUNT)]
    for rate, (part, name) in RATES.items():
        columns += [Column(part, Kind.AMOUNT if rate == Rate.FUNDS else Kind.COUNT, 1.6 if rate == Rate.FUNDS else 1)]
        columns += [Column(name, Kind.RATE, 1.2)]
    batches = [(rates.all, "全部签约项目"), *((one, f"{one.label}年签约") for one in rates.years)]
    batches += [(one, one.label) for one in rates.events]
    rows = tuple(_rates_row(one, name) for one, name in batches)
    meant = [f"{RATES[one.rate][1].removesuffix('(%)')}:{one.definition.wording}。" for one in rates.all.rates
             if one.definition]  # fmt: skip
    note = UNIT_NOTE + "".join(meant)
    if rates.undated:
        note += f"另有{len(rates.undated)}项实施项目没有签约日期,不列入。"
    table = Table("签约项目开工、投产、资金到位和履约", tuple(columns), rows, note=wording.full_width(note), totals=1)
    return Section("签约项目履约情况", (wording.of_rates(month, rates), table))


def _rates_row(cohort: Cohort, name: str) -> tuple:
    cells = [cell for one in cohort.rates for cell in (one.numerator, one.percent)]
    return (name, cohort.signed, *cells)


# Ranks


def of_ranks(books: Books, groups: dict[str, Sequence[Line]], lights: dict) -> Section:
    """Chains, places and units with targets in order of completion; where nobody has any, places by 累计."""
    asked = [(by, lines, "completion") for by, lines in groups.items() if any(line.target for line in lines)]
    asked = asked or [("place", groups["place"], "ytd")]
    tables = []
    for by, lines, measure in asked:
        numbers_of_lights = ranking.lights_by_group(figure_rows.groups_of(books, by), lights)
        found = ranking.ranking(lines, measure, numbers_of_lights)
        tables += [_rank_table(by, found)] if found.ranked else []
    return Section("排名", tuple(tables) or ("本月没有可以排名的数据。",), RANKS)


def _rank_table(by: str, found: ranking.Ranking) -> Table:
    by_completion = found.measure == "completion"
    columns = (
        Column("名次", Kind.WORD, 0.6),
        Column(NOUNS[by], width=2.2),
        *NUMBERS[1:2],
        *NUMBERS[4:7],
        *NUMBERS[3:4],
        Column("红灯项目", Kind.COUNT, 0.8),
    )
    rows = tuple(
        (str(one.rank), label(one.line), one.line.ytd, *numbers(one.line)[4:7], one.line.growth, one.lights.get("red"))
        for one in found.ranked
    )
    out = "".join(f"{label(one.line)}:{one.reason}" for one in found.excluded)
    note = UNIT_NOTE + "并列的名次相同。" + (f"未列入排名:{out}" if out else "")
    caption = f"{NOUNS[by]}按{'年度任务完成率' if by_completion else '累计到位资金'}排名"
    return Table(caption, columns, rows, note=wording.full_width(note))
