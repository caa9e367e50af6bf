"""A sheet and a page of its own that write the same plan, or the same progress, at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from monthly.models import AnnualPlan, ProgressReport
from tests.factories import AnnualPlanFactory, ProgressReportFactory, ProjectFactory, UserFactory
from tests.monthly.sheet.form import Form

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]
SOMEBODY_WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def waiting():
    with connection.cursor() as cursor:
        cursor.execute(SOMEBODY_WAITS)
        return cursor.fetchone()[0]


def save(form):
    try:
        return form.save()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("cells", "factory", "cell"),
    [({"site": "封顶"}, ProgressReportFactory, "site"), ({"plan": "100"}, AnnualPlanFactory, "plan")],
)
def test_who_comes_second_is_told_of_the_first(cells, factory, cell):
    project = ProjectFactory()
    form = Form(UserFactory(roles=["editor"]), project).type(project, **cells)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            factory(project=project)
            saving = pool.submit(save, form)
            while not waiting() and not saving.done():  # until it wants to write the same row
                pass
        (row,) = saving.result().rows

    assert [(one.code, one.cell) for one in row.slips if one.severity == "error"][0] == ("conflict", cell)
    assert ProgressReport.objects.count() + AnnualPlan.objects.count() == 1
