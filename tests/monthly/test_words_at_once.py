"""Words and amounts that are written while somebody locks their month: they wait, and are refused."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from liangzhou.months import Month
from monthly import locking
from monthly.models import ProgressReport
from tests.factories import FundingRecordFactory, ProgressReportFactory, UserFactory
from tests.monthly.sheet.test_at_once import waiting
from tests.opened_form import open_form, read_form

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]
MAY = Month(2025, 5)


def post(client, url, data):
    try:
        return client.post(url, data)
    finally:
        connection.close()


@pytest.mark.parametrize("act", ["add", "change", "delete"])
def test_who_writes_while_the_month_is_locked_is_refused(act):
    editor, client = UserFactory(roles=["editor"]), Client()
    client.force_login(editor)
    project = FundingRecordFactory().project
    report = ProgressReportFactory(project=project, site_progress="一") if act != "add" else None
    url = reverse(f"admin:monthly_progressreport_{act}", args=[report.pk] if report else [])
    data = {"post": "yes"} if act == "delete" else open_form(client, url, "progressreport_form")
    data |= {"site_progress": "二"} | ({} if report else {"project": project.pk, "month": "2025-05"})
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locking.lock(MAY, by=editor)
            posting = pool.submit(post, client, url, data)
            while not waiting() and not posting.done():  # until it wants the month
                pass
        status = posting.result().status_code

    kept = ["一"] if report else []
    assert (status, list(ProgressReport.objects.values_list("site_progress", flat=True))) == (200, kept)


def test_who_changes_an_amount_while_its_month_is_locked_is_offered_a_correction():
    editor, client = UserFactory(roles=["editor"]), Client()
    client.force_login(editor)
    row = FundingRecordFactory(amount=1200)
    url = reverse("admin:monthly_fundingrecord_change", args=[row.pk])
    data = open_form(client, url, "fundingrecord_form") | {"amount": "900"}
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locking.lock(MAY, by=editor)
            posting = pool.submit(post, client, url, data)
            while not waiting() and not posting.done():
                pass
        filled = read_form(posting.result(), "fundingrecord_form")

    row.refresh_from_db()
    assert (filled["kind"], filled["amount"], row.amount) == ("correction", "-300", 1200)
