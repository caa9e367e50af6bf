import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation

from ledgers.reading import files, reader
from ledgers.reading.files import SENTENCES, Unreadable
from tests.ledgers.books import book, cell, parts, plain_book, row, zipped
from tests.ledgers.old_books import old_book


@pytest.fixture
def sheets(tmp_path):
    """What is read from some bytes: `[(name, rows)]`."""

    def read(data, name="台账.xlsx"):
        path = tmp_path / "file"
        path.write_bytes(data)
        with files.read(path, name) as found:
            return [(sheet.name, list(sheet.rows)) for sheet in found]

    return read


@pytest.fixture
def rows(sheets):
    """The rows of the only sheet."""

    def read(data, name="台账.xlsx"):
        ((_name, found),) = sheets(data, name)
        return found

    return read


def saved(workbook):
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


# Workbooks


def test_read_gives_each_kind_of_cell(rows):
    workbook = openpyxl.Workbook()
    workbook.active.append(["文", 1, 1.5, 2.0, True, date(2025, 5, 21), datetime(2025, 5, 21, 14, 30), None, " ", "末"])  # noqa: DTZ001

    assert rows(saved(workbook)) == [
        (1, ["文", 1, 1.5, 2, True, {"date": "2025-05-21"}, {"date": "2025-05-21T14:30:00"}, None, None, "末"])
    ]


def test_read_counts_rows_as_spreadsheets_do_and_leaves_empty_ones_out(rows):
    third = cell("C3", 1) + cell("E3", " ", "str")
    sheet = f'<row r="3">{third}</row><row r="7">{cell("A7", 2)}</row>'

    assert rows(book(f"<sheetData>{sheet}</sheetData>")) == [(3, [None, None, 1]), (7, [2])]


def test_read_leaves_hidden_and_empty_sheets_out_and_keeps_the_order(sheets):
    one = row(cell("A1", 1))
    states = ("", 'state="hidden"', 'state="veryHidden"', "", "")

    assert sheets(book(one, one, one, "<sheetData/>", one, states=states)) == [("S1", [(1, [1])]), ("S5", [(1, [1])])]


def test_read_fills_merged_ranges_both_ways(rows):
    workbook = openpyxl.Workbook()
    for values in (["台账", None, None], ["企业", "项目", "额"], ["甲", "一", 1], [None, "二", 2], [None, None, None]):
        workbook.active.append(values)
    workbook.active["A6"] = "末"
    for merged in ("A1:C1", "A3:A5"):
        workbook.active.merge_cells(merged)

    assert rows(saved(workbook)) == [
        (1, ["台账", "台账", "台账"]),
        (2, ["企业", "项目", "额"]),
        (3, ["甲", "一", 1]),
        (4, ["甲", "二", 2]),  # and not row 5, which holds nothing of its own
        (6, ["末"]),
    ]


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        (["A1:B2"], [[1, 1], [1, 9]]),
        (["B2:A1"], [[1, 1], [1, 9]]),  # given backwards
        (["A1:XFD1048576"], [[1, 1], [1, 9]]),  # only what the table has is filled
        (["A1:B1", "A1:A2"], [[1, 1], [1, 9]]),  # overlapping
        (["A1:A1"], [[1], [None, 9]]),
        (["B1:B2"], [[1], [None, 9]]),  # its first cell is empty
        (["C5:D9"], [[1], [None, 9]]),
    ],
)
def test_read_fills_no_more_than_the_table(rows, ranges, expected):
    merged = "".join(f'<mergeCell ref="{place}"/>' for place in ranges)
    sheet = f'<sheetData><row r="1">{cell("A1", 1)}</row><row r="2">{cell("B2", 9)}</row></sheetData>'

    assert rows(book(f"{sheet}<mergeCells>{merged}</mergeCells>")) == list(enumerate(expected, 1))


def test_read_keeps_errors_of_excel_and_says_which_formulas_were_never_calculated(rows):
    cells = (
        cell("A1", "#REF!", "e") + cell("B1", "#N/A", "e") + cell("C1", "#SPILL!", "e")
        + '<c r="D1"><f>1+1</f><v></v></c><c r="E1" s="1"><f>1+1</f></c><c r="F1"><f>1+1</f><v>2</v></c>'
        + '<c r="G1" t="str"><f>""</f><v></v></c><c r="H1" t="str"><f>"a"</f><v>a</v></c>'
    )  # fmt: skip

    expected = ["#REF!", "#N/A", "#SPILL!", "#FORMULA!", "#FORMULA!", 2, None, "a"]
    assert rows(book(row(cells))) == [(1, expected)]


