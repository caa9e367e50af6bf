"""The report as a PDF, printed from a page of HTML. WeasyPrint and its libraries are only needed here, and late."""

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from . import pictures
from .structure import Chart, Report, Table, fitted, shown

TEXT_WIDTH, WIDE_WIDTH = 17.0, 25.7  # cm between the margins of report.css


class CannotPrint(Exception):
    """Why this machine prints no PDF, in a sentence."""


def write(report: Report, out) -> None:
    """Write the PDF into a file that is open for bytes. Raises CannotPrint."""
    laid_out(report).write_pdf(out)


def laid_out(report: Report):
    """The pages as WeasyPrint has laid them out. Raises CannotPrint."""
    weasyprint = _printer()
    with open(finders.find("monthly/report.css"), encoding="utf-8") as sheet:
        css = sheet.read()
    page = render_to_string("monthly/report.html", {"report": report, "sections": _sections(report)})
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=["data"])  # nothing is read from the disk or the net
    document = weasyprint.HTML(string=page, url_fetcher=fetcher)
    return document.render(stylesheets=[weasyprint.CSS(string=css, url_fetcher=fetcher)])


def _printer():
    from django.utils.translation import gettext as _

    try:
        import weasyprint
        import weasyprint.urls
    except (ImportError, OSError) as error:  # OSError: the package is there, Pango is not
        raise CannotPrint(
            _("This machine cannot print PDF: WeasyPrint needs the library Pango (Debian: libpango-1.0-0, "
              "libpangoft2-1.0-0). Word and Excel work without it.")
        ) from error  # fmt: skip
    if not pictures.prints_chinese():
        raise CannotPrint(
            _("This machine cannot print PDF: no font has Chinese characters (Debian: fonts-noto-cjk). "
              "Word and Excel work without it.")
        )  # fmt: skip
    return weasyprint


def _sections(report: Report) -> list[dict]:
    """The sections as the template prints them."""
    return [
        {
            "heading": section.heading,
            "is_wide": section.is_wide,
            "blocks": [_block(block, WIDE_WIDTH if section.is_wide else TEXT_WIDTH) for block in section.blocks],
        }
        for section in report.sections
    ]


def _block(block: str | Table | Chart, width: float) -> dict:
    if isinstance(block, Table):
        return {"table": _table(block, width)}
    if isinstance(block, Chart):
        return {"picture": pictures.address(block), "title": block.title}
    return {"text": block}


def _table(table: Table, width: float) -> dict:
    size, widths = fitted(table, width)
    heads = [
        {"text": column.heading, "width": f"{100 * each / width:.2f}%"}
        for column, each in zip(table.columns, widths, strict=True)
    ]
    rows = [
        {
            "is_total": number < table.totals,
            "cells": [
                {"text": shown(value, column.kind), "kind": "number" if column.kind.is_number else str(column.kind)}
                for value, column in zip(row, table.columns, strict=True)
            ],
        }
        for number, row in enumerate(table.rows)
    ]
    return {"caption": table.caption, "note": table.note, "size": f"{size}pt", "heads": heads, "rows": rows}
