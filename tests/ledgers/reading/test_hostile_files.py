"""Files that are broken, mean or simply no ledgers: each gives rows or a sentence, and nothing else."""

import random
import zipfile
import zlib
from struct import pack

import pytest
from django.utils import translation

from ledgers.reading import files
from ledgers.reading.files import Unreadable
from tests.ledgers.books import RELATIONS, book, cell, parts, plain_book, related, row, zipped
from tests.ledgers.old_books import compound, old_book, record

PLAIN = plain_book()
OLD = old_book({(0, 0): "项目名称", (1, 0): "储能电站", (1, 1): 130000.0})


@pytest.fixture
def outcome(tmp_path):
    """What becomes of some bytes: their rows, or the sentence in English."""

    def read(data, name="台账.xlsx"):
        path = tmp_path / "file"
        path.write_bytes(data)
        with translation.override("en"):
            try:
                with files.read(path, name) as sheets:
                    return [row for sheet in sheets for row in sheet.rows]
            except Unreadable as unreadable:
                return unreadable.sentence

    return read


def changed(name, old, new, data=None):
    """The plain workbook with one of its parts changed."""
    files = data or parts(row(cell("A1", 1)))
    assert old in files[name]
    return zipped({**files, name: files[name].replace(old, new)})


def with_parts(more):
    return zipped({**parts(row(cell("A1", 1))), **more})


def lying(size):
    """A workbook whose directory says that a part has another size than it has."""
    data = bytearray(PLAIN)
    at = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    data[at + 24 : at + 28] = pack("<I", size)
    return bytes(data)


def deflated(*further):
    """A workbook with further parts before its own: (name, bytes, how often they are repeated, check sum, size said).

    Bytes are packed once, however often they are repeated.
    """
    packed = [(name, _packed(data, times)) for name, data, times, _crc, _size in further]
    whole = bytearray(zipped([*packed, *parts(row(cell("A1", 1))).items()], zipfile.ZIP_STORED))
    for name, _data, _times, crc, size in further:
        for at in (whole.index(name.encode()) - 30 + 8, whole.rindex(name.encode()) - 46 + 10):
            whole[at : at + 2] = pack("<H", zipfile.ZIP_DEFLATED)
            whole[at + 6 : at + 10] = pack("<I", crc)
            whole[at + 14 : at + 18] = pack("<I", size)
    return bytes(whole)


def _packed(data, times):
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    once = packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)
    return once * times + packer.flush()


def bomb():
    """14 black pictures of 20 MB, and a part of 30 MB of blanks that a reader would read: 310 MB together."""
    black, blank = b"\0" * 20_000_000, b" " * 1_000_000
    pictures = [(f"xl/media/{number:02}.png", black, 1, zlib.crc32(black), len(black)) for number in range(14)]
    return deflated(*pictures, ("xl/theme.xml", blank, 30, 0, 30_000_000))  # its check sum is never come to


def lying_bomb():
    """A part of 310 MB that says it has ten bytes, with the right check sum of these."""
    return deflated(("xl/media/bomb.png", b" " * 1_000_000, 310, zlib.crc32(b" " * 10), 10))


