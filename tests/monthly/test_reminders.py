"""Two runs of the reminders at once: only one sends."""

import threading
from datetime import date
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection

from monthly import reminders
from tests.factories import FundingRecordFactory, MilestoneFactory
from tests.monthly.desk.cast import MAY, a_clerk


@pytest.mark.django_db(transaction=True)
def test_second_run_at_once_sends_nothing_and_the_next_one_does():
    _clerk, project = a_clerk()
    MilestoneFactory(
        project=project, planned=date(2025, 6, 1), planned_precision="day", actual=None, actual_precision=""
    )
    FundingRecordFactory(project=project, month=MAY)

    def run():
        try:
            call_command("send_reminders", on=date(2025, 6, 24), stdout=StringIO())
        finally:
            connection.close()

    with reminders.only_run() as alone:
        other = threading.Thread(target=run)
        other.start()
        other.join()
        assert (alone, mail.outbox) == (True, [])

    run()
    assert len(mail.outbox) == 1
