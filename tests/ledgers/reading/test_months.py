import io
from datetime import date
from struct import pack

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers.reading import files
from ledgers.reading.months import MONTH, YEAR, Months, formats, shown_as, text_of
from tests.ledgers.books import MAIN, parts, row, zipped
from tests.ledgers.old_books import old_book, record

MAY, LATE_MAY, NEW_YEAR = 45778, 45798, 45658  # the 1st and the 21st of May 2025, the 1st of January


def styles(*numbers, own=""):
    formats = "".join(f'<xf numFmtId="{number}"/>' for number in numbers)
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts><cellXfs>{formats}</cellXfs></styleSheet>'.encode()


@pytest.fixture
def rows(tmp_path):
    """The rows of the only sheet."""

    def read(data):
        path = tmp_path / "file"
        path.write_bytes(data)
        with files.read(path, "台账") as (sheet,):
            return list(sheet.rows)

    return read


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ('yyyy"年"m"月"', MONTH),
        ('[$-804]yyyy"年"m"月";@', MONTH),
        ('[DBNum1][$-804]yyyy"年"m"月"', MONTH),
        ("yyyy\\年m\\月", MONTH),
        ("yyyy/m", MONTH),
        ("mmm-yy", MONTH),
        ('e"年"m"月"', MONTH),
        ("yyyy", YEAR),
        ('yyyy"年"', YEAR),
        ('yyyy"年"m"月"d"日"', ""),
        ("yyyy-mm-dd", ""),
        ("yyyy/m/d h:mm", ""),
        ("m/d", ""),
        ("h:mm", ""),
        ("General", ""),
        ("0.00E+00", ""),
        ("@", ""),
        ("", ""),
    ],
)
def test_shown_as_tells_how_much_of_a_day_is_shown(code, how):
    assert shown_as(code) == how


@pytest.mark.parametrize(
    ("serial", "how", "text"),
    [
        (MAY, MONTH, "2025年5月"),
        (NEW_YEAR, YEAR, "2025年"),
        (LATE_MAY, MONTH, ""),  # somebody knew the day
        (MAY, YEAR, ""),
        (MAY + 0.5, MONTH, ""),
        (1, MONTH, ""),
        (10**9, MONTH, ""),
        (float("nan"), MONTH, ""),
        (float("inf"), MONTH, ""),
    ],
)
def test_text_of_names_the_month_of_its_first_day_only(serial, how, text):
    assert text_of(serial, how) == text


def test_text_of_knows_the_calendar_that_begins_in_1904():
    assert text_of(MAY - 1462, MONTH, from_1904=True) == "2025年5月"


def test_formats_are_those_of_the_file_before_those_of_excel():
    own = '<numFmt numFmtId="57" formatCode="yyyy-mm-dd"/><numFmt numFmtId="176" formatCode="yyyy"/>'

    assert formats(styles(0, 14, 27, 57, 58)) == {2: MONTH, 3: MONTH}
    assert formats(styles(0, 57, 176, own=own)) == {2: YEAR}


@pytest.mark.parametrize(
    "data", [b"", b"<a", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"\xff\xfe<", b"\0"]
)
def test_styles_that_cannot_be_read_show_nothing(data):
    assert formats(data) == {}


def test_read_gives_months_where_the_workbook_shows_months(rows):
    workbook = openpyxl.Workbook()
    for index, (code, day) in enumerate(
        [
            ('yyyy"年"m"月"', date(2025, 5, 1)),
            ('yyyy"年"m"月"', date(2025, 5, 21)),
            ("yyyy", date(2025, 1, 1)),
            ("yyyy-mm-dd", date(2025, 5, 1)),
        ],
        1,
    ):
        workbook.active.cell(1, index, day).number_format = code
    buffer = io.BytesIO()
    workbook.save(buffer)

    assert rows(buffer.getvalue()) == [(1, ["2025年5月", {"date": "2025-05-21"}, "2025年", {"date": "2025-05-01"}])]


@pytest.mark.parametrize(
    "cell",
    [
        f'<c r="A1" s="1"><v>{MAY}</v></c>',
        f'<c r="A1" s="1" t="n"><v>{MAY}.0</v></c>',
        f'<c s="1" r="A1"><f>DATE(2025,5,1)</f><v>{MAY}</v></c>',
        f'<c t="n" r="A1" s="1" ><f t="shared" si="0"/><v>{MAY}</v></c>',
    ],
)
def test_read_gives_months_however_the_cell_is_written(rows, cell):
    files = parts(row(cell)) | {"xl/styles.xml": styles(0, 57)}

    assert rows(zipped(files)) == [(1, ["2025年5月"])]


def test_read_gives_months_of_old_workbooks(rows):
    style = record(0xE0, pack("<HH", 0, 57) + b"\0" * 16)

    assert rows(old_book({(0, 0): float(MAY), (0, 1): float(LATE_MAY)}, style)) == [
        (1, ["2025年5月", {"date": "2025-05-21"}])
    ]


def test_read_gives_months_of_old_workbooks_with_formats_of_their_own(rows):
    code = 'yyyy"年"m"月"'
    own = record(0x041E, pack("<HHB", 176, len(code), 1) + code.encode("utf-16-le"))
    style = record(0xE0, pack("<HH", 0, 176) + b"\0" * 16)

    assert rows(old_book({(0, 0): float(NEW_YEAR)}, own + style)) == [(1, ["2025年1月"])]


@given(st.binary(max_size=200))
def test_other_markup_stays_as_it_is(markup):
    assert Months(styles(0, 57), b"").mend(markup) == markup
    assert Months(b"", b"").mend(b'<c r="A1" s="1"><v>45778</v></c>') == b'<c r="A1" s="1"><v>45778</v></c>'