ENTITIES = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
SENTENCES = {
    "empty": ("The file is empty.", {"nothing": b""}),
    "nothing": (
        "The sheets of this file hold nothing.",
        {
            "no cells": book("<sheetData/>"),
            "blanks": book(row(cell("A1", "  ", "str") + '<c r="B1" s="1"/>')),
            "hidden sheet": book(row(cell("A1", 1)), states=('state="hidden"',)),
            "only a BOM": b"\xef\xbb\xbf",
            "only a BOM of UTF-16": b"\xff\xfe",
            "only line ends": b"\r\n\r\n",
            "only commas": b",,,\n,,,\n",
        },
    ),
    "markup": (
        "This is a web page or an XML table",
        {
            "HTML named .xls": b"<html><table><tr><td>1</td></tr></table></html>",
            "HTML with BOM": "\ufeff\r\n<!DOCTYPE html><html>".encode(),
            "HTML in UTF-16": "<table><tr><td>甲</td></tr></table>".encode("utf-16"),
            "a table alone": b'  <table border="1">',
            "XML Spreadsheet 2003": b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
            "MHTML": b"MIME-Version: 1.0\r\nContent-Type: multipart/related",
        },
    ),
    "pdf": ("This is a PDF file.", {"PDF": b"%PDF-1.7\n%\xe2\xe3"}),
    "picture": (
        "This is a picture.",
        {"PNG": b"\x89PNG\r\n\x1a\n\0\0", "JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF", "GIF": b"GIF89a\0"},
    ),
    "word": (
        "This is a Word or PowerPoint file.",
        {
            "docx": zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
            "doc": compound({"WordDocument": b"x"}),
            "rtf": b"{\\rtf1 x}",
        },
    ),
    "archive": (
        "This is an archive",
        {
            "zip": zipped({"台账.xlsx": PLAIN}),
            "zip in zip in zip": zipped({"a.zip": zipped({"b.zip": zipped({"c": b"\0" * 1_000_000})})}),
            "empty zip": b"PK\x05\x06" + b"\0" * 18,
            "rar": b"Rar!\x1a\x07\0",
            "gzip": b"\x1f\x8b\x08\0\0",
        },
    ),
    "not_spreadsheet": (
        "This is not a spreadsheet.",
        {
            "program": b"MZ\x90\0\x03",
            "another OLE file": compound({"Something": b"x"}),
            "another zipped file of Office": zipped({"[Content_Types].xml": "<Types/>", "visio/document.xml": "<v/>"}),
            "control characters": bytes(range(1, 32)) * 20,
            "random bytes": random.Random(7).randbytes(5_000),  # noqa: S311
        },
    ),
    "old_excel": ("This workbook is from an Excel before 1995.", {"BIFF4": b"\x09\x04\x06\0\0\0\x10\0"}),
    "password": (
        "The file is protected by a password.",
        {
            "xlsx": compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}),
            "encrypted by the office": b"%TSD-Header-###%\0\0",
            "xls, RC4": old_book({(0, 0): 1.0}, record(0x2F, pack("<HHH", 1, 1, 1) + b"\0" * 48)),
            "xls, XOR": old_book({(0, 0): 1.0}, record(0x2F, pack("<HHH", 0, 1, 1))),
            "zip": PLAIN[:6]
            + b"\x01\0"
            + PLAIN[8:].replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\x01\0"),
        },
    ),
    "macros": (
        "The file holds macros",
        {
            "vbaProject.bin": with_parts({"xl/vbaProject.bin": b"x"}),
            "VBAPROJECT.BIN elsewhere": with_parts({"other/VBAPROJECT.BIN": b"x"}),
            "content type": changed("[Content_Types].xml", "spreadsheetml.sheet.main", "sheet.macroEnabled.main"),
            "macro sheet": with_parts({"xl/macrosheets/sheet1.xml": "<m/>"}),
            "xls": old_book({(0, 0): 1.0}, _VBA_PROJECT_CUR=b"x"),
            "ods": zipped({"content.xml": "<o/>", "Basic/Standard/Module1.xml": "<m/>"}),
        },
    ),
    "entities": (
        "The file declares XML entities",
        {
            "billion laughs in a sheet": changed("xl/worksheets/sheet1.xml", "<worksheet", f"{ENTITIES}<worksheet"),
            "outside entity": changed("xl/sharedStrings.xml", "<sst", f"{OUTSIDE}<sst"),
            "in the workbook": changed("xl/workbook.xml", "<workbook", f"{ENTITIES}<workbook"),
            "in the relations": changed("_rels/.rels", "<Relationships", f"{OUTSIDE}<Relationships"),
            "in UTF-16": with_parts({"xl/theme.xml": f"<?xml?>{ENTITIES}<a/>".encode("utf-16")}),
            "without an ending": with_parts({"custom/data": f"{ENTITIES}<a/>"}),
            "far inside": with_parts({"xl/theme.xml": "<a>" + " " * 600_000 + ENTITIES}),
        },
    ),
    "bomb": (
        "Unpacked, this file is larger than 300 MB",
        {
            "310 MB of pictures and blanks": bomb,
            "310 MB that are said to be ten bytes": lying_bomb,
            "10,000 entries": with_parts({f"xl/media/{number}.png": b"" for number in range(10_000)}),
        },
    ),
    "memory": (
        "The file needs too much memory.",
        {
            "two cells in two corners": book(
                f'<sheetData><row r="1">{cell("A1", 1)}</row><row r="1048576">{cell("XFD1048576", 1)}</row></sheetData>'
            ),
            "a long text everywhere": book(
                "<sheetData>"
                + "".join(f'<row r="{n}">{cell(f"A{n}", 0, "s")}</row>' for n in range(1, 15_001))
                + "</sheetData>",
                shared=f"<si><t>{'长' * 30_000}</t></si>",
            ),
        },
    ),
    "columns": (
        "Row 1 of sheet ",
        {
            "300": book(row(cell("A1", 1) + cell("KN1", 1))),
            "16,384": book(row(cell("A1", 1) + cell("XFD1", 1))),
            "CSV": b"a," * 300 + b"b",
            "beyond the last column": book(row(cell("A1", 1) + cell("ZZZZ1", 1))),
        },
    ),
    "cell": (
        "The cell ",
        {
            "2 MB in a line": b"x" * 2_000_000,
            "text": book(row(cell("A1", "x" * 1_000_001, "str"))),
        },
    ),
    "quote": (
        "A quotation mark in row ",
        {
            "never closed": b'a,b\n"1,2\n3,4\n',
            "at the end": b'a,b\n1,"',
            "closed too late": b'a,b,c,d\n1,"2,3,4\n' + b"1,2,3,4\n" * 20_000 + b'"\n',
        },
    ),
    "nul": (
        "The text holds NUL characters.",
        {"NUL": b"a,b\0\n1,2\n", "UTF-16 without BOM": "a,b\n".encode("utf-16-le")},
    ),
    "encoding": (
        "The text is neither UTF-8 nor GB18030.",
        {
            "bytes of nobody": b"a,b\n\xff\xff\xff,1\n",
            "UTF-8 that was cut off": "项目名称,总投资".encode()[:-1],
            "UTF-8 with a wrong byte": "项目名称,总投资\n储能电站,13亿".encode().replace(b"\n", b"\xff\n"),
            "UTF-8 by its mark only": "\ufeff".encode() + "项目名称".encode("gb18030"),
            "half a character": "甲".encode("gb18030")[:1],
            "UTF-16 of odd length": b"\xff\xfe\x00",
            "Big5": "項目名稱,總投資額,開工時間,備註\n".encode("big5") * 5 + b"\xf9\xfe\xff",
        },
    ),
    "damaged": (
        "The file is damaged",
        {
            "no workbook": zipped({name: text for name, text in parts("").items() if name != "xl/workbook.xml"}),
            "no sheet": zipped({name: text for name, text in parts("").items() if "sheet1" not in name}),
            "a part twice": zipped([*parts(row(cell("A1", 1))).items(), ("xl/WORKBOOK.xml", "<workbook/>")]),
            "bzip2": zipped(parts(row(cell("A1", 1))), zipfile.ZIP_BZIP2),
            "shared text out of range": book(row(cell("A1", 7, "s")), shared="<si><t>a</t></si>"),
            "no shared texts": book(row(cell("A1", 0, "s"))),
            "a merged range of nonsense": book(row(cell("A1", 1)) + '<mergeCells><mergeCell ref="x"/></mergeCells>'),
            "a truth of five": book(row(cell("A1", 5, "b"))),
            "an entity of nobody": book(row(cell("A1", "a&who;b", "str"))),
            "a row of nonsense": book(row(cell("A4294967296", 1))),
            "not XML": changed("xl/worksheets/sheet1.xml", "</sheetData>", "</oops>"),
            "a duration of aeons": book(row(cell("A1", 1e300, style=3))),
            "an old workbook of zeros": compound({"Workbook": b"\0" * 100}),
            "OLE without anything": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        },
    ),
}


