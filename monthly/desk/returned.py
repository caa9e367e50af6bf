"""What came back to somebody for correction: records, and changes of published records."""

from datetime import date

from django.apps import apps
from django.conf import settings
from django.contrib.admin.utils import quote
from django.urls import reverse
from django.utils.text import capfirst

from liangzhou import permissions
from liangzhou.publishing.admin import to_mend
from liangzhou.roles import PUBLISHABLE
from liangzhou.waiting import WaitingChange

from .matters import Matter


def returned(user, *, on: date) -> list[Matter]:
    """Records that were returned instead of published, and changes that were, with what is wrong."""
    return [*_records(user), *_changes(user)]


def addresses() -> list[str]:
    """The lists in which all of it stands, where the admin's own lines lead."""
    lists = [f"{reverse(_name(model, 'changelist'))}?publishing=to_mend" for model in map(apps.get_model, PUBLISHABLE)]
    state = WaitingChange.State.RETURNED
    return [*lists, f"{reverse('admin:liangzhou_waitingchange_changelist')}?state__exact={state}"]


def _records(user) -> list[Matter]:
    found = []
    for model in map(apps.get_model, PUBLISHABLE):
        rows = permissions.visible(user, model._default_manager.order_by("pk"), "change").filter(to_mend(user))
        found += [
            Matter(
                "returned",
                f"{model._meta.label_lower}:{row.pk}:{row.submitted_at and row.submitted_at.isoformat()}",
                str(row),
                reverse(_name(model, "change"), args=[quote(row.pk)]),
                row.review_note or capfirst(str(model._meta.verbose_name)),
            )
            for row in rows
        ]
    return found


def _changes(user) -> list[Matter]:
    """Nobody is asked to mend a change where changes do not wait."""
    rows = WaitingChange.objects.returned_to(user).order_by("pk") if settings.REVIEW_CHANGES else ()
    page = "admin:liangzhou_waitingchange_change"
    return [Matter("returned", f"change:{row.pk}", row.label, reverse(page, args=[row.pk]), row.note) for row in rows]


def _name(model, page: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
