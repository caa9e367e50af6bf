"""How a line of the log looks: plain, or JSON. One record is one line in JSON; nothing in it can begin another."""

import json
import logging
import re
import unicodedata
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")  # set by RequestLogMiddleware

# What PostgreSQL tells of the row that it refused: "Key (phone)=(138…) already exists."
_DATA = re.compile(r"^(DETAIL|CONTEXT):.*?(?=\n\n(?:The above|During) |\Z)", re.MULTILINE | re.DOTALL)


class Line(logging.Formatter):
    """Time, level, logger, request, message; a traceback follows on lines of its own."""

    def format(self, record):
        record.request_id = request_id.get() or "-"
        return super().format(record)

    def formatMessage(self, record):  # noqa: N802 (the name that logging calls)
        return one_line(super().formatMessage(record))

    def formatTime(self, record, datefmt=None):  # noqa: N802
        return moment(record)

    def formatException(self, exc_info):  # noqa: N802
        return without_data(super().formatException(exc_info))


class Json(Line):
    """The same as one object; what a line of a request tells stands in fields of its own."""

    def format(self, record):
        told = {
            "time": moment(record),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id.get(),
            "message": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        if record.stack_info:
            told["stack"] = record.stack_info
        return json.dumps({name: value for name, value in told.items() if value != ""}, ensure_ascii=True, default=str)


def moment(record: logging.LogRecord) -> str:
    """When it happened, by UTC, to the millisecond: 2026-05-21T03:04:05.678Z."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def one_line(text: str) -> str:
    """The text with line ends and every other control character written out, so that nobody can forge a line."""
    if text.isprintable():
        return text
    return "".join(_written_out(c) if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text)


def _written_out(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def without_data(text: str) -> str:
    """A traceback without what the database says of the row that it refused: that may be somebody's phone."""
    return _DATA.sub(r"\1: (left out)", text)
