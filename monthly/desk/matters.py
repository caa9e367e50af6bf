"""One matter that waits for somebody, as pages and reminders tell of it."""

from dataclasses import dataclass

from django.urls import reverse

from liangzhou import permissions
from liangzhou.months import Month
from monthly.models import FundingRecord
from projects.models import Project


@dataclass(frozen=True)
class Matter:
    """One matter. `kind` and `subject` are what a Reminder remembers: what it is about, and since when.

    `text` is a short sentence or a name, `note` what is added to it, `url` the address on this site.
    """

    kind: str
    subject: str
    text: str
    url: str
    note: str = ""


def is_clerk(user) -> bool:
    """Whether somebody enters what projects receive month by month."""
    return permissions.may(user, "change", FundingRecord) and permissions.may(user, "change", Project)


def own_projects(user):
    """The projects that somebody keeps up to date, with what a list of them needs."""
    return permissions.visible(user, Project.objects.order_by(), "change")


def project_url(key: int) -> str:
    """Where a project is kept up to date."""
    return reverse("admin:projects_project_change", args=[key])


def sheet_url(month: Month) -> str:
    """The month's sheet."""
    return reverse("admin:monthly_sheet", args=[month])
