"""The whole report, built once from the books of a month: what Word, Excel and PDF then print."""

from dataclasses import fields, is_dataclass, replace

from django.utils import timezone, translation

from liangzhou import demo
from liangzhou.exports.fields import clean
from liangzhou.periods import PartialDate
from monthly import figure_rows, figures, wording
from monthly.books import Books, FrozenBooks
from monthly.models import Indicator, MonthVersion, Origin
from monthly.rates import rates

from . import projects, sums
from .structure import Report, Section

LANGUAGE = "zh-hans"  # of the report, whoever makes it
DRAFT = "草稿"
GROUPS = ("chain", "place", "unit")
NUMERALS = "一二三四五六七八九"
INDICATORS = (Indicator.FUNDING, *(Indicator(origin.value) for origin in Origin), Indicator.INVESTMENT)


def build(books: Books, *, district: str = wording.DISTRICT) -> Report:
    """The report of a locked month, or a draft from the records as they are now; in Chinese."""
    with translation.override(LANGUAGE):
        edition = f"第{books.version.number}版" if books.version else DRAFT
        title = f"{district}招商引资月报"
        invented = demo.is_demo()
        name = f"{title}_{books.month.year}年{books.month.number}月_{edition}"
        report = Report(
            title=title,
            period=books.month.span,
            edition=edition,
            as_of=_as_of(books),
            file_name=name,
            sections=tuple(_numbered(_sections(books))),
            watermark="" if books.version else DRAFT,
            warnings=(*_draft(books), *([wording.full_width(demo.MARK)] if invented else [])),
        )
        return _cleaned(report)


def _cleaned(part):
    """A part of the report without what no document can hold, as control characters."""
    if type(part) is str:  # and no Kind, which is one too
        return clean(part)
    if isinstance(part, tuple):
        return tuple(map(_cleaned, part))
    if is_dataclass(part):
        return replace(part, **{one.name: _cleaned(getattr(part, one.name)) for one in fields(part)})
    return part


def _draft(books: Books) -> list[str]:
    said = "草稿:本月尚未锁定,数据可能变动,不得引用。"
    return [] if books.version else [wording.full_width(said)]


def _as_of(books: Books) -> str:
    until = str(PartialDate(books.month.last, "day"))
    if books.version is None:
        now = f"{timezone.localtime():%Y-%m-%d %H:%M}"
        return wording.say("数据截至{until},{now}生成。", until=until, now=now)
    locked = f"{timezone.localtime(books.version.locked_at):%Y-%m-%d %H:%M}"
    number = books.version.number
    return wording.say("数据截至{until},{locked}锁定为第{number}版。", until=until, locked=locked, number=number)


def _sections(books: Books) -> list[Section]:
    lines = {indicator: figures.line(books, indicator) for indicator in INDICATORS}
    counts = figures.counts(books)
    groups = {by: figures.lines(books, Indicator.FUNDING, by) for by in GROUPS}
    origins = figures.lines(books, Indicator.FUNDING, "origin")
    lights = figure_rows.lights_of(books)
    found = projects.lines(books, lights)
    months = figures.months(books, Indicator.FUNDING)
    places = [*sums.by_group(books, "place", groups["place"])]
    units = sums.by_group(books, "unit", groups["unit"]) if groups["unit"] else []
    return [
        sums.overall(books, lines, counts, months),
        Section("分产业链情况", tuple(sums.by_group(books, "chain", groups["chain"])), sums.CHAINS),
        sums.by_origin(origins, lines[Indicator.FUNDING]),
        Section("分属地和责任单位情况", (*places, *units), sums.PLACES),
        sums.of_rates(books.month, rates(books)),
        projects.news(books, counts, found),
        sums.of_ranks(books, groups, lights),
        projects.warned(found),
        projects.problems(found),
        projects.next_steps(found),
        explained(books),
        projects.detail(found),
    ]


def _numbered(sections: list[Section]):
    """一、二、…十、十一; what is annexed keeps its own word."""
    for number, section in enumerate(sections, 1):
        if section.is_wide:
            yield section
            continue
        ten, one = divmod(number, 10)
        numeral = ("" if not ten else "十") + ("" if not one else NUMERALS[one - 1])
        yield replace(section, heading=f"{numeral}、{section.heading}")


DEFINITIONS = (
    "实施项目:签约及以后各阶段的项目,储备、线索、在谈项目不计入。新建项目:当年开工的项目;续建项目:以前年度开工的项目。",
    "到位资金:项目实际到位的资金,按省外、市外省内、市内区外、境外四类来源统计;固定资产投资另行统计,两者不相加。",
    "累计:本年1月至本月之和;同比:累计÷上年同期累计−1;完成率:累计÷年度任务;"
    "比序时进度:完成率−已过月数÷12,单位为百分点。没有上年同期数或年度任务的,以“—”表示。",
    "比率和百分点保留两位小数,四舍五入;先求和,后取舍。",
)


def explained(books: Books) -> Section:
    """What figures mean, as of when they are, and what was revised."""
    said = [wording.full_width(one) for one in DEFINITIONS]
    return Section("指标口径、数据时点和修订", (*said, _as_of(books), *_revised(books.version)))


def _revised(version: MonthVersion | None) -> list[str]:
    """Why the month was locked again, and how its sums changed, version by version."""
    if version is None:
        return []
    earlier = MonthVersion.objects.filter(reporting_month=version.reporting_month_id, number__lte=version.number)
    versions = list(earlier.order_by("number"))
    if len(versions) == 1:
        return ["本月数据没有修订。"]
    known = {one.number: figures.line(FrozenBooks(one), Indicator.FUNDING).ytd for one in versions}
    return [
        _revision(after, known[before.number], known[after.number])
        for before, after in zip(versions, versions[1:], strict=False)
    ]


def _revision(version: MonthVersion, before, after) -> str:
    changed = "累计到位资金不变"
    if before != after:
        old, new = (wording.amount(one) if one is not None else "暂无" for one in (before, after))
        changed = f"累计到位资金由{old}修订为{new}"
    day = PartialDate(timezone.localtime(version.locked_at).date(), "day")
    words = {"number": version.number, "day": day, "changed": changed, "reason": version.reason}
    return wording.say("第{number}版({day}锁定):{changed}。修订原因:{reason}", **words)
