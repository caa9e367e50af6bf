"""What the staff pages of figures are asked for: whose books, which month and version, which table."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from liangzhou import permissions
from liangzhou.lists import is_key
from liangzhou.months import Month
from projects.models import Project

from .books import Books, FrozenBooks, LiveBooks
from .figures import BY
from .models import FundingRecord, Indicator, InvestmentRecord, MonthVersion
from .models.target import AMOUNTS
from .ranking import MEASURES

READ = (Project, FundingRecord, InvestmentRecord)  # what figures are made of
CHOICES = {"indicator": [one.value for one in AMOUNTS], "by": list(BY), "measure": list(MEASURES)}
OWN = ("month", "version", *CHOICES)


def may_read(user) -> bool:
    """Whether somebody may read all kinds of records that figures are made of."""
    return all(permissions.may(user, "view", model) for model in READ)


def only(user) -> QuerySet | None:
    """The projects whose figures somebody may read; None where these are all."""
    if all(permissions.reaches_all(user, "view", model) for model in READ):
        return None
    desk = permissions.desk_of(user)
    return Project.objects.filter(Q(chain__in=desk.chains) | Q(place__in=desk.places))


def books_for(user, month: Month, version: MonthVersion | None = None) -> Books:
    """The books of a month as somebody may read them: of who is limited, of their own projects alone."""
    return FrozenBooks(version, only=only(user)) if version else LiveBooks(month, only=only(user))


def months_with_rows() -> list[Month]:
    """The months that can be asked for: those with amounts, and those that were locked; the newest first."""
    days = FundingRecord.objects.order_by().values_list("month").distinct()
    days = days.union(InvestmentRecord.objects.order_by().values_list("month").distinct())
    days = days.union(MonthVersion.objects.order_by().values_list("month").distinct())
    return sorted({Month.of(day) for (day,) in days}, reverse=True)


@dataclass(frozen=True)
class Asked:
    """One table of figures: of which month and version (None is live), of what, by what, ranked how."""

    month: Month
    version: MonthVersion | None = None
    indicator: str = Indicator.FUNDING
    by: str = "chain"
    measure: str = "completion"
    notices: tuple[str, ...] = field(default=(), compare=False)

    def address(self, name: str = "monthly_figures", *, format: str = "", **more: str) -> str:  # noqa: A002
        """The address of a page (or, with a format, of a file) that is asked for the same, and for `more`."""
        said = {
            "version": str(self.version.number) if self.version else "",
            "indicator": self.indicator,
            "by": self.by,
            "measure": self.measure if name.startswith("monthly_figures") else "",
        }
        query = urlencode({key: value for key, value in {**said, **more}.items() if value != ""})
        return f"{reverse(f'admin:{name}', args=[self.month, *([format] if format else [])])}?{query}"

    def rows(self, **more: str) -> str:
        """The address of the projects behind a number."""
        return self.address("monthly_rows", **more)

    def with_(self, **changes) -> "Asked":
        """The same, but for some changes."""
        return replace(self, **changes)


def asked(month: Month, query: QueryDict, *, strict: bool = False) -> Asked:
    """What a query string asks for; what is not understood is told, or a 404 where `strict`.

    A version that there is not is a 404 in any case.
    """
    found, notices = {}, []
    for name, values in CHOICES.items():
        typed = query.get(name, "")
        if typed in values:
            found[name] = typed
        elif typed and strict:
            raise Http404
        elif typed:
            sentence = _("“%(typed)s” is not a choice here: the usual one is shown.")
            notices.append(sentence % {"typed": typed.replace("\0", "")[:40]})
    return Asked(month, _version(month, query.get("version", "")), **found, notices=tuple(notices))


def _version(month: Month, number: str) -> MonthVersion | None:
    if not number:
        return None
    rows = MonthVersion.objects.filter(month=month.first).select_related("reporting_month")
    version = rows.filter(number=int(number)).first() if is_key(number) and len(number) < 5 else None
    if version is None:
        raise Http404
    return version