@pytest.mark.parametrize(
    ("beginning", "data"),
    [
        pytest.param(beginning, data, id=f"{code}: {name}")
        for code, (beginning, cases) in SENTENCES.items()
        for name, data in cases.items()
    ],
)
def test_a_file_that_is_no_ledger_gets_its_sentence(outcome, beginning, data):
    found = outcome(data() if callable(data) else data)  # the heavy ones are made only here

    assert isinstance(found, str)
    assert found.startswith(beginning)


def test_every_sentence_is_met_here_or_in_the_tests_of_files():
    elsewhere = {"too_large", "rows", "sheets", "slow"}

    assert set(SENTENCES) | elsewhere == set(files.SENTENCES)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            book('<dimension ref="A1:XFD1048576"/>' + row(cell("A1", 1) + cell("B1", 2))), [(1, [1, 2])], id="dimension"
        ),
        pytest.param(
            book(
                f'<sheetData><row r="1">{cell("A1", 1)}</row><row r="1048576">{cell("B1048576", 2)}</row></sheetData>'
            ),
            [(1, [1]), (1_048_576, [None, 2])],
            id="the last row of all",
        ),
        pytest.param(
            book(f'<sheetData><row r="5">{cell("A5", 5)}</row><row r="2">{cell("A2", 2)}</row></sheetData>'),
            [(2, [2]), (5, [5])],
            id="rows in disorder",
        ),
        pytest.param(
            book("<sheetData><row><c><v>1</v></c><c><v>2</v></c></row></sheetData>"), [(1, [1, 2])], id="no places"
        ),
        pytest.param(book(row(cell("A1", "1e999") + cell("B1", "NaN"))), [(1, ["#NUM!", "#NUM!"])], id="not finite"),
        pytest.param(book(row(cell("A1", "-1e300") + cell("B1", 9.16e17))), [(1, [-1e300, 9.16e17])], id="huge"),
        pytest.param(book(row(cell("A1", "abc"))), None, id="a number of letters"),
        pytest.param(book(row(cell("A1", -5, style=1))), [(1, ["00:00:00"])], id="a day before all days"),
        pytest.param(book(row(cell("A1", 36, style=3))), [(1, ["36 days, 0:00:00"])], id="duration"),
        pytest.param(book(row(cell("A1", "99999-01-01", "d"))), [(1, ["99999-01-01"])], id="a year of five digits"),
        pytest.param(with_parts({"../../etc/passwd": "x", "/tmp/evil.xml": "<a/>"}), [(1, [1])], id="path traversal"),  # noqa: S108
        pytest.param(
            with_parts({"xl/media/nested.zip": zipped({"a": b"\0" * 9_000_000})}), [(1, [1])], id="zip inside"
        ),
        pytest.param(
            changed("xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "../xl/worksheets/../worksheets/sheet1.xml"),
            None,
            id="relation that climbs",
        ),
        pytest.param(
            zipped(
                {**parts(row(cell("A1", 1))), "_rels/.rels": related(("officeDocument", "http://example.org/a.xml"))}
            ),
            None,
            id="relation to the web",
        ),
        pytest.param(changed("xl/workbook.xml", 'name="S1"', 'name="=cmd|x!A1"'), [(1, [1])], id="name like a formula"),
        pytest.param(changed("xl/workbook.xml", 'name="S1"', f'name="{"名" * 5000}"'), [(1, [1])], id="endless name"),
        pytest.param(changed("xl/workbook.xml", 'sheetId="1"', 'sheetId="-9999999999999"'), [(1, [1])], id="sheet -1"),
        pytest.param(changed("xl/styles.xml", 'count="4"', 'count="4000000000"'), [(1, [1])], id="count of formats"),
        pytest.param(book(row(cell("A1", 1, style=99))), [(1, [1])], id="a format of nobody"),
        pytest.param(
            lying(10), [(1, ["项目名称", "总投资"]), (2, ["300MW独立储能电站", 130000])], id="a size too small"
        ),
        pytest.param(lying(2**32 - 2), None, id="a size too large"),
        pytest.param(PLAIN + b"\0" * 100, None, id="something behind"),
        pytest.param(b"#!/bin/sh\n" + PLAIN, None, id="something before"),
        pytest.param("項目名稱,總投資\n".encode("big5"), None, id="Big5 that GB18030 can spell"),
        pytest.param(b'"', None, id="a quote alone"),
        pytest.param(b'""\n""', None, id="quotes alone"),
        pytest.param(b"a" * 30_000, [(1, ["a" * 30_000])], id="one long word"),
    ],
)
def test_a_strange_file_gives_its_rows_or_a_sentence(outcome, data, expected):
    found = outcome(data)

    assert found == expected if expected else found


