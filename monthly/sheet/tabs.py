"""The series that the sheet shows, one at a time: funds of one origin, all funds (only read), investment."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from monthly.models import FundingRecord, Indicator, InvestmentRecord, Origin

ALL_ORIGINS = "funding"


@dataclass(frozen=True)
class Tab:
    """One series. `origin` is empty for investment and for all funds; the latter are only read."""

    key: str
    label: str
    model: type
    origin: str = ""

    @property
    def is_written(self) -> bool:
        """Whether amounts can be typed: the sum of all origins follows from them."""
        return self.key != ALL_ORIGINS

    @property
    def plan_indicators(self) -> tuple[str, ...]:
        """What a project's year is measured against, the first of which there is a plan."""
        return tuple(dict.fromkeys((self.key, self.common_plan)))

    @property
    def common_plan(self) -> str:
        """The indicator of a plan that is set here for the first time: of funds, of all origins."""
        return Indicator.INVESTMENT if self.model is InvestmentRecord else Indicator.FUNDING

    def rows(self) -> QuerySet:
        """All amounts of the series."""
        return self.model.objects.filter(**self.values)

    @property
    def values(self) -> dict[str, str]:
        """What tells a row of the series from those of another one in the same table."""
        return {"origin": self.origin} if self.origin else {}


TABS = (
    *(Tab(origin.value, origin.label, FundingRecord, origin.value) for origin in Origin),
    Tab(ALL_ORIGINS, _("All origins (合计)"), FundingRecord),
    Tab(Indicator.INVESTMENT.value, _("Investment completed (固投)"), InvestmentRecord),
)


def tab_of(key: str) -> Tab:
    """The series by its key in the address; the first one where there is no such."""
    return next((tab for tab in TABS if tab.key == key), TABS[0])
