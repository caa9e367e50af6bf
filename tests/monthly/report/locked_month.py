"""A locked month with everything a report tells: two chains, two projects, last year, targets, lights, texts."""

from datetime import date
from decimal import Decimal as D

from monthly.books import FrozenBooks
from monthly.models import Indicator, MonthVersion, Origin
from projects.stages import Stage
from tests.factories import (
    MonthVersionFactory,
    ReportingMonthFactory,
    SnapshotFundingFactory,
    SnapshotInvestmentFactory,
    SnapshotProjectFactory,
    SnapshotShareFactory,
    SnapshotTargetFactory,
)

LAST_MAY = date(2024, 5, 1)
RED = {"rule": "money", "light": "red", "sentence": "资金落后序时进度31.67个百分点。", "exempted_by": ""}
TEXTS = {
    "site_progress": "主体封顶",
    "problem": "用地指标不足",
    "help_needed": "请区自然资源局协调",
    "next_step": "设备安装",
}


def locked(**how) -> MonthVersion:
    """May 2025, locked, with nothing in it."""
    month = ReportingMonthFactory(state="locked")
    return MonthVersionFactory(reporting_month=month, **how)


def project(version, name, investment="130000", **how):
    return SnapshotProjectFactory(version=version, name=name, total_investment=D(investment), **how)


def may_2025(name="300MW/1200MWh独立储能电站项目") -> FrozenBooks:
    """Two projects: 88.57 against 64.1766… of last year, all from other provinces."""
    version = locked()
    energy = {"chain_key": 1, "chain_name": "新能源及装备制造", "place_key": 7, "place_name": "九墩滩光伏治沙示范园区"}
    dates = {"signed_on": date(2025, 5, 6), "started_on": date(2025, 5, 21)}
    first = project(version, name, light="red", light_reasons=[RED], **energy, **dates, **TEXTS)
    SnapshotShareFactory(project=first)
    milk = {"chain_key": 2, "chain_name": "奶产业", "place_key": 8, "place_name": "武威黄羊工业园", "light": "green"}
    second = project(version, "=年产8600吨系列乳制品精深加工项目", "13100", stage=Stage.PRODUCING, **milk)
    SnapshotFundingFactory(project=first, amount=D(885_000))
    SnapshotFundingFactory(project=first, month=LAST_MAY, amount=D("641766.54"))
    SnapshotFundingFactory(project=second, amount=D(700))
    SnapshotFundingFactory(project=second, origin=Origin.ABROAD, amount=D(300))
    SnapshotInvestmentFactory(project=second, amount=D(5000))
    for indicator in (Indicator.FUNDING, Indicator.OTHER_PROVINCES):
        SnapshotTargetFactory(version=version, indicator=indicator, value=D(2_000_000))
    chain = {"scope": "chain", "scope_key": 1, "scope_name": "新能源及装备制造"}
    SnapshotTargetFactory(version=version, value=D(1_500_000), **chain)
    return FrozenBooks(version)