def test_too_many_sheets_are_refused(outcome):
    relation = f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    same = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId1"/>' for n in range(2, 300))
    data = parts(row(cell("A1", 1)))
    assert relation in data["xl/_rels/workbook.xml.rels"]

    found = outcome(changed("xl/workbook.xml", "</sheets>", f"{same}</sheets>", data))

    assert found == "The file has more than 200 sheets. Divide it into several files."


def test_reading_that_takes_too_long_is_ended(outcome, monkeypatch):
    monkeypatch.setattr(files, "MAX_SECONDS", 0.001)

    assert outcome(PLAIN).startswith("Reading this file takes too long.")


@pytest.mark.parametrize("whole", [PLAIN, OLD], ids=["xlsx", "xls"])
@pytest.mark.parametrize("tenths", range(0, 10, 2))
def test_a_truncated_workbook_gets_a_sentence(outcome, whole, tenths):
    found = outcome(whole[: len(whole) * tenths // 10 + 5])

    if not (whole is OLD and tenths > 6):  # its end is only the directory of what came before
        assert isinstance(found, str)
    assert found


@pytest.mark.parametrize("whole", [PLAIN, OLD, "项目名称,总投资\n储能电站,13亿\n".encode()], ids=["xlsx", "xls", "csv"])
@pytest.mark.parametrize("seed", range(5))
def test_flipped_bits_give_rows_or_a_sentence(outcome, whole, seed):
    chance = random.Random(seed)  # noqa: S311
    data = bytearray(whole)
    for _flip in range(1 + seed % 4):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)

    assert outcome(bytes(data))
