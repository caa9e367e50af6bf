import io
import logging
from datetime import date
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from liangzhou.exports import Field, csv_file, export_response, responses, xlsx_file
from liangzhou.exports.responses import disposition

FIELDS = [Field("账号"), Field("姓", labels={"": "不详"})]
DAY = date(2025, 6, 1)
NOTE = "This export broke off after 0 rows and is not complete. Please try again later."


@pytest.fixture
def longer_than_the_first_rows(monkeypatch):
    """Three rows are already too many to be read before the answer begins."""
    monkeypatch.setattr(responses, "FIRST_ROWS", 1)


def clerks(*names):
    for name in names:
        User.objects.create(username=name)
    return User.objects.order_by("username").values_list("username", "last_name")


def response_of(queryset, format="csv", **options):  # noqa: A002 - as in export_response
    return export_response(format=format, name="招商引资项目", fields=FIELDS, queryset=queryset, day=DAY, **options)


@pytest.mark.django_db
def test_response_is_a_csv_download():
    response = response_of(clerks("a", "b"))

    assert response.getvalue().decode("utf-8-sig") == "账号,姓\r\na,不详\r\nb,不详\r\n"
    assert dict(response.items()) == {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="export_2025-06-01.csv"; '
        "filename*=UTF-8''%E6%8B%9B%E5%95%86%E5%BC%95%E8%B5%84%E9%A1%B9%E7%9B%AE_2025-06-01.csv",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }


@pytest.mark.django_db
def test_response_is_an_xlsx_download():
    response = response_of(clerks("a"), "xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue()))
    assert book.get_sheet_by_name("招商引资项目").to_python() == [["账号", "姓"], ["a", "不详"]]
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert unquote(response["Content-Disposition"].partition("''")[2]) == "招商引资项目_2025-06-01.xlsx"


@pytest.mark.django_db
@pytest.mark.parametrize("names", ["a", "abc"])
def test_response_of_a_short_list_takes_one_query(names, django_assert_num_queries):
    queryset = clerks(*names)

    with django_assert_num_queries(1):
        response_of(queryset).getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_response_to_head_has_the_same_headers_and_reads_nothing(format, django_assert_num_queries):  # noqa: A002
    queryset = clerks("a")
    headers = dict(response_of(queryset, format).items())

    with django_assert_num_queries(0):
        response = response_of(queryset, format, head=True)
        assert response.getvalue() == b""

    assert dict(response.items()) == headers


@pytest.mark.django_db
@pytest.mark.parametrize("number", [2, 3])
def test_response_has_every_row_once_whether_or_not_it_was_read_before(number, monkeypatch):
    monkeypatch.setattr(responses, "FIRST_ROWS", 2)

    text = response_of(clerks(*"abc"[:number])).getvalue().decode("utf-8-sig")

    assert text.split("\r\n") == ["账号,姓", "a,不详", "b,不详", "c,不详"][: number + 1] + [""]


@pytest.mark.django_db
def test_response_is_not_begun_where_the_first_rows_cannot_be_read(broken_at_z):
    queryset = clerks("a", "z").annotate(broken=broken_at_z).values_list("username", "broken")

    with pytest.raises(DatabaseError):
        response_of(queryset)


@pytest.mark.django_db(transaction=True)
def test_response_that_breaks_off_says_so_and_lets_go_of_the_database(longer_than_the_first_rows, broken_at_z, caplog):
    queryset = clerks("a", "b", "c", "z").annotate(broken=broken_at_z).values_list("username", "broken")
    response = response_of(queryset)

    assert response.getvalue().decode("utf-8-sig") == f"账号,姓\r\n{NOTE}\r\n"
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert not connection.in_atomic_block
    assert User.objects.count() == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_response_closed_early_lets_go_of_the_database(format, longer_than_the_first_rows, monkeypatch):  # noqa: A002
    monkeypatch.setattr(csv_file, "CHUNK", 1)
    monkeypatch.setattr(xlsx_file, "CHUNK", 1)
    response = response_of(clerks("a", "b", "c"), format)
    next(iter(response))
    was_reading = connection.in_atomic_block

    response.close()

    assert was_reading == (connection.vendor == "postgresql")
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_response_never_sent_holds_nothing(longer_than_the_first_rows):
    response = response_of(clerks("a", "b", "c"))

    assert not connection.in_atomic_block
    response.close()
    assert not connection.in_atomic_block


def test_disposition_of_an_ascii_name():
    assert disposition("projects", "_2025-06-01.csv") == (
        "attachment; filename=\"projects_2025-06-01.csv\"; filename*=UTF-8''projects_2025-06-01.csv"
    )


def test_disposition_takes_out_what_file_names_cannot_hold():
    assert disposition('a/b\\c"d\r\ne', ".csv") == (
        "attachment; filename=\"a-b-c-d--e.csv\"; filename*=UTF-8''a-b-c-d--e.csv"
    )


@given(st.text(alphabet=st.characters()))
def test_disposition_is_a_safe_header_for_any_name(name):
    header = disposition(name, "_2025-06-01.csv")

    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert header.endswith("_2025-06-01.csv")
