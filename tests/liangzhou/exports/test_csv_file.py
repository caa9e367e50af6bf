import csv
import io
import tracemalloc
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from liangzhou.exports import Field, Kind, stream_csv

STAGES = {"signed": "签约", "started": "开工"}
NOTE = "This export broke off after %d rows and is not complete. Please try again later."


def read_back(fields, rows):
    text = b"".join(stream_csv(fields, rows)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def written(value, kind=Kind.TEXT):
    """What one value becomes; a second column keeps the row from being empty."""
    _header, row = read_back([Field("值", kind), Field("序号", Kind.NUMBER)], [(value, 1)])
    return row[0]


def breaks_after(*rows):
    yield from rows
    raise ConnectionError("the server went away")


def test_csv_is_utf8_with_bom_and_crlf():
    fields = [Field("名称"), Field("总投资(万元)", Kind.NUMBER)]

    data = b"".join(stream_csv(fields, [("储能电站,一期", Decimal("130000.0000"))]))

    assert data == '\ufeff名称,总投资(万元)\r\n"储能电站,一期",130000\r\n'.encode()


def test_csv_writes_each_kind_plainly():
    fields = [
        Field("编码", Kind.CODE), Field("名称"), Field("阶段", labels=STAGES), Field("总投资(万元)", Kind.NUMBER),
        Field("开工", Kind.DATE), Field("更新", Kind.MOMENT), Field("网址", Kind.URL),
    ]  # fmt: skip
    moment = datetime(2025, 5, 31, 16, 30, 5, 999, tzinfo=UTC)

    rows = read_back(
        fields,
        [
            (
                "LZ000001",
                "储能电站\n“一期”",
                "started",
                Decimal("0.5000"),
                date(2025, 5, 21),
                moment,
                "https://a.cn/?a=1",
            ),
            (None, "", None, None, None, None, None),
            ("2501-620602-04-01-123456", "雅洁食品", "unheard", -3, date(1890, 1, 1), None, ""),
        ],
    )

    assert rows == [
        ["编码", "名称", "阶段", "总投资(万元)", "开工", "更新", "网址"],
        ["LZ000001", "储能电站\n“一期”", "开工", "0.5", "2025-05-21", "2025-06-01 00:30:05", "https://a.cn/?a=1"],
        ["", "", "", "", "", "", ""],
        ["2501-620602-04-01-123456", "雅洁食品", "unheard", "-3", "1890-01-01", "", ""],
    ]


def test_csv_of_no_rows_is_its_header():
    assert read_back([Field("编码", Kind.CODE), Field("名称")], []) == [["编码", "名称"]]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A1",
        "  =1+1", "　=1", "\xa0@A1", "\t", "-", '=HYPERLINK("http://a.cn","x")',
    ],
)  # fmt: skip
def test_csv_makes_formulas_harmless(text):
    assert [written(text, kind) for kind in (Kind.TEXT, Kind.CODE, Kind.URL)] == [f"'{text}"] * 3


def test_csv_makes_a_formula_behind_a_removed_character_harmless():
    assert written("\x00\x1b=1+1") == "'=1+1"


@pytest.mark.parametrize("text", ["a=1", "'=1+1", "300MW-1200MWh", "1=1", " 储能", "a\t=b", "—"])
def test_csv_leaves_other_text_as_it_is(text):
    assert written(text) == text


def test_csv_makes_headers_and_labels_harmless():
    rows = read_back([Field("=名称"), Field("阶段", labels={"x": "@开工"})], [("储能", "x"), ("乳品", "=1")])

    assert rows == [["'=名称", "阶段"], ["储能", "'@开工"], ["乳品", "'=1"]]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("123456789012", "\t123456789012"),
        ("916206021234567890", "\t916206021234567890"),
        ("007", "\t007"),
        ("91620602E7", "\t91620602E7"),
        ("12345678901", "12345678901"),
        ("620602", "620602"),
        ("0", "0"),
        ("91620602MA0EXAMPLE", "91620602MA0EXAMPLE"),
        ("2501-620602-04-01-123456", "2501-620602-04-01-123456"),
    ],
)
def test_csv_keeps_codes_from_being_read_as_numbers(code, text):
    assert written(code, Kind.CODE) == text


