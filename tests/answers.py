"""Reading what the site answers: HTML by tag and class, CSV and XLSX as rows, XML as a tree."""

import csv
import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from defusedxml import ElementTree
from openpyxl import load_workbook

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "rect", "source"}
BOM = "\ufeff"


@dataclass
class Element:
    """One element of a page; `text` is what a reader sees of it, spaces collapsed."""

    tag: str
    attrs: dict
    children: list = field(default_factory=list)

    def __getitem__(self, name):
        return self.attrs[name]

    @property
    def raw_text(self):
        return "".join(child if isinstance(child, str) else child.raw_text for child in self.children)

    @property
    def text(self):
        return re.sub(r"\s+", " ", self.raw_text).strip()

    def walk(self):
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def all(self, selector="", **attrs):
        """The elements under this one: `tag`, `.class` or `tag.class`, with these attributes (`_` for `-`)."""
        tag, _, name = selector.partition(".")
        wanted = {key.replace("_", "-"): value for key, value in attrs.items()}
        return [
            e
            for e in self.walk()
            if (not tag or e.tag == tag)
            and (not name or name in (e.attrs.get("class") or "").split())
            and all(e.attrs.get(key) == value for key, value in wanted.items())
        ]

    def one(self, selector="", **attrs):
        """The only such element."""
        found = self.all(selector, **attrs)
        assert len(found) == 1, f"{len(found)} elements {selector} {attrs}"
        return found[0]

    def texts(self, selector="", **attrs):
        return [e.text for e in self.all(selector, **attrs)]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = [Element("document", {})]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data):
        self.open[-1].children.append(data)


def page_of(response):
    """The page as a tree. Fails where an element is not closed as it was opened."""
    reader = _Reader()
    reader.feed(body(response).decode())
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is not closed"
    return reader.open[0]


def body(response):
    """Every byte of an answer, streamed or not."""
    return response.getvalue()


def csv_rows(response):
    """The rows of a CSV, the header first. Fails without a byte order mark."""
    text = body(response).decode()
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


def csv_records(response):
    """The rows of a CSV by header."""
    header, *rows = csv_rows(response)
    return [dict(zip(header, row, strict=True)) for row in rows]


def xlsx_rows(response):
    """The cells of the only sheet, the header first; an empty cell is None."""
    book = load_workbook(io.BytesIO(body(response)), read_only=False)
    assert len(book.worksheets) == 1
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def xml_of(response):
    """The root of an XML answer."""
    return ElementTree.fromstring(body(response))


def shown_names(page):
    """What the rows of a list are called, in their order."""
    return [(cell.all("a") or cell.all("span"))[0].text for cell in page.all("th.cell--primary", scope="row")]


def facts_of(page):
    """The facts of a record's page by label, without the marks of its sentences."""
    found = {}
    for row in page.all(".facts__row"):
        value = row.one("dd")
        marks = {mark.text for mark in value.all("sup.ref")}
        found[row.one("dt").text] = "".join(
            child if isinstance(child, str) else ("" if child.text in marks else child.text) for child in value.children
        ).strip()
    return found
