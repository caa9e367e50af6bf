"""What the person in whose name a file is checked reaches: what is not theirs is told as such, and nothing of it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liangzhou import permissions
from projects.models import Project


class Reach:
    """Asks permissions.py for one person; `by` is None where nobody knows any more who brought the file in."""

    def __init__(self, by):
        self.by = by
        self.limited = by is not None and not permissions.reaches_all(by, "change", Project)
        self.sees_all_companies = by is None or permissions.reaches_all(by, "view", Enterprise)

    def is_foreign(self, project: Project) -> bool:
        """Whether a project that is there is not theirs to change."""
        return self.limited and not permissions.may(self.by, "change", project)

    def why_not_own(self, project: Project) -> str:
        """Why a project must not be as it is in memory, in a sentence; empty where it may."""
        return permissions.why_not_own(self.by, project) if self.limited else ""

    @property
    def own_column(self) -> str:
        """The column that makes a project theirs."""
        desk = permissions.desk_of(self.by)
        return "place" if desk.places and not desk.chains else "chain"

    def own_projects(self, keys: Iterable[int]) -> set[int]:
        """Those of these projects, given by their keys, that are theirs to change."""
        if not self.limited:
            return set(keys)
        return set(
            permissions.visible(self.by, Project.objects.filter(pk__in=keys), "change").values_list("pk", flat=True)
        )

    def unseen_parents(self, parents: dict[str, Project]) -> set[str]:
        """Those of these projects, by their codes, that they may not see, and so not name either."""
        if self.by is None or permissions.reaches_all(self.by, "view", Project):
            return set()
        rows = Project.objects.filter(code__in=parents)
        return parents.keys() - set(permissions.visible(self.by, rows).values_list("code", flat=True))

    def unseen(self, companies: Iterable[Enterprise]) -> set[int]:
        """The keys of those companies that they may not see, and so not name either."""
        keys = set() if self.sees_all_companies else {company.pk for company in companies}
        return keys and keys - set(self.companies(Enterprise.objects.filter(pk__in=keys)).values_list("pk", flat=True))

    def companies(self, rows):
        """Those companies of a queryset that they may see."""
        return rows if self.sees_all_companies else permissions.visible(self.by, rows)


def not_yours() -> str:
    """What is said of a project of others: nothing but that."""
    return _("This project is not yours: take the row out, or ask the investment bureau.")


def like_one_of_others() -> str:
    """What is said where a row looks like a project of others."""
    return _(
        "A project like this one is there already and is not yours: ask the investment bureau whether it is the same."
    )


def parent_not_yours() -> str:
    """What is said of a whole that is named and is of others."""
    return _("The project that is named here is not yours.")


def company_not_available() -> str:
    """What is said of a company that is there and internal to others: it must not be entered twice."""
    return _("This company is in the system and not available to you: ask the investment bureau.")
