"""Instructions of leaders (批示): those that somebody is to answer, and those that somebody waits to have answered."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from liangzhou.fieldsets import show_value
from liangzhou.permissions import may, visible
from projects.models import Instruction, Project

from .matters import Matter

DUE_SOON_DAYS = 3


def to_answer(user, *, on: date) -> list[Matter]:
    """Those that are overdue, or due within three days, for who may answer them; the oldest first. One query."""
    if not (may(user, "change", Instruction) and may(user, "change", Project)):
        return []
    rows = visible(user, Instruction.objects.open(), "change").filter(due__lte=on + timedelta(days=DUE_SOON_DAYS))
    late, soon = _("%(project)s: an answer was wanted by %(date)s."), _("%(project)s: an answer is wanted by %(date)s.")
    return [
        Matter(
            "instruction_late" if row.is_overdue(on=on) else "instruction_due",
            f"{row.pk}:{row.due}",
            (late if row.is_overdue(on=on) else soon) % {"project": row.project, "date": show_value(row.due)},
            _url(row),
            str(row),
        )
        for row in rows.select_related("project").order_by("due", "pk")
    ]


def given(user, *, on: date) -> list[Matter]:
    """Somebody's own instructions that nobody has answered, the overdue ones first. One query."""
    rows = visible(user, Instruction.objects.open(), "view").filter(created_by=user.pk).select_related("project")
    late = _("%(project)s: an answer was wanted by %(date)s.")
    wanted, open_ended = _("%(project)s: an answer is wanted by %(date)s."), _("%(project)s: no answer yet.")
    found = []
    for row in sorted(rows, key=lambda row: (row.due is None, row.due or on, row.pk)):
        overdue = row.is_overdue(on=on)
        text = late if overdue else wanted if row.due else open_ended
        words = {"project": row.project, "date": show_value(row.due) if row.due else ""}
        kind = "given_late" if overdue else "given"
        found.append(Matter(kind, f"{row.pk}:{row.due}", text % words, _url(row), str(row)))
    return found


def _url(row: Instruction) -> str:
    return reverse("admin:projects_instruction_change", args=[row.pk])