def kept(text):
    """The text without the characters that no cell can hold."""
    return "".join(
        c for c in text if (unicodedata.category(c) not in ("Cc", "Cs") or c in "\t\r\n") and c not in "\ufffe\uffff"
    )


def guarded(text):
    starts_a_formula = text.lstrip()[:1] in set("=+-@＝＋－＠") or text[:1] in set("\t\r\n")
    return f"'{text}" if starts_a_formula else text


@given(st.lists(st.tuples(st.text(), st.text(alphabet="=+-@＝,;\"'\r\n\t\x00 储"))))
def test_csv_gives_back_any_text(rows):
    read = read_back([Field("甲"), Field("乙")], rows)

    assert read[1:] == [[guarded(kept(a)), guarded(kept(b))] for a, b in rows]


def test_csv_that_breaks_off_says_so_in_its_last_row(caplog):
    rows = read_back([Field("名称"), Field("阶段")], breaks_after(("储能", "开工"), ("乳品", "投产")))

    assert rows == [["名称", "阶段"], ["储能", "开工"], ["乳品", "投产"], [NOTE % 2]]
    assert [record.getMessage() for record in caplog.records] == ["CSV export broke off after 2 rows"]


def test_csv_that_cannot_be_begun_says_so():
    assert read_back([Field("名称")], breaks_after()) == [["名称"], [NOTE % 0]]


def test_csv_says_so_where_a_value_cannot_be_written():
    rows = read_back([Field("名称"), Field("开工", Kind.DATE)], [("储能", None), ("乳品", "yesterday"), ("雅洁", None)])

    assert rows == [["名称", "开工"], ["储能", ""], [NOTE % 1]]


def test_csv_is_in_the_language_in_which_it_was_asked_for():
    with translation.override("zh-hans"):
        stream = stream_csv([Field(gettext_lazy("Yes"), labels={1: gettext_lazy("No")})], [(1,)])
    with translation.override("en"):
        data = b"".join(stream)

    assert data.decode("utf-8-sig") == "是\r\n否\r\n"


@pytest.mark.parametrize("language", ["zh-hans", "en", "de"])
def test_csv_writes_dates_and_numbers_alike_in_every_language(language):
    fields = [Field("a", Kind.DATE), Field("b", Kind.MOMENT), Field("c", Kind.NUMBER)]
    with translation.override(language):
        rows = read_back(fields, [(date(2025, 5, 1), datetime(2025, 5, 1, tzinfo=UTC), Decimal("1234.5"))])

    assert rows[1] == ["2025-05-01", "2025-05-01 08:00:00", "1234.5"]


def test_csv_sends_what_it_has_while_rows_still_come():
    asked = []
    source = ((asked.append(n) or "储能" * 100,) for n in range(5000))

    stream = stream_csv([Field("名称")], source)
    first = next(stream)

    assert 64 * 1024 <= len(first) < 1024 * 1024
    assert len(asked) < 1000
    assert [len(chunk) >= 64 * 1024 for chunk in list(stream)[:-1]].count(False) == 0
    assert len(asked) == 5000


def test_csv_closes_its_rows_when_the_reader_leaves():
    closed = []

    def rows():
        try:
            while True:
                yield ("储能" * 1000,)
        finally:
            closed.append(True)

    source = rows()  # still held here, so that nothing but the stream can close it
    stream = stream_csv([Field("名称")], source)
    next(stream)
    stream.close()

    assert closed == [True]


def test_csv_of_many_rows_takes_little_memory():
    rows = ((n, f"{n}储能电站" * 200) for n in range(4000))
    stream = stream_csv([Field("序号", Kind.NUMBER), Field("摘要")], rows)
    tracemalloc.start()
    try:
        size = sum(len(chunk) for chunk in stream)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert size > 10_000_000
    assert peak < 2_000_000
