"""The report's sentences, against those that districts published; no database."""

from decimal import Decimal as D

import pytest

from liangzhou import series
from liangzhou.months import Month
from monthly import wording
from monthly.figures import NONE_KEY, Counts, Line, kinds_of_projects
from monthly.models import Origin, Rate
from monthly.rates import Cohort, RateFigure, Rates

MAY = Month(2025, 5)


def line(ytd=None, last=None, *, month=None, last_month=None, target=None, at=MAY, key="", label=""):
    ytd, last, target = (None if one is None else D(one) for one in (ytd, last, target))
    return Line(
        key=key,
        label=label,
        month=month if month is None else D(month),
        ytd=ytd,
        last_month=last_month if last_month is None else D(last_month),
        last_ytd=last,
        growth=series.growth(ytd, last),
        target=target,
        completion=series.completion(ytd, target),
        ahead=series.ahead(ytd, target, at),
    )


def counts(investment=None, **numbers):
    kinds = kinds_of_projects(MAY)
    investments = dict.fromkeys(kinds) | {"projects": investment}
    return Counts(dict.fromkeys(kinds, 0) | numbers, investments)


def test_the_article_s_sentence_writes_itself():
    written = wording.headline(MAY, counts(D(3_520_400), projects=421), line(885_700, "641766.54"), year="今年")

    assert written == (
        "今年1月至5月\uff0c凉州区共实施招商引资项目421项\uff0c总投资352.04亿元\uff0c"
        "累计完成省外到位资金88.57亿元\uff0c同比增长38.01%。"
    )


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ("4766.22", "3878.66", "同比增长22.88%"),
        ("885700", "641766.54", "同比增长38.01%"),
        ("94.80", "100", "同比下降5.20%"),
        ("100", "100", "同比持平"),
        ("100.004", "100", "同比持平"),
        ("100.005", "100", "同比增长0.01%"),
        ("225", "100", "同比增长125.00%"),
        ("0", "100", "同比下降100.00%"),
        ("100", "0", ""),
        ("100", None, ""),
        (None, "100", ""),
    ],
)
def test_growth_is_said_with_two_decimals_half_up_and_not_without_a_base(now, before, words):
    assert wording.growth(line(now, before).growth) == words


@pytest.mark.parametrize(
    ("wan", "words"),
    [
        ("9999.99", "9999.99万元"),
        ("9999.995", "1亿元"),
        ("10000", "1亿元"),
        ("427586", "42.76亿元"),
        ("1133600", "113.36亿元"),
        ("0.5", "0.5万元"),
        ("0", "0万元"),
    ],
)
def test_amounts_are_said_in_yi_from_one_yi_on_and_without_a_blank(wan, words):
    assert wording.amount(D(wan)) == words


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ("2.305", "高于序时进度2.31个百分点"),
        ("-2.305", "低于序时进度2.31个百分点"),
        ("0.004", "与序时进度持平"),
        (None, ""),
    ],
)
def test_the_pace_is_said_in_percentage_points(points, words):
    assert wording.ahead(None if points is None else D(points)) == words


@pytest.mark.parametrize(
    ("number", "words"), [(1, "2025年1月"), (5, "2025年1月至5月"), (6, "2025年上半年"), (12, "2025年全年")]
)
def test_periods_are_called_as_bulletins_call_them(number, words):
    assert wording.span(Month(2025, number)) == words


def test_the_paragraph_of_a_month_with_everything():
    numbers = {"projects": 421, "100m": 96, "1bn": 8, "new": 133, "continuing": 245}
    acts = {"signed_year": 45, "started_year": 133, "producing_year": 21}
    found = counts(D(3_520_400), **numbers, **acts)
    found.investments["signed_year"] = D(402_000)
    total = line(1_024_700, 740_000, month=214_500, last_month=200_000, target=2_000_000)

    written = wording.overall_of(
        MAY, found, total, line(885_700, "641766.54", target=1_800_000), line(655_000, 700_000, target=1_500_000)
    )

    assert written == (
        "2025年1月至5月\uff0c凉州区共实施招商引资项目421项\uff0c总投资352.04亿元\uff0c"
        "累计完成省外到位资金88.57亿元\uff0c同比增长38.01%。"
        "其中\uff0c亿元以上项目96项、10亿元以上项目8项\uff1b新建项目133项、续建项目245项。"
        "累计完成各类来源到位资金102.47亿元\uff0c同比增长38.47%\uff0c完成年度任务的51.24%\uff0c"
        "高于序时进度9.57个百分点。"
        "省外到位资金完成年度任务的49.21%\uff0c高于序时进度7.54个百分点。"
        "5月当月到位资金21.45亿元\uff0c同比增长7.25%。"
        "累计完成固定资产投资65.5亿元\uff0c同比下降6.43%\uff0c完成年度任务的43.67%\uff0c"
        "高于序时进度2.00个百分点。"
        "1月至5月新签约项目45项\uff08总投资40.2亿元\uff09\uff0c新开工项目133项\uff0c新投产项目21项。"
    )


def test_the_paragraph_of_nothing_reads_naturally():
    assert wording.overall_of(MAY, counts(), line(), line(), line()) == (
        "2025年1月至5月\uff0c凉州区尚无实施的招商引资项目\uff0c省外到位资金暂无数据。"
        "1月至5月无新签约、新开工、新投产项目。"
    )


