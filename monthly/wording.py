"""The report's sentences, made from what the books of a month add up to.

They are Chinese, whoever asks: Chinese is the language of the report, and the sentences are those of the
bulletins that districts publish. Amounts are said in 亿元 from 1 亿元 up, else in 万元; rates and points with
two decimals, half up. What is not known is left out or said to be missing, never said to be 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from liangzhou import series
from liangzhou.money import split_amount
from liangzhou.months import MONTHS_A_YEAR, Month
from monthly import figures
from monthly.books import BIG, CONTINUING, HUGE, NEW, Books
from monthly.figures import Counts, Line
from monthly.light_rules import Light
from monthly.models import Indicator, Origin, Rate
from monthly.rates import Cohort, Rates

DISTRICT = "凉州区"
UP_TO = "1月至{month}月"  # as the newspaper has it; tables and titles have 1—5月, see Month.span
HALF_YEAR = 6
FIRST = 3  # so many are named as the first

FUNDS, FROM_PROVINCES, FIXED = "到位资金", "省外到位资金", "固定资产投资"
ORIGINS = {
    Origin.OTHER_PROVINCES: "省外",
    Origin.OTHER_CITIES: "市外省内",
    Origin.OTHER_DISTRICTS: "市内区外",
    Origin.ABROAD: "境外",
}
LIGHTS = {
    Light.RED: "红灯",
    Light.AMBER: "黄灯",
    Light.EXEMPT: "有正当理由",
    Light.GREEN: "绿灯",
    Light.NONE: "不作预警",
}
RATES = {Rate.START: "开工率", Rate.PRODUCTION: "投产率", Rate.FUNDS: "资金到位率", Rate.PERFORMANCE: "履约率"}
GROUPS = {"chain": ("产业链", "条"), "place": ("属地", "个"), "unit": ("责任单位", "个")}
FULL_WIDTH = str.maketrans({",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "(": "\uff08", ")": "\uff09"})


def full_width(text: str) -> str:
    """A note whose punctuation was typed in ASCII, with the punctuation of Chinese print."""
    return text.translate(FULL_WIDTH)


def say(template: str, **values) -> str:
    """A sentence with full-width punctuation; what is put in (names, numbers) is left as it is."""
    return full_width(template).format(**values)


def sentence(clauses: Iterable[str]) -> str:
    """The clauses that there are, as one sentence; empty where there is none."""
    said = [clause for clause in clauses if clause]
    return say(",").join(said) + "。" if said else ""


# Words for numbers


def amount(wan: Decimal) -> str:
    """88.57亿元, 9000万元: no blank between the number and its unit in running text."""
    return "".join(split_amount(wan))


def growth(value: Decimal | None) -> str:
    """同比增长22.88%, 同比下降5.20%, 同比持平; empty where last year has nothing to compare with."""
    if value is None:
        return ""
    rounded = series.two_places(value)
    if rounded == 0:
        return "同比持平"
    return f"同比增长{rounded}%" if rounded > 0 else f"同比下降{-rounded}%"


def ahead(points: Decimal | None) -> str:
    """高于序时进度2.31个百分点, 低于…, 与序时进度持平; empty without a target."""
    if points is None:
        return ""
    rounded = series.two_places(points)
    if rounded == 0:
        return "与序时进度持平"
    return f"高于序时进度{rounded}个百分点" if rounded > 0 else f"低于序时进度{-rounded}个百分点"


def completion(line: Line, month: Month) -> list[str]:
    """完成年度任务的48.97%, 高于序时进度7.30个百分点; at the year's end no pace: it is the task itself.

    Nothing where more was taken back than came: a part of the task below 0 says nothing.
    """
    if line.completion is None or (line.ytd or 0) < 0:
        return []
    pace = "" if month.number == MONTHS_A_YEAR else ahead(line.ahead)
    return [f"完成年度任务的{series.two_places(line.completion)}%", pace]


def span(month: Month, year: str = "") -> str:
    """The year up to a month in running text: 2025年1月, 2025年1月至5月, 2025年上半年, 2025年全年.

    `year` is what the year is called instead of its number: 今年, in a newspaper.
    """
    return (year or f"{month.year}年") + so_far(month)


def so_far(month: Month) -> str:
    """The same without its year: 1月, 1月至5月, 上半年, 全年."""
    parts = {1: "1月", HALF_YEAR: "上半年", MONTHS_A_YEAR: "全年"}
    return parts.get(month.number, UP_TO.format(month=month.number))


# Sentences


def headline(month: Month, counts: Counts, provinces: Line, *, district: str = DISTRICT, year: str = "") -> str:
    """The sentence that newspapers print.

    今年1月至5月, 凉州区共实施招商引资项目421项, 总投资352.04亿元, 累计完成省外到位资金88.57亿元, 同比增长38.01%.
    """
    clauses = [span(month, year)]
    if counts.projects:
        clauses.append(f"{district}共实施招商引资项目{counts.projects}项")
        clauses.append(f"总投资{amount(counts.investment)}" if counts.investment is not None else "")
    else:
        clauses.append(f"{district}尚无实施的招商引资项目")
    return sentence([*clauses, *received(FROM_PROVINCES, provinces, month)])


def received(what: str, line: Line, month: Month) -> list[str]:
    """What arrived in the year to date, and its growth."""
    if line.ytd is None:
        return [f"{what}暂无数据"]
    if line.ytd < 0:
        return [f"{what}净核减{amount(-line.ytd)}"]
    verb = "完成" if month.number == 1 else "累计完成"
    return [f"{verb}{what}{amount(line.ytd)}", growth(line.growth)]


def kinds(counts: Counts) -> str:
    """How many of the projects are large, and how many new and continuing; what there is none of is left out."""
    numbers = counts.numbers
    sizes = [(BIG, "亿元以上项目"), (HUGE, "10亿元以上项目")]
    phases = [(NEW, "新建项目"), (CONTINUING, "续建项目")]
    parts = ["、".join(f"{label}{numbers[key]}项" for key, label in pairs if numbers[key]) for pairs in (sizes, phases)]
    said = say(";").join(part for part in parts if part)
    return say("其中,{said}。", said=said) if said else ""


def funds(total: Line, provinces: Line, month: Month) -> str:
    """Funds of all origins, and how both stand against their targets."""
    sentences = []
    if total.ytd is not None and total.ytd != provinces.ytd:
        sentences.append(sentence([*received(f"各类来源{FUNDS}", total, month), *completion(total, month)]))
    elif total.ytd is not None:
        sentences.append(_against_target(FUNDS, total, month))
    sentences.append(_against_target(FROM_PROVINCES, provinces, month))
    return "".join(sentences)


def _against_target(what: str, line: Line, month: Month) -> str:
    done, *rest = completion(line, month) or [""]
    return sentence([what + done, *rest]) if done else ""


def of_month(month: Month, total: Line) -> str:
    """当月; nothing in January, where it is the same as the year to date."""
    if month.number == 1 or total.month is None:
        return ""
    if total.month < 0:
        return sentence([f"{month.number}月当月{FUNDS}净核减{amount(-total.month)}"])
    against = growth(series.growth(total.month, total.last_month))
    return sentence([f"{month.number}月当月{FUNDS}{amount(total.month)}", against])


def investment(line: Line, month: Month) -> str:
    """固投: a series of its own, in a sentence of its own; nothing where none is reported."""
    return "" if line.ytd is None else sentence([*received(FIXED, line, month), *completion(line, month)])


ACTS = (("signed", "新签约"), ("started", "新开工"), ("producing", "新投产"))


def acts(counts: Counts, month: Month, *, of: str) -> str:
    """Signings, starts and productions `of` the "year" to date or the "month"."""
    when = so_far(month) if of == "year" else f"{month.number}月"
    numbers = [(label, counts.numbers[f"{key}_{of}"], counts.investments[f"{key}_{of}"]) for key, label in ACTS]
    if not any(number for _label, number, _investment in numbers):
        return say("{when}无新签约、新开工、新投产项目。", when=when)
    clauses = []
    for label, number, wan in numbers:
        worth = say("(总投资{wan})", wan=amount(wan)) if number and wan else ""
        clauses.append(f"{label}项目{number}项{worth}")
    return when + sentence(clauses)


def overall(books: Books, *, district: str = DISTRICT) -> str:
    """The paragraph with which the report begins."""
    month, counts = books.month, figures.counts(books)
    total, provinces, fixed = (
        figures.line(books, indicator)
        for indicator in (Indicator.FUNDING, Indicator.OTHER_PROVINCES, Indicator.INVESTMENT)
    )
    return overall_of(month, counts, total, provinces, fixed, district=district)


def overall_of(
    month: Month, counts: Counts, total: Line, provinces: Line, fixed: Line, *, district: str = DISTRICT
) -> str:
    """The same, from figures that are there already."""
    return "".join(
        [
            headline(month, counts, provinces, district=district),
            kinds(counts),
            funds(total, provinces, month),
            of_month(month, total),
            investment(fixed, month),
            acts(counts, month, of="year"),
        ]
    )


# Sentences on tables


def by_origin(lines: Sequence[Line], total: Line) -> str:
    """What came from where, its share and its growth; origins of which nothing is known are left out."""
    parts = []
    for line in lines:
        if line.ytd is None or (line.ytd == 0 and not line.last_ytd):
            continue
        part = series.share(line.ytd, total.ytd) if line.ytd > 0 else None
        share = f"占{series.two_places(part)}%" if part is not None else ""
        said = [f"{ORIGINS[Origin(line.key)]}资金{amount(line.ytd)}", share, growth(line.growth)]
        parts.append(say(",").join(clause for clause in said if clause))
    return say("从资金来源看,{parts}。", parts=say(";").join(parts)) if parts else say("{what}暂无数据。", what=FUNDS)


def by_group(lines: Sequence[Line], by: str) -> str:
    """Which chains, places or units lead, and which lag behind the pace. `lines` come largest 累计 first."""
    noun, counter = GROUPS[by]
    named = [line for line in lines if line.key != figures.NONE_KEY]
    with_funds = [line for line in named if (line.ytd or 0) > 0]
    if not with_funds:
        return say("各{noun}{what}暂无数据。", noun=noun, what=FUNDS)
    how = "居前三位的是" if len(with_funds) > FIRST else "情况为"
    first = "、".join(_named(line) for line in with_funds[:FIRST])
    return say("分{noun}看,{what}{how}:{first}。", noun=noun, what=FUNDS, how=how, first=first) + _laggards(
        named, noun, counter
    )


def _named(line: Line) -> str:
    against = growth(line.growth)
    return line.label + amount(line.ytd) + (say("({against})", against=against) if against else "")


def _laggards(lines: Sequence[Line], noun: str, counter: str) -> str:
    """Of those with a target: how many keep up with the pace, and who does not. Who has no amounts yet does not."""
    measured = [line for line in lines if line.target]
    late = [line.label for line in measured if line.ahead is None or series.two_places(line.ahead) < 0]
    if not measured:
        return ""
    start = say("有年度任务的{n}{counter}{noun}中,", n=len(measured), counter=counter, noun=noun)
    if not late:
        return start + "均达到序时进度。"
    keeping = f"{len(measured) - len(late)}{counter}达到序时进度" if len(late) < len(measured) else ""
    lagging = say("{n}{counter}低于序时进度:", n=len(late), counter=counter) + "、".join(late)
    return start + sentence([keeping, lagging])


def of_rates(month: Month, rates: Rates) -> str:
    """The rates of this year's contracts, then those of all contracts; those that are not known are left out."""
    cohorts = [one for one in rates.years if one.key == str(month.year)]
    said = [_cohort(f"{month.year}年", one) for one in cohorts] + [_cohort("历年", rates.all)]
    until = say("截至{year}年{month}月底,", year=month.year, month=month.number)
    known = [one for one in said if one]
    return until + say(";").join(known) + "。" if known else say("{until}尚无签约项目。", until=until)


def _cohort(name: str, cohort: Cohort) -> str:
    if not cohort.signed:
        return ""
    known = [f"{RATES[one.rate]}{series.two_places(one.percent)}%" for one in cohort.rates if one.percent is not None]
    return say(",").join([f"{name}签约项目{cohort.signed}项", *(["、".join(known)] if known else [])])


def of_lights(numbers: Mapping[str, int]) -> str:
    """How many projects show which light; those without one, and what there is none of, are left out."""
    said = "、".join(f"{word}{numbers[light]}项" for light, word in LIGHTS.items() if numbers.get(light))
    return say("项目预警:{said}。", said=said) if said else say("{what}暂无数据。", what="项目预警")
