"""The Word document, read back."""

from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from liangzhou.months import Month
from monthly.books import FrozenBooks, LiveBooks
from monthly.report import as_docx, content, pictures
from tests.monthly.report.locked_month import locked, may_2025, project

pytestmark = pytest.mark.django_db
LONG = "凉州区" + "特色农产品精深加工及冷链物流一体化示范基地" * 8


def read(books):
    out = BytesIO()
    as_docx.write(content.build(books), out)
    return Document(out)


def fonts_of(style):
    return style.element.rPr.rFonts.get(qn("w:eastAsia"))


def test_the_document_reads_as_the_report():
    document = read(may_2025())

    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings[0] == "一、总体情况"
    assert headings[-1] == "附件 项目明细表"
    assert "累计完成省外到位资金88.57亿元\uff0c同比增长38.01%。" in "".join(one.text for one in document.paragraphs)
    first = document.tables[0]
    assert [cell.text for cell in first.rows[2].cells][:3] == ["其中省外", "885,700.00", "885,700.00"]
    last = document.tables[-1]
    assert last.rows[2].cells[1].text == "=年产8600吨系列乳制品精深加工项目"


def test_chinese_fonts_are_set_for_chinese_characters():
    styles = read(may_2025()).styles

    found = {name: fonts_of(styles[name]) for name in ("Normal", "Title", "Heading 1", "Caption")}
    assert found == {"Normal": "仿宋", "Title": "方正小标宋简体", "Heading 1": "黑体", "Caption": "黑体"}


def test_pages_are_a4_numbered_and_say_that_they_are_internal():
    document = read(may_2025())

    upright, across = document.sections
    assert (round(upright.page_width.cm, 1), round(upright.page_height.cm, 1)) == (21.0, 29.7)
    assert (round(across.page_width.cm, 1), round(across.page_height.cm, 1)) == (29.7, 21.0)
    foot = upright.footer.paragraphs[0]
    assert foot.text == "内部资料 · 凉州区招商引资月报 · 2025年1—5月 · 第1版 · 第1页 共1页"
    assert [one.text for one in foot._p.iter(qn("w:instrText"))] == [" PAGE ", " NUMPAGES "]


def test_heads_are_repeated_rows_are_not_torn_and_numbers_stand_right():
    table = read(may_2025()).tables[0]

    assert [len(list(row._tr.iter(qn("w:tblHeader")))) for row in table.rows] == [1, 0, 0, 0, 0, 0, 0]
    assert all(list(row._tr.iter(qn("w:cantSplit"))) for row in table.rows)
    sides = [next(cell._tc.iter(qn("w:jc"))).get(qn("w:val")) for cell in table.rows[1].cells]
    assert sides == ["left", *["right"] * 7]


@pytest.mark.skipif(not pictures.prints_chinese(), reason="this machine has no Chinese font")
def test_charts_are_pictures_with_words_for_those_who_do_not_see_them():
    document = read(may_2025())

    told = [one._inline.docPr.get("descr") for one in document.inline_shapes]
    assert told == [
        "2025年到位资金当月和累计\uff08亿元\uff09",
        "到位资金与上年同月比较\uff08亿元\uff09",
        "分产业链年度任务完成情况\uff08亿元\uff09",
        "分产业链累计到位资金\uff08亿元\uff09",
        "分资金来源累计到位资金\uff08亿元\uff09",
        "分属地累计到位资金\uff08亿元\uff09",
        "分责任单位累计到位资金\uff08亿元\uff09",
    ]


def test_a_machine_without_chinese_fonts_leaves_the_charts_out(monkeypatch):
    pictures.prints_chinese.cache_clear()
    monkeypatch.setattr(pictures, "FONTS", "No Such Font")

    document = read(may_2025())

    pictures.prints_chinese.cache_clear()
    assert (len(document.inline_shapes), document.tables[0].rows[1].cells[0].text) == (0, "到位资金合计")


def test_a_long_name_and_control_characters_are_printed():
    document = read(may_2025(name=LONG + "\x0b"))

    assert LONG in [row.cells[1].text for row in document.tables[-1].rows]


def test_nothing_and_very_much_are_documents_too():
    version = locked()
    assert len(read(FrozenBooks(version)).tables) >= 3
    for index in range(40):
        project(version, f"项目{index}")

    assert len(read(FrozenBooks(version)).tables[-1].rows) == 41


def test_a_draft_has_its_watermark_on_every_page():
    document = read(LiveBooks(Month(2025, 5)))

    head = document.sections[0].header.paragraphs[0]
    assert head.text.startswith("草稿\uff1a本月尚未锁定")
    assert 'string="草稿"' in head._p.xml
    assert document.sections[1].header.is_linked_to_previous
