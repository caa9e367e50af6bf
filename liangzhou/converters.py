"""Shapes that parts of an address may have; what does not fit is a 404 without asking the database."""

from django.urls.converters import StringConverter


class CodeConverter(StringConverter):
    """A code of ours: LZ000001."""

    regex = "[A-Za-z0-9-]{1,20}"


class FormatConverter(StringConverter):
    """The format of an export."""

    regex = "csv|xlsx"