def test_read_keeps_errors_where_tags_have_a_prefix(rows):
    sheet = '<x:sheetData><x:row r="1"><x:c r="A1" t="e"><x:v>#REF!</x:v></x:c></x:row></x:sheetData>'
    files = parts(sheet)
    part = files["xl/worksheets/sheet1.xml"]
    files["xl/worksheets/sheet1.xml"] = part.replace("worksheet xmlns=", "x:worksheet xmlns:x=").replace(
        "</worksheet>", "</x:worksheet>"
    )

    assert rows(zipped(files)) == [(1, ["#REF!"])]


def test_read_joins_rich_text_and_leaves_its_pronunciation_out(rows):
    shared = (
        "<si><r><t>雅洁</t></r><r><t>食品</t></r></si>"
        '<si><t>东</t><rPh sb="0" eb="1"><t>dong</t></rPh><phoneticPr fontId="1"/></si>'
    )
    cells = (
        cell("A1", 0, "s") + cell("B1", 1, "s")
        + '<c r="C1" t="inlineStr"><is><t>在内</t><rPh sb="0" eb="1"><t>zainei</t></rPh></is></c>'
        + '<c r="D1" t="inlineStr"><is><r><t>一</t></r><r><t xml:space="preserve"> 二</t></r></is></c>'
    )  # fmt: skip

    assert rows(book(row(cells), shared=shared)) == [(1, ["雅洁食品", "东", "在内", "一 二"])]


def test_read_undoes_escapes_and_drops_control_characters(rows):
    cells = (
        cell("A1", "a_x000D__x000A_b", "str")
        + cell("B1", "_x0000_c_x0007_", "str")
        + cell("C1", "_x005F_x000D_", "str")
    )

    assert rows(book(row(cells))) == [(1, ["a\nb", "c", "_x000D_"])]


@pytest.mark.parametrize(
    ("serial", "expected"),
    [
        (45798, {"date": "2025-05-21"}),
        (45798.5, {"date": "2025-05-21T12:00:00"}),
        (45798.99999999, {"date": "2025-05-22"}),  # midnight, but for the noise
        (61, {"date": "1900-03-01"}),
        (1, {"date": "1900-01-01"}),
        (2958465, {"date": "9999-12-31"}),
        (2958466, 2958466),
        (0, "00:00:00"),
        (0.5, "12:00:00"),
    ],
)
def test_read_gives_dates_where_the_format_says_so(rows, serial, expected):
    assert rows(book(row(cell("A1", serial, style=1)))) == [(1, [expected])]


def test_read_knows_the_calendar_that_begins_in_1904(rows):
    found = rows(book(row(cell("A1", 44336, style=1)), workbook='<workbookPr date1904="1"/>'))

    assert found == [(1, [{"date": "2025-05-21"}])]


def test_read_knows_old_workbooks_by_their_content(sheets):
    data = old_book({(0, 0): "项目名称", (0, 1): "总投资", (2, 1): 1.5})

    assert sheets(data, "其实是旧的.xlsx") == [("S1", [(1, ["项目名称", "总投资"]), (3, [None, 1.5])])]


def test_read_sees_through_paths_with_backslashes(rows):
    assert rows(zipped({name.replace("/", "\\"): text for name, text in parts(row(cell("A1", 1))).items()})) == [
        (1, [1])
    ]


