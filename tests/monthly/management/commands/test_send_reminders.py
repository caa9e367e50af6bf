"""Reminders by e-mail: what is new, once, to everybody who has an address."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command

from liangzhou import demo
from monthly import reminders
from monthly.models import Reminder
from projects.models import Milestone
from tests.factories import FundingRecordFactory, InstructionFactory, MilestoneFactory, ProjectFactory, UserFactory
from tests.monthly.desk.cast import MAY, NEW, a_clerk, last_changed

pytestmark = pytest.mark.django_db
LATE = {"planned": date(2025, 6, 1), "planned_precision": "day", "actual": None, "actual_precision": ""}


class Refusing(EmailBackend):
    """A mail server that refuses one address."""

    def send_messages(self, messages):
        if messages[0].to == ["refused@example.cn"]:
            raise ConnectionRefusedError("refused@example.cn")
        return super().send_messages(messages)


def run(on="2025-06-24", **options):
    out = StringIO()
    call_command("send_reminders", on=date.fromisoformat(on), stdout=out, **options)
    return out.getvalue()


def remembered(user):
    return sorted(Reminder.objects.filter(person=user).values_list("kind", "subject"))


@pytest.fixture
def late():
    """A clerk with one overdue milestone and nothing else; their milestone."""
    clerk, project = a_clerk()
    row = MilestoneFactory(project=project, **LATE)
    FundingRecordFactory(project=project, month=MAY)
    last_changed(NEW)
    return clerk, row


def test_each_matter_is_told_once_and_a_new_plan_is_a_new_matter(late):
    clerk, row = late

    counts = []
    for planned in (None, None, date(2025, 6, 20)):
        if planned:
            Milestone.objects.filter(pk=row.pk).update(planned=planned)
        run()
        counts.append(len(mail.outbox))

    assert counts == [1, 1, 2]
    assert remembered(clerk) == [("milestone", f"{row.pk}:2025-06-01:day"), ("milestone", f"{row.pk}:2025-06-20:day")]


def test_nights_that_were_missed_lose_nothing(late):
    """Months are told from the fifth day after their end on, on whichever day the next run is."""
    clerk, row = late
    Milestone.objects.all().delete()
    ProjectFactory(place=row.project.place, stage="started")
    last_changed(NEW)

    sent = []
    for on in ("2025-06-04", "2025-06-11", "2025-06-12"):
        run(on)
        sent.append(len(mail.outbox))

    assert (sent, remembered(clerk)) == ([0, 1, 1], [("month", "2025-05")])


def test_project_that_falls_silent_again_is_told_again(late):
    clerk, row = late
    Milestone.objects.all().delete()
    for at in (datetime(2025, 5, 1, 4, tzinfo=UTC), datetime(2025, 5, 9, 4, tzinfo=UTC)):
        last_changed(at)
        run()

    assert remembered(clerk) == [("update", f"{row.project_id}:2025-05-01"), ("update", f"{row.project_id}:2025-05-09")]


def test_digest_is_one_plain_mail_in_the_language_of_the_site(late, settings):
    settings.SITE_ADDRESS = "https://ledger.example"
    clerk, row = late
    InstructionFactory(project=row.project, text="请加快办理", due=date(2025, 6, 20))
    foreign = MilestoneFactory(**LATE).project
    last_changed(NEW)

    run()

    [sent] = mail.outbox
    assert (sent.to, sent.content_subtype, sent.alternatives if hasattr(sent, "alternatives") else []) == (
        ["clerk@example.cn"], "plain", [],
    )  # fmt: skip
    assert f"https://ledger.example/admin/projects/project/{row.project_id}/change/" in sent.body
    assert [text in sent.body for text in (row.project.name, foreign.name, "请加快办理", "&", "{")] == [
        True, False, False, False, False,
    ]  # fmt: skip


def test_mail_lists_the_first_and_counts_the_rest(late):
    clerk, row = late
    for _number in range(reminders.LISTED):
        MilestoneFactory(project=ProjectFactory(stage="landed", place=row.project.place), **LATE)
    FundingRecordFactory(month=date(2025, 6, 1))
    last_changed(NEW)

    run("2025-06-02")  # May is not told yet

    assert mail.outbox[0].body.count("\n- ") == reminders.LISTED
    assert len(remembered(clerk)) == reminders.LISTED + 1


def test_without_an_address_of_the_site_mails_have_no_links(late, settings):
    settings.SITE_ADDRESS = ""
    run()

    assert "/admin/" not in mail.outbox[0].body


def test_closed_accounts_get_nothing_and_who_has_no_address_is_named(late):
    clerk, row = late
    place = row.project.place
    UserFactory(roles=["place_clerk"], places=[place], is_active=False, email="gone@example.cn")
    silent = UserFactory(roles=["place_clerk"], places=[place], email="")

    out = run()

    assert [sent.to for sent in mail.outbox] == [["clerk@example.cn"]]
    assert silent.username in out
    assert remembered(silent) == []


def test_refused_address_stops_nobody_else_and_is_tried_again(late, settings, monkeypatch):
    clerk, row = late
    refused = UserFactory(
        username="a-first", roles=["place_clerk"], places=[row.project.place], email="refused@example.cn"
    )
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"

    with pytest.raises(CommandError) as raised:
        run()

    assert "a-first (ConnectionRefusedError)" in str(raised.value)
    assert "refused@example.cn" not in str(raised.value)
    assert ([sent.to for sent in mail.outbox], remembered(refused)) == ([["clerk@example.cn"]], [])
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run()
    assert [sent.to for sent in mail.outbox] == [["clerk@example.cn"], ["refused@example.cn"]]


def test_dry_run_shows_and_remembers_nothing(late):
    clerk, row = late

    out = run(dry_run=True)

    assert row.project.name in out
    assert (mail.outbox, remembered(clerk)) == ([], [])


def test_administrators_are_reminded_of_nothing(late):
    clerk, _row = late
    for role in ("administrator", "security", "auditor", "publisher", "service_officer"):
        UserFactory(roles=[role], email=f"{role}@example.cn")

    run()

    assert [sent.to for sent in mail.outbox] == [[clerk.email]]


def test_leader_is_reminded_of_instructions_that_nobody_answered_in_time():
    leader = UserFactory(roles=["leader"], email="leader@example.cn")
    row = InstructionFactory(created_by=leader, due=date(2025, 6, 20))
    InstructionFactory(created_by=leader, due=date(2025, 6, 30))

    run()

    assert remembered(leader) == [("given_late", f"{row.pk}:2025-06-20")]


def test_mail_about_invented_records_says_so(late, monkeypatch):
    monkeypatch.setattr(demo, "_known", {"is_demo": True, "at": float("inf")})

    run()

    assert [one.subject.startswith(f"[{demo.MARK}] ") for one in mail.outbox] == [True]