def test_january_is_a_month_and_not_a_cumulative():
    january = Month(2025, 1)

    written = wording.overall_of(
        january, counts(D(13_000), projects=1), line(900, month=900), line(900, month=900), line()
    )

    assert written == (
        "2025年1月\uff0c凉州区共实施招商引资项目1项\uff0c总投资1.3亿元\uff0c完成省外到位资金900万元。"
        "1月无新签约、新开工、新投产项目。"
    )


def test_the_year_s_end_is_not_measured_by_the_pace():
    december = Month(2025, 12)
    total = line(2_100_000, 2_000_000, target=2_000_000, at=december)

    written = wording.funds(total, line(1_000_000), december)

    assert written == "累计完成各类来源到位资金210亿元\uff0c同比增长5.00%\uff0c完成年度任务的105.00%。"


def test_money_taken_back_is_no_negative_amount():
    assert wording.received("省外到位资金", line(-50, 100), MAY) == ["省外到位资金净核减50万元"]
    assert wording.of_month(MAY, line(100, month=-50)) == "5月当月到位资金净核减50万元。"


def test_projects_without_a_known_investment_have_no_total():
    assert wording.headline(MAY, counts(None, projects=2), line(0, 0)) == (
        "2025年1月至5月\uff0c凉州区共实施招商引资项目2项\uff0c累计完成省外到位资金0万元。"
    )


def test_origins_are_said_with_their_share_and_unknown_ones_left_out():
    origins = [
        line(885_700, "641766.54", key=Origin.OTHER_PROVINCES),
        line(139_000, 150_000, key=Origin.OTHER_CITIES),
        line(key=Origin.OTHER_DISTRICTS),
        line(0, 0, key=Origin.ABROAD),
    ]

    assert wording.by_origin(origins, line(1_024_700)) == (
        "从资金来源看\uff0c省外资金88.57亿元\uff0c占86.44%\uff0c同比增长38.01%\uff1b"
        "市外省内资金13.9亿元\uff0c占13.56%\uff0c同比下降7.33%。"
    )
    assert wording.by_origin([], line()) == "到位资金暂无数据。"


def test_chains_are_said_largest_first_with_those_that_lag():
    chains = [
        line(400_000, 300_000, target=600_000, key="1", label="新能源及装备制造"),
        line(200_000, target=500_000, key="2", label="奶产业"),
        line(9_000, 10_000, key="3", label="新材料"),
        line(100, key="4", label="数字产业"),
        line(999, key=NONE_KEY, label="未注明"),
    ]

    assert wording.by_group(chains, "chain") == (
        "分产业链看\uff0c到位资金居前三位的是\uff1a新能源及装备制造40亿元\uff08同比增长33.33%\uff09、奶产业20亿元、"
        "新材料9000万元\uff08同比下降10.00%\uff09。有年度任务的2条产业链中\uff0c1条达到序时进度\uff0c"
        "1条低于序时进度\uff1a奶产业。"
    )
    assert wording.by_group([], "place") == "各属地到位资金暂无数据。"


def test_chain_with_a_target_and_no_amounts_lags():
    keeps = line(500_000, target=1_000_000, key="1", label="新能源及装备制造")
    nothing = line(target=300_000, key="2", label="奶产业")
    without_task = line(target=0, key="3", label="新材料")

    assert wording.by_group([keeps, keeps, nothing, without_task], "chain").endswith(
        "有年度任务的3条产业链中\uff0c2条达到序时进度\uff0c1条低于序时进度\uff1a奶产业。"
    )
    assert wording.by_group([keeps, without_task], "chain").endswith("有年度任务的1条产业链中\uff0c均达到序时进度。")


def test_completion_below_nothing_is_not_said():
    taken_back = line(-50, 100, target=1000)

    assert wording.funds(taken_back, line(-50, 100, target=800), MAY) == ""
    assert wording.investment(taken_back, MAY) == "固定资产投资净核减50万元。"


def cohort(key, signed, *parts):
    rates = tuple(RateFigure(rate, None, *part) for rate, part in zip(Rate, parts, strict=True))
    return Cohort(key, key, tuple(range(signed)), rates)


def test_rates_of_contracts_are_said_for_the_year_and_for_all():
    year = cohort("2025", 47, (34, 47), (9, 47), (D(1200), D(9000)), (46, 47))
    older = cohort("2024", 10, (10, 10), (9, 10), (None, None), (10, 10))
    rates = Rates(cohort("", 57, (44, 57), (18, 57), (None, None), (56, 57)), (year, older), (), ())

    assert wording.of_rates(MAY, rates) == (
        "截至2025年5月底\uff0c2025年签约项目47项\uff0c开工率72.34%、投产率19.15%、资金到位率13.33%、履约率97.87%\uff1b"
        "历年签约项目57项\uff0c开工率77.19%、投产率31.58%、履约率98.25%。"
    )
    nothing = Rates(cohort("", 0, (0, 0), (0, 0), (None, None), (0, 0)), (), (), ())
    assert wording.of_rates(MAY, nothing) == "截至2025年5月底\uff0c尚无签约项目。"


def test_lights_are_counted_in_words():
    assert wording.of_lights({"red": 3, "amber": 0, "green": 7}) == "项目预警\uff1a红灯3项、绿灯7项。"