def test_rows_are_read_lazily_as_long_as_the_context_lasts(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(plain_book())

    with files.read(path, "台账.xlsx") as (sheet,):
        assert next(sheet.rows) == (1, ["项目名称", "总投资"])
        assert next(sheet.rows) == (2, ["300MW独立储能电站", 130000])
        assert list(sheet.rows) == []


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_read_knows_the_encodings_of_csv(sheets, encoding):
    text = "项目名称,总投资\r\n300MW独立储能电站,13亿\r\n"

    expected = [("台账", [(1, ["项目名称", "总投资"]), (2, ["300MW独立储能电站", "13亿"])])]
    assert sheets(text.encode(encoding), "台账.csv") == expected


def test_read_knows_utf_16_of_either_byte_order(rows):
    text = "\ufeff甲\t乙\r\n"

    assert rows(text.encode("utf-16-le")) == rows(text.encode("utf-16-be")) == [(1, ["甲", "乙"])]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_read_sees_the_delimiter(rows, delimiter):
    lines = ["招商引资项目台账", delimiter.join(["名称", "额"]), delimiter.join(["甲", '"1,300;5"']), ""]

    assert rows("\n".join(lines).encode()) == [(1, ["招商引资项目台账"]), (2, ["名称", "额"]), (3, ["甲", "1,300;5"])]


def test_read_follows_the_line_that_names_the_delimiter(rows):
    assert rows(b"sep=;\r\na;b,c,d\r\n") == [(2, ["a", "b,c,d"])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('甲,"一\n二"\n乙,三', [(1, ["甲", "一\n二"]), (2, ["乙", "三"])]),
        ('甲,"说""好"""\n', [(1, ["甲", '说"好"'])]),
        ('甲,12"管\n', [(1, ["甲", '12"管'])]),
        ("a,b\rc,d\ne,f\r\n\r\ng,h", [(1, ["a", "b"]), (2, ["c", "d"]), (3, ["e", "f"]), (5, ["g", "h"])]),
        ("a,b,,,\n,,\n  ,c\n", [(1, ["a", "b"]), (3, [None, "c"])]),
        ("\t620602,'=1\n", [(1, ["\t620602", "'=1"])]),  # our own guards: cells.py takes them off
        ("只有一行", [(1, ["只有一行"])]),
    ],
)
def test_read_takes_csv_as_it_comes(rows, text, expected):
    assert rows(text.encode()) == expected


# What cannot be read


def test_every_code_has_a_sentence():
    sources = [
        Path(files.HOME, "ledgers", "reading", f"{name}.py").read_text("utf-8")
        for name in ("reader", "containers", "markup", "delimited")
    ]
    codes = {code for code in SENTENCES if any(f'"{code}"' in source for source in sources)}

    assert set(SENTENCES) - codes == {"too_large", "slow"}  # those of the process that waits
    with translation.override("en"):
        assert all(str(sentence).endswith(".") for sentence in SENTENCES.values())


def test_the_reading_process_knows_nothing_of_django():
    imported = "import sys, ledgers.reading.reader; sys.exit('django' in sys.modules)"

    assert files.subprocess.run([files.sys.executable, "-c", imported], cwd=files.HOME).returncode == 0


def test_the_reading_process_is_told_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "geheim")

    assert "SECRET_KEY" not in files._environment()


def test_a_file_that_is_too_large_is_not_opened(tmp_path):
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(files.MAX_BYTES + 1)

    with translation.override("en"), pytest.raises(Unreadable) as refused, files.read(path, "台账.xlsx"):
        pass
    assert refused.value.sentence == (
        "The file has 31 MB, more than the 30 MB allowed. Take pictures out, or divide it."
    )


def test_too_many_rows_are_refused(sheets):
    text = "a\n" * (reader.MAX_ROWS + 1)

    with translation.override("en"), pytest.raises(Unreadable) as refused:
        sheets(text.encode())
    assert refused.value.sentence == "The file has more than 100000 rows. Divide it into several files."


def test_a_cell_too_long_is_named(sheets):
    with translation.override("en"), pytest.raises(Unreadable) as refused:
        sheets(f"a,b\n1,{'x' * 1_000_001}\n".encode(), "月报.csv")
    assert refused.value.sentence == (
        "The cell B2 of sheet “月报” holds 1000001 characters; 1000000 are allowed. "
        "Shorten it, or look for a quotation mark that is not closed."
    )


def test_a_row_too_wide_is_named(sheets):
    wide = "".join(cell(f"{letters}2", 1) for letters in ("A", "KN"))  # KN is the 300th

    with translation.override("en"), pytest.raises(Unreadable) as refused:
        sheets(book(f'<sheetData><row r="2">{wide}</row></sheetData>'))
    assert refused.value.sentence == (
        "Row 2 of sheet “S1” has 300 columns; 200 are allowed. Delete what stands to the right of the table."
    )
