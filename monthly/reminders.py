"""Reminders by e-mail: one digest a person of what newly matters, each matter told once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy, ngettext

from liangzhou import demo
from liangzhou.history.changes import person
from liangzhou.periods import PartialDate, Precision
from monthly.desk import instructions, months, projects, returned
from monthly.desk.matters import Matter, is_clerk
from monthly.models import Reminder

LOCK = 620602_0001  # the number of the PostgreSQL lock that one run holds
LISTED = 20  # of each kind in one mail
HEADINGS = {  # of the parts of a mail, by the kinds of matters in them
    ("instruction_late", "given_late"): gettext_lazy("Instructions whose answer is overdue"),
    ("instruction_due",): gettext_lazy("Instructions to answer soon"),
    ("month",): gettext_lazy("Months not filled in"),
    ("returned", "unlocked"): gettext_lazy("Came back for correction"),
    ("milestone",): gettext_lazy("Overdue milestones"),
    ("update",): gettext_lazy("Projects without an update"),
}


@dataclass(frozen=True)
class Part:
    """One list of a mail."""

    heading: str
    count: int
    matters: list[Matter]
    more: int
    with_notes: bool


@dataclass
class Outcome:
    """What became of a run; people by their user names."""

    sent: dict[str, int] = field(default_factory=dict)  # -> how many matters were told
    failed: dict[str, str] = field(default_factory=dict)  # -> kind of error, never an address
    without_address: list[str] = field(default_factory=list)


def matters(user, *, on: date) -> list[Matter]:
    """All that somebody may be reminded of on a day: of months, once they are over for REMIND_MONTH_AFTER_DAYS."""
    late = [one for one in instructions.given(user, on=on) if one.kind == "given_late"]
    found = [*instructions.to_answer(user, on=on), *late, *returned.returned(user, on=on)]
    if is_clerk(user):
        found += months.not_filled(user, on=on, after_days=settings.REMIND_MONTH_AFTER_DAYS)
        found += months.opened_again(user, on=on)
        found += projects.overdue_milestones(user, on=on)
        found += projects.since_when(projects.without_update(user, on=on))
    return found


def news(user, *, on: date) -> list[Matter]:
    """Those of `matters` that this person was not told yet."""
    found = matters(user, on=on)
    told = set(Reminder.objects.filter(person=user).values_list("kind", "subject")) if found else set()
    return [one for one in found if (one.kind, one.subject) not in told]


def mail(user, found: list[Matter], *, on: date) -> EmailMessage:
    """The digest for one person, in the language of the site."""
    with translation.override(settings.LANGUAGE_CODE):
        words = {"site": settings.SITE_IDENTITY["name"], "count": len(found)}
        subject = ngettext(
            "%(site)s: %(count)d matter waits for you", "%(site)s: %(count)d matters wait for you", len(found)
        )
        content = {
            "name": person(user),
            "day": PartialDate(on, Precision.DAY),
            "site": settings.SITE_IDENTITY["name"],
            "address": settings.SITE_ADDRESS,
            "parts": _parts(found),
        }
        body = render_to_string("monthly/reminder.txt", content)
        return EmailMessage(
            demo.marked(subject % words), body, to=[user.email], headers={"Auto-Submitted": "auto-generated"}
        )


def _parts(found: list[Matter]) -> list[Part]:
    """What leaders wrote stays in the system: of instructions a mail says only that they are there."""
    parts = []
    for kinds, heading in HEADINGS.items():
        some = [one for one in found if one.kind in kinds]
        said = not kinds[0].startswith("instruction")
        if some:
            parts.append(Part(str(heading), len(some), some[:LISTED], max(0, len(some) - LISTED), with_notes=said))
    return parts


def send_all(*, on: date, show: Callable[[EmailMessage], None] | None = None) -> Outcome:
    """Mail everybody what is new; with `show`, only show it. One person's failing address stops nobody else.

    What was told is remembered once the mail was accepted, person by person: a run that is broken off goes on the
    next time where it was.
    """
    outcome = Outcome()
    people = get_user_model().objects.filter(is_active=True, is_staff=True).order_by("username")
    for user in people:
        with translation.override(settings.LANGUAGE_CODE):
            found = news(user, on=on)
        if found and not user.email:
            outcome.without_address.append(user.get_username())
        elif found and show:
            show(mail(user, found, on=on))
            outcome.sent[user.get_username()] = len(found)
        elif found:
            _send(user, found, outcome, on=on)
    return outcome


def _send(user, found: list[Matter], outcome: Outcome, *, on: date) -> None:
    try:
        mail(user, found, on=on).send()
    except (OSError, ValueError) as error:  # of the mail server, of the network; an address that is none
        outcome.failed[user.get_username()] = type(error).__name__
        return
    at = timezone.now()
    rows = [Reminder(person=user, kind=one.kind, subject=one.subject, sent_at=at) for one in found]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    outcome.sent[user.get_username()] = len(found)


@contextmanager
def only_run() -> Iterator[bool]:
    """Whether this is the only run under way, for as long as it lasts; who ends, or dies, makes way for the next."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            [mine] = cursor.fetchone()
        try:
            yield mine
        finally:
            if mine:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        return
    import fcntl  # not on Windows, where nobody runs this against SQLite at night

    with open(f"{connection.settings_dict['NAME']}-reminders", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
