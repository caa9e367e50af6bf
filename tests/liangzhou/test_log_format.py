import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangzhou.log_format import Json, Line, one_line, request_id, without_data

LINE = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"


def record(message, *args, error=None, **extra):
    made = logging.LogRecord("liangzhou.x", logging.ERROR, "x.py", 1, message, args, error and sys.exc_info())
    made.created = 1_779_332_645.678
    made.__dict__.update(extra)
    return made


@pytest.fixture
def asked():
    token = request_id.set("abc12345")
    yield
    request_id.reset(token)


def test_line_has_time_level_logger_request_and_message(asked):
    assert Line(LINE).format(record("a %s", 1)) == "2026-05-21T03:04:05.678Z ERROR liangzhou.x [abc12345] a 1"


def test_line_outside_of_a_request():
    assert Line(LINE).format(record("a")) == "2026-05-21T03:04:05.678Z ERROR liangzhou.x [-] a"


def test_json_is_one_object(asked):
    told = {"method": "GET", "status": 200}

    assert json.loads(Json().format(record("a %s", 1, told=told))) == {
        "time": "2026-05-21T03:04:05.678Z", "level": "ERROR", "logger": "liangzhou.x", "request": "abc12345",
        "message": "a 1", "method": "GET", "status": 200,
    }  # fmt: skip


def test_exception_is_in_the_one_line_of_json():
    try:
        raise ValueError("一\n二")
    except ValueError as error:
        text = Json().format(record("broke", error=error))

    assert text.splitlines() == [text]
    assert json.loads(text)["traceback"].splitlines()[-2:] == ["ValueError: 一", "二"]


@given(st.text())
def test_no_message_begins_another_line(text):
    for made in (Line(LINE).format(record("%s", text)), Json().format(record("%s", text))):
        assert made.splitlines() == [made]


def test_control_characters_are_written_out():
    assert one_line("金\r\n\x1b[31m\u2028\u202e") == "金\\r\\n\\x1b[31m\\u2028\\u202e"


def test_traceback_tells_nothing_of_the_row_that_the_database_refused():
    text = (
        "Traceback (most recent call last):\n"
        "psycopg.errors.UniqueViolation: duplicate key value\n"
        "DETAIL:  Key (phone)=(13800000000) already exists.\nsecond line 13900000000\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        "django.db.utils.IntegrityError: duplicate key value\n"
        "DETAIL:  Key (phone)=(13800000000) already exists."
    )

    assert without_data(text) == (
        "Traceback (most recent call last):\n"
        "psycopg.errors.UniqueViolation: duplicate key value\n"
        "DETAIL: (left out)\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        "django.db.utils.IntegrityError: duplicate key value\n"
        "DETAIL: (left out)"
    )
