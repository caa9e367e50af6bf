"""What each public figure means, in words: said on the page of definitions, behind each number, and in every file."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from monthly.books import BIG, CONTINUING, HUGE, NEW
from monthly.models import Indicator, Origin


@dataclass(frozen=True)
class Definition:
    """A word, what it means, and how it is reckoned where it is."""

    name: str
    label: str
    text: str
    formula: str = ""


SERIES = (
    Definition(
        Indicator.FUNDING.value,
        Indicator.FUNDING.label,
        _(
            "Money that has really arrived for investment projects of the district, from all four origins. "
            "It is not what was promised, and not investment in fixed assets."
        ),
    ),
    Definition(
        Origin.OTHER_PROVINCES.value,
        Indicator.OTHER_PROVINCES.label,
        _("Funds received whose origin is another province."),
    ),
    Definition(
        Origin.OTHER_CITIES.value,
        Indicator.OTHER_CITIES.label,
        _("Funds received whose origin is this province, but another city."),
    ),
    Definition(
        Origin.OTHER_DISTRICTS.value,
        Indicator.OTHER_DISTRICTS.label,
        _("Funds received whose origin is this city, but another district."),
    ),
    Definition(Origin.ABROAD.value, Indicator.ABROAD.label, _("Funds received whose origin is abroad.")),
    Definition(
        Indicator.INVESTMENT.value,
        Indicator.INVESTMENT.label,
        _("Investment in fixed assets that was carried out. A series of its own, never added to funds received."),
    ),
)

FIGURES = (
    Definition(
        "month",
        _("in the month (当月)"),
        _("What arrived in the month; less than nothing where earlier money was taken back."),
    ),
    Definition(
        "ytd",
        _("year to date"),
        _("The months of this year up to this one added up. It begins again each January."),
        _("year to date = January + … + this month"),
    ),
    Definition("last_month", _("same month of last year"), _("What arrived in the same month of last year.")),
    Definition(
        "last_ytd",
        _("same period of last year"),
        _("The same months of last year added up."),
        _("same period = January + … + the same month, of last year"),
    ),
    Definition(
        "growth",
        _("year-on-year"),
        _("How much more, or less, than in the same months of last year; — where last year had nothing."),
        _("year-on-year = (year to date ÷ same period of last year − 1) × 100%"),
    ),
    Definition(
        "month_growth",
        _("year-on-year of the month"),
        _("How much more, or less, than in the same month of last year; — where that month had nothing."),
        _("year-on-year of the month = (in the month ÷ same month of last year − 1) × 100%"),
    ),
    Definition("target", _("annual target"), _("What the district has set itself for the whole year.")),
    Definition(
        "completion",
        _("completion"),
        _("How much of the annual target is reached; — where no target is set."),
        _("completion = year to date ÷ annual target × 100%"),
    ),
    Definition(
        "ahead",
        _("ahead of the pace"),
        _(
            "The pace of the year (序时进度) is the share of its months that are over: 41.67 per cent at the end of "
            "May. Completion minus the pace is how far ahead the year is, in percentage points; behind where below 0."
        ),
        _("ahead of the pace = completion − months over ÷ 12 × 100%"),
    ),
)

COUNTS = (
    Definition(
        "projects",
        _("projects implemented"),
        _(
            "Projects from the signing on. Reserve projects, leads and negotiations are never added to them; "
            "terminated projects are left out."
        ),
    ),
    Definition(
        NEW,
        _("new this year (新建)"),
        _("Projects whose main works began in this year; terminated projects are left out."),
    ),
    Definition(
        CONTINUING,
        _("continuing (续建)"),
        _("Projects whose main works began before this year: from the January after. Terminated ones are left out."),
    ),
    Definition(
        BIG,
        _("100 million yuan and more (亿元以上)"),
        _(
            "Projects with a total investment of at least 1 亿元; those of 10 亿元 and more are among them. "
            "Terminated ones are left out."
        ),
    ),
    Definition(
        HUGE,
        _("1 billion yuan and more (10亿元以上)"),
        _("Projects with a total investment of at least 10 亿元; terminated ones are left out."),
    ),
    Definition(
        "signed_year",
        _("signed this year"),
        _("Projects whose contract was signed in this year, those terminated since then among them."),
    ),
    Definition(
        "started_year", _("started this year"), _("Projects whose main works began in this year, up to the month.")
    ),
    Definition(
        "producing_year",
        _("in production this year"),
        _("Projects that came into production in this year, up to the month."),
    ),
    Definition("signed_month", _("signed this month"), _("Projects whose contract was signed in this month.")),
    Definition("started_month", _("started this month"), _("Projects whose main works began in this month.")),
    Definition(
        "producing_month", _("in production this month"), _("Projects that came into production in this month.")
    ),
)

BY_NAME = {one.name: one for one in (*SERIES, *FIGURES, *COUNTS)}
KINDS = tuple(one.name for one in COUNTS)
