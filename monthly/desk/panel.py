"""The clerk's start page: what stands on the admin's first page for those who enter months."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from liangzhou import permissions
from liangzhou.months import Month

from . import months, projects, returned
from .matters import Matter, is_clerk, sheet_url

SHOWN, FOLDED = 10, 200  # of each list, and so many more behind a fold; the number of all stands in its heading


@dataclass(frozen=True)
class Section:
    """One list of the start page; `found` are all matters, of which the first few are shown."""

    name: str
    heading: str
    found: list[Matter]

    @property
    def shown(self) -> list[Matter]:
        """The first of them."""
        return self.found[:SHOWN]

    @property
    def folded(self) -> list[Matter]:
        """Those behind the fold."""
        return self.found[SHOWN : SHOWN + FOLDED]

    @property
    def more(self) -> int:
        """How many are not among the first."""
        return max(0, len(self.found) - SHOWN)


@dataclass(frozen=True)
class Panel:
    """A part of the admin's first page: the template that prints it and what it prints.

    `covers` are addresses that the page's own lines, of what waits, need not lead to once more; it stands above
    these lines where it is `first`, else below.
    """

    template: str
    content: dict
    covers: tuple[str, ...] = ()
    first: bool = False


def of_clerk(request) -> Panel | None:
    """The start page of who enters months; None for others."""
    if not is_clerk(request.user):
        return None
    found = sections(request.user, on=timezone.localdate())
    last = Month.of(timezone.localdate()).plus(-1)
    content = {"sections": [section for section in found if section.found], "month": last, "sheet_url": sheet_url(last)}
    return Panel("admin/monthly/_clerk.html", content, tuple(returned.addresses()))


def sections(user, *, on: date) -> list[Section]:
    """All lists of the start page; sixteen queries, whatever the number of projects."""
    among = projects.lit(user, on=on)
    back = [*returned.returned(user, on=on), *months.opened_again(user, on=on)]
    late = projects.overdue_milestones(user, on=on)
    silent = projects.without_update(user, on=on, among=among)
    return [
        Section("months", _("Months not filled in"), months.not_filled(user, on=on)),
        Section("returned", _("Came back for correction"), back),
        Section("milestones", _("Overdue milestones"), late),
        Section("silent", _("Projects without an update"), silent),
        Section("red", _("Projects with a red light"), projects.red(user, on=on, among=among)),
    ]


def of_leader(request) -> Panel | None:
    """The way to the leader's page: at the top for leaders; None for who may not open it."""
    if "leader" not in {role.code for role in permissions.roles_of(request.user)}:
        return None
    return Panel("admin/monthly/_to_leader.html", {"url": reverse("admin:monthly_leader")}, first=True)
