"""The report as a Word document: A4, the type and margins of official papers, wide tables across the page."""

from io import BytesIO

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt, RGBColor

from liangzhou.exports.fields import clean

from . import docx_parts as parts
from .pictures import png
from .structure import Chart, Report, Section, Table, fitted, shown

SONG, HEI, FANG, TITLE = "宋体", "黑体", "仿宋", "方正小标宋简体"
LATIN = "Times New Roman"
PORTRAIT, MARGINS = (Cm(21), Cm(29.7)), {"top": 3.7, "bottom": 3.5, "left": 2.8, "right": 2.6}  # GB/T 9704
TEXT_WIDTH, WIDE_WIDTH = 15.6, 25.7  # cm between the margins, upright and across
WIDE_MARGINS = {"top": 2.5, "bottom": 2.2, "left": 2.0, "right": 2.0}
PICTURE_WIDTH = Cm(14)
TEXT_SIZE = 15  # points
RED = RGBColor(0xB3, 0x26, 0x1E)
SHORT_TABLE = 14  # rows: up to so many stand on one page


def write(report: Report, out) -> None:
    """Write the document into a file that is open for bytes."""
    document = Document()
    _styles(document)
    _page(document.sections[0], PORTRAIT, MARGINS)
    parts.frame(document.sections[0], report)
    document.core_properties.title = f"{report.title} {report.period} {report.edition}"
    document.core_properties.author = document.core_properties.comments = ""
    _head(document, report)
    for section in report.sections:
        _section(document, section)
    document.save(out)


def _styles(document) -> None:
    parts.set_type(document.styles["Normal"], LATIN, FANG, Pt(TEXT_SIZE))
    normal = document.styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(0), Pt(27)
    parts.set_type(document.styles["Title"], LATIN, TITLE, Pt(22), RED)
    parts.without_border(document.styles["Title"])
    for name, font, size in (("Heading 1", HEI, Pt(16)), ("Heading 2", FANG, Pt(15))):
        parts.set_type(document.styles[name], LATIN, font, size, RGBColor(0, 0, 0), bold=name == "Heading 2")
        spacing = document.styles[name].paragraph_format
        spacing.space_before, spacing.space_after, spacing.keep_with_next = Pt(14), Pt(4), True
    parts.set_type(document.styles["Caption"], LATIN, HEI, Pt(12), RGBColor(0, 0, 0))
    caption = document.styles["Caption"].paragraph_format
    caption.alignment, caption.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
    caption.space_before, caption.space_after, caption.line_spacing = Pt(10), Pt(4), 1.0


def _page(section, size: tuple, margins: dict[str, float]) -> None:
    section.page_width, section.page_height = size
    for side, width in margins.items():
        setattr(section, f"{side}_margin", Cm(width))
    section.header_distance, section.footer_distance = Cm(1.5), Cm(1.4)


def _head(document, report: Report) -> None:
    for warning in report.warnings:
        line = _paragraph(document, warning, indent=False, size=Pt(12))
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.runs[0].font.color.rgb, line.runs[0].bold = RED, True
    title = document.add_paragraph(clean(report.title), style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in (f"{report.period} {report.edition}", report.as_of):
        _paragraph(document, text, indent=False, size=Pt(12)).alignment = WD_ALIGN_PARAGRAPH.CENTER


def _section(document, section: Section) -> None:
    if section.is_wide:
        wide = document.add_section(WD_SECTION.NEW_PAGE)
        wide.orientation = WD_ORIENT.LANDSCAPE
        _page(wide, PORTRAIT[::-1], WIDE_MARGINS)
    document.add_paragraph(clean(section.heading), style="Heading 1")
    for block in section.blocks:
        if isinstance(block, Table):
            _table(document, block, WIDE_WIDTH if section.is_wide else TEXT_WIDTH)
        elif isinstance(block, Chart):
            _picture(document, block)
        else:
            _paragraph(document, block)


def _paragraph(document, text: str, *, indent: bool = True, size=None):
    paragraph = document.add_paragraph()
    run = paragraph.add_run(clean(text))
    if size:
        run.font.size = size
        paragraph.paragraph_format.line_spacing = 1.3
    if indent:
        parts.indent_two_characters(paragraph, TEXT_SIZE)
    return paragraph


def _picture(document, chart: Chart) -> None:
    drawn = png(chart)
    if drawn is None:  # the tables say the same
        return
    document.add_paragraph(clean(chart.title), style="Caption")
    line = document.add_paragraph()
    line.alignment, line.paragraph_format.line_spacing = WD_ALIGN_PARAGRAPH.CENTER, 1.0
    picture = line.add_run().add_picture(BytesIO(drawn), width=PICTURE_WIDTH)
    parts.describe(picture, clean(chart.title))


def _table(document, table: Table, width: float) -> None:
    document.add_paragraph(clean(table.caption), style="Caption")
    made = document.add_table(rows=0, cols=len(table.columns))
    made.style, made.alignment, made.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    size, wide = fitted(table, width)
    wide = [Cm(each) for each in wide]
    parts.narrow_margins(made)
    for column, each in zip(made.columns, wide, strict=True):
        column.width = each
    look = parts.CellLook(song=SONG, hei=HEI, latin=LATIN, half_points=round(size * 2))
    heads = [parts.Cell(clean(column.heading), "center", True) for column in table.columns]
    parts.add_row(made, heads, wide, look, repeats=True, keeps=True)
    for number, row in enumerate(table.rows):
        cells = [
            parts.Cell(clean(shown(value, column.kind)), parts.side(column.kind), number < table.totals)
            for value, column in zip(row, table.columns, strict=True)
        ]
        parts.add_row(made, cells, wide, look, keeps=len(table.rows) <= SHORT_TABLE)
    if table.note:
        note = _paragraph(document, table.note, indent=False, size=Pt(9.5))
        note.paragraph_format.space_before, note.paragraph_format.space_after = Pt(2), Pt(8)
