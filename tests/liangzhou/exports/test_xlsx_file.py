import io
import re
import tracemalloc
import unicodedata
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from liangzhou.exports import Field, Kind, stream_xlsx, xlsx_file

NOTE = "This export broke off after %d rows and is not complete. Please try again later."
CUT = "… (cut: a cell holds no more)"


def data_of(fields, rows, sheet="项目", **options):
    return b"".join(stream_xlsx(fields, rows, sheet=sheet, **options))


def sheets_of(data):
    """{name: rows} as calamine reads them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def worksheet(data):
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def written(value, kind=Kind.TEXT):
    """What one value becomes; a second column keeps the row from being empty."""
    _header, row = sheets_of(data_of([Field("值", kind), Field("序号", Kind.NUMBER)], [(value, 1)]))["项目"]
    return row[0]


def breaks_after(*rows):
    yield from rows
    raise ConnectionError("the server went away")


EVERY_KIND = [
    Field("编码", Kind.CODE), Field("名称"), Field("阶段", labels={"started": "开工"}),
    Field("总投资(万元)", Kind.NUMBER), Field("开工", Kind.DATE), Field("更新", Kind.MOMENT), Field("网址", Kind.URL),
]  # fmt: skip
EVERY_VALUE = (
    "916206021234567890", "储能电站\n“一期” <&>", "started", Decimal("130000.5000"), date(2025, 5, 21),
    datetime(2025, 5, 31, 16, 30, 5, 999, tzinfo=UTC), "https://a.cn/?a=1&b=2",
)  # fmt: skip


def test_xlsx_reads_back_typed_in_openpyxl():
    header, full, empty = worksheet(data_of(EVERY_KIND, [EVERY_VALUE, ("LZ000001", "", *[None] * 5)])).rows

    assert [cell.value for cell in header] == ["编码", "名称", "阶段", "总投资(万元)", "开工", "更新", "网址"]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in full] == [
        ("916206021234567890", "s", "@"),
        ("储能电站\n“一期” <&>", "s", "General"),
        ("开工", "s", "General"),
        (130000.5, "n", "General"),
        (datetime(2025, 5, 21), "d", "yyyy\\-mm\\-dd"),  # noqa: DTZ001 - a spreadsheet knows no zones
        (datetime(2025, 6, 1, 0, 30, 5), "d", "yyyy\\-mm\\-dd\\ hh:mm:ss"),  # noqa: DTZ001 - the same
        ("https://a.cn/?a=1&b=2", "s", "General"),
    ]
    assert [cell.value for cell in empty] == ["LZ000001", *[None] * 6]


def test_xlsx_reads_back_typed_in_calamine():
    assert sheets_of(data_of(EVERY_KIND, [EVERY_VALUE])) == {
        "项目": [
            ["编码", "名称", "阶段", "总投资(万元)", "开工", "更新", "网址"],
            [
                "916206021234567890", "储能电站\n“一期” <&>", "开工", 130000.5, date(2025, 5, 21),
                datetime(2025, 6, 1, 0, 30, 5), "https://a.cn/?a=1&b=2",  # noqa: DTZ001 - a spreadsheet knows no zones
            ],
        ]
    }  # fmt: skip


def test_xlsx_has_a_bold_frozen_header_a_filter_and_room_for_its_words():
    fields = [Field("编码", Kind.CODE), Field("更新", Kind.MOMENT), Field("最近里程碑的实际日期或计划日期", Kind.DATE)]

    sheet = worksheet(data_of(fields, [("LZ000001", None, None)]))

    assert [cell.font.bold for cell in sheet[1]] == [True, True, True]
    assert [cell.font.bold for cell in sheet[2]] == [False, False, False]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C2"
    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == [24, 20, 34]


def test_xlsx_of_no_rows_is_its_header():
    data = data_of([Field("编码", Kind.CODE), Field("名称")], [])

    assert sheets_of(data) == {"项目": [["编码", "名称"]]}
    assert worksheet(data).auto_filter.ref == "A1:B1"


def test_xlsx_names_columns_beyond_z():
    fields = [Field(f"列{n}", Kind.NUMBER) for n in range(1, 705)]

    sheet = worksheet(data_of(fields, [tuple(range(1, 705))]))

    numbers = {"A": 1, "Z": 26, "AA": 27, "ZZ": 702, "AAA": 703, "AAB": 704}
    assert {letters: sheet[f"{letters}2"].value for letters in numbers} == numbers
    assert {letters: sheet[f"{letters}1"].value for letters in numbers} == {at: f"列{n}" for at, n in numbers.items()}


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@A1", "＝1+1", "007", "1E5", "2025-05-21", "TRUE", "#REF!", " 储能 ", "\t"]
)
@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.CODE, Kind.URL])
def test_xlsx_keeps_text_as_text(text, kind):
    cell = worksheet(data_of([Field("值", kind)], [(text,)]))["A2"]

    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (Decimal("130000.0000"), 130000),
        (Decimal("0.0001"), 0.0001),
        (Decimal("1E+3"), 1000),
        (Decimal("-12.5"), -12.5),
        (Decimal(0), 0),
        (38.01, 38.01),
        (None, None),
        (Decimal("NaN"), None),
    ],
)
def test_xlsx_writes_real_numbers(value, number):
    assert worksheet(data_of([Field("值", Kind.NUMBER)], [(value,)]))["A2"].value == number


@pytest.mark.parametrize(
    ("day", "read"),
    [
        (date(2024, 2, 29), date(2024, 2, 29)),
        (date(1900, 3, 1), date(1900, 3, 1)),
        (date(1900, 2, 28), "1900-02-28"),  # where spreadsheets count differently, words
        (date(1890, 1, 1), "1890-01-01"),
        (date(9999, 12, 31), date(9999, 12, 31)),
    ],
)
def test_xlsx_writes_real_dates(day, read):
    assert written(day, Kind.DATE) == read


def test_xlsx_writes_a_moment_of_old_as_words():
    assert written(datetime(1899, 12, 31, 16, tzinfo=UTC), Kind.MOMENT) == "1900-01-01 00:05:43"


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_xlsx_keeps_every_second(moment):
    shown = moment.astimezone(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None, microsecond=0)

    data = data_of([Field("更新", Kind.MOMENT)], [(moment,)])

    assert worksheet(data)["A2"].value == shown
    assert sheets_of(data)["项目"][1] == [shown]


def kept(text):
    """The text as a cell holds it: no control characters, one kind of line end."""
    allowed = [
        c for c in text if (unicodedata.category(c) not in ("Cc", "Cs") or c in "\t\r\n") and c not in "\ufffe\uffff"
    ]
    return re.sub("\r\n?", "\n", "".join(allowed))


@given(st.lists(st.tuples(st.text(), st.text(alphabet="<>&\"]_x005F\r\n\t\x00\ud800储🐮 ='"))))
def test_xlsx_gives_back_any_text(rows):
    fields = [Field("序号", Kind.NUMBER), Field("甲"), Field("乙", Kind.CODE)]

    read = sheets_of(data_of(fields, [(n, *row) for n, row in enumerate(rows)]))["项目"]

    assert read[1:] == [[n, kept(a), kept(b)] for n, (a, b) in enumerate(rows)]


def test_xlsx_writes_what_looks_like_an_escape_so_that_excel_reads_it_as_typed():
    data = data_of([Field("名称")], [("_x0041_",), ("_x00_",)])

    assert sheets_of(data)["项目"] == [["名称"], ["_x0041_"], ["_x00_"]]
    assert [row[0].value for row in worksheet(data).rows] == ["名称", "_x005F_x0041_", "_x00_"]  # openpyxl: undecoded


def test_xlsx_cuts_what_no_cell_can_hold():
    rows = [("储" * 32_767,), ("储" * 32_768,), ("🐮" * 16_383,), ("🐮" * 16_384,)]

    read = sheets_of(data_of([Field("摘要")], rows))["项目"]

    assert [row[0] for row in read[1:]] == [
        "储" * 32_767,
        "储" * (32_767 - len(CUT)) + CUT,
        "🐮" * 16_383,
        "🐮" * ((32_767 - len(CUT)) // 2) + CUT,
    ]


def test_xlsx_goes_on_on_further_sheets():
    fields = [Field("编码", Kind.CODE), Field("投资", Kind.NUMBER)]
    rows = [(f"LZ{n}", n) for n in range(1, 6)]

    data = data_of(fields, rows, sheet="项目", rows_per_sheet=3)

    header = ["编码", "投资"]
    assert sheets_of(data) == {
        "项目": [header, ["LZ1", 1], ["LZ2", 2]],
        "项目 (2)": [header, ["LZ3", 3], ["LZ4", 4]],
        "项目 (3)": [header, ["LZ5", 5]],
    }
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert [(sheet.freeze_panes, sheet.auto_filter.ref) for sheet in book] == [
        ("A2", "A1:B3"), ("A2", "A1:B3"), ("A2", "A1:B2"),
    ]  # fmt: skip


def test_xlsx_fills_a_sheet_before_it_begins_another():
    data = data_of([Field("投资", Kind.NUMBER)], [(1,), (2,)], rows_per_sheet=3)

    assert sheets_of(data) == {"项目": [["投资"], [1], [2]]}


def test_xlsx_begins_a_sheet_before_one_grows_too_large_for_a_plain_zip_file(monkeypatch):
    monkeypatch.setattr(xlsx_file, "BYTES_PER_SHEET", 100_000)

    read = sheets_of(data_of([Field("摘要")], [("储" * 30_000,)] * 5))

    assert {name: len(rows) for name, rows in read.items()} == {"项目": 4, "项目 (2)": 3}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("项目", ["项目", "项目 (2)"]),
        ("a[b]:c*?/\\d", ["a b c d", "a b c d (2)"]),
        ("'项目'", ["项目", "项目 (2)"]),
        ("储" * 40, ["储" * 31, "储" * 27 + " (2)"]),
        ("🐮" * 20, ["🐮" * 15, "🐮" * 13 + " (2)"]),
        ('<"&>', ['<"&>', '<"&> (2)']),
        ("/\x00", ["Sheet", "Sheet (2)"]),
    ],
)
def test_xlsx_gives_sheets_legal_names(asked, names):
    data = data_of([Field("投资", Kind.NUMBER)], [(1,), (2,)], sheet=asked, rows_per_sheet=2)

    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == names
    assert list(sheets_of(data)) == names


def test_xlsx_is_a_sound_zip_file_that_shows_its_type_first():
    with zipfile.ZipFile(io.BytesIO(data_of(EVERY_KIND, [EVERY_VALUE]))) as file:
        assert file.testzip() is None
        assert file.namelist() == [
            "[Content_Types].xml", "_rels/.rels", "xl/styles.xml", "xl/worksheets/sheet1.xml",
            "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
        ]  # fmt: skip


def test_xlsx_that_breaks_off_says_so_in_its_last_row_and_opens(caplog):
    data = data_of([Field("名称"), Field("投资", Kind.NUMBER)], breaks_after(("储能", 1), ("乳品", 2)))

    assert sheets_of(data) == {"项目": [["名称", "投资"], ["储能", 1], ["乳品", 2], [NOTE % 2, ""]]}
    assert worksheet(data).auto_filter.ref == "A1:B3"
    assert [record.getMessage() for record in caplog.records] == ["XLSX export broke off after 2 rows"]


def test_xlsx_that_breaks_off_at_the_end_of_a_sheet_says_so_on_the_next():
    data = data_of([Field("名称")], breaks_after(("储能",), ("乳品",)), rows_per_sheet=3)

    assert sheets_of(data) == {"项目": [["名称"], ["储能"], ["乳品"]], "项目 (2)": [["名称"], [NOTE % 2]]}


def test_xlsx_says_so_where_a_value_cannot_be_written():
    data = data_of([Field("名称"), Field("开工", Kind.DATE)], [("储能", None), ("乳品", "yesterday")])

    assert sheets_of(data)["项目"][1] == ["储能", ""]
    assert sheets_of(data)["项目"][-1] == [NOTE % 1, ""]


def test_xlsx_is_in_the_language_in_which_it_was_asked_for():
    with translation.override("zh-hans"):
        stream = stream_xlsx([Field(gettext_lazy("Yes"), labels={1: gettext_lazy("No")})], [(1,)], sheet="x")
    with translation.override("en"):
        data = b"".join(stream)

    assert sheets_of(data) == {"x": [["是"], ["否"]]}


def hard_to_compress(number):
    """About 3,000 digits that repeat nothing."""
    return f"{7919 ** (900 + number % 100):x}"


def test_xlsx_sends_what_it_has_while_rows_still_come():
    asked = []
    source = ((asked.append(n) or hard_to_compress(n),) for n in range(1000))

    stream = stream_xlsx([Field("名称")], source, sheet="x")
    first = next(stream)

    assert 64 * 1024 <= len(first) < 256 * 1024
    assert len(asked) < 200
    assert [len(chunk) >= 64 * 1024 for chunk in list(stream)[:-1]].count(False) == 0
    assert len(asked) == 1000


def test_xlsx_closes_its_rows_when_the_reader_leaves():
    closed = []

    def rows():
        try:
            for number in range(1000):
                yield (hard_to_compress(number),)
        finally:
            closed.append(True)

    source = rows()  # still held here, so that nothing but the stream can close it
    stream = stream_xlsx([Field("名称")], source, sheet="x")
    next(stream)
    stream.close()

    assert closed == [True]


def test_xlsx_of_many_rows_takes_little_memory():
    stream = stream_xlsx([Field("摘要")], ((hard_to_compress(n),) for n in range(4000)), sheet="x")
    tracemalloc.start()
    try:
        size = sum(len(chunk) for chunk in stream)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert size > 5_000_000
    assert peak < 2_000_000
