"""What Word documents need beyond python-docx: East Asian type, page numbers, repeated heads, a watermark."""

from dataclasses import dataclass

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from .structure import Kind, Report

GREY = "7F7F7F"
HEAD_FILL = "E7EFEA"
WATERMARK = (
    '<w:pict {namespaces} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
    'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
    '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
    'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="watermark" type="#_x0000_t136" style="position:absolute;width:320pt;height:160pt;rotation:315;'
    "z-index:-251654144;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    'mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="#d9d9d9" stroked="f">'
    '<v:fill opacity=".5"/><v:textpath style="font-family:&quot;SimHei&quot;;font-size:1pt" string="{text}"/>'
    "</v:shape></w:pict>"
)


def set_type(style, latin: str, chinese: str, size, colour=None, *, bold: bool = False) -> None:
    """Set a style's fonts, that of Chinese characters too: without it Word takes another font for them."""
    style.font.name, style.font.size, style.font.bold, style.font.italic = latin, size, bold, False
    if colour is not None:
        style.font.color.rgb = colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    for name, font in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{name}"), font)


def without_border(style) -> None:
    """Take away the line under a style's paragraphs."""
    for border in style.element.findall(".//" + qn("w:pBdr")):
        border.getparent().remove(border)


def indent_two_characters(paragraph, points: float) -> None:
    """Begin a paragraph two characters in; LibreOffice does not count characters and reads the length."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLine"), str(round(points * 2 * 20)))
    indent.set(qn("w:firstLineChars"), "200")


def describe(picture, text: str) -> None:
    """What a screen reader says of a picture."""
    picture._inline.docPr.set("descr", text)


# The frame of every page


def frame(section, report: Report) -> None:
    """Head and foot: what may not be overlooked above, the mark and the number of the page below."""
    if report.warnings:
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _small(head, " ".join(report.warnings))
    if report.watermark:
        text = report.watermark
        run = section.header.paragraphs[0].add_run()
        run._r.append(parse_xml(WATERMARK.format(namespaces=nsdecls("w"), text=text)))
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _small(foot, f"{report.footer} · 第")
    _field(foot, "PAGE")
    _small(foot, "页 共")
    _field(foot, "NUMPAGES")
    _small(foot, "页")


def _small(paragraph, text: str):
    run = paragraph.add_run(text)
    run.font.size = Pt(9)
    paragraph.paragraph_format.line_spacing = 1.0
    return run


def _field(paragraph, name: str) -> None:
    for kind in ("begin", "instruction", "separate", "text", "end"):
        run = _small(paragraph, "1" if kind == "text" else "")
        if kind == "instruction":
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {name} "
            run._r.append(instruction)
        elif kind != "text":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


# Tables: written as XML, for python-docx takes a second for every thousand cells


@dataclass(frozen=True)
class Cell:
    """A text, to which side it is set, and whether it is bold."""

    text: str
    align: str = "left"
    bold: bool = False


@dataclass(frozen=True)
class CellLook:
    """The type of a table's cells."""

    song: str
    hei: str
    latin: str
    half_points: int


def narrow_margins(table) -> None:
    """Leave one millimetre beside the text of a cell: the usual two take too much of many columns."""
    margins = OxmlElement("w:tblCellMar")
    for name in ("left", "right"):
        _child(margins, f"w:{name}", w="57", type="dxa")
    table._tbl.tblPr.append(margins)


def side(kind: Kind) -> str:
    """Numbers stand right, short words in the middle."""
    if kind.is_number:
        return "right"
    return "center" if kind in (Kind.WORD, Kind.MONTH) else "left"


def add_row(table, cells: list[Cell], widths: list, look: CellLook, *, repeats=False, keeps=False) -> None:
    """Add a row that no page break tears.

    One that `repeats` is printed again on each page; one that `keeps` stands on one page with what follows.
    """
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    properties.append(OxmlElement("w:cantSplit"))
    if repeats:
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    for cell, width in zip(cells, widths, strict=True):
        row.append(_cell(cell, width, look, keeps=keeps, fill=HEAD_FILL if repeats else ""))
    table._tbl.append(row)


def _cell(cell: Cell, width, look: CellLook, *, keeps: bool, fill: str):
    made = OxmlElement("w:tc")
    properties = OxmlElement("w:tcPr")
    _child(properties, "w:tcW", w=str(width.twips), type="dxa")
    if fill:
        _child(properties, "w:shd", val="clear", color="auto", fill=fill)
    _child(properties, "w:vAlign", val="center")
    made.append(properties)
    paragraph = OxmlElement("w:p")
    how = OxmlElement("w:pPr")
    if keeps:
        how.append(OxmlElement("w:keepNext"))
    _child(how, "w:spacing", before="20", after="20", line="240", lineRule="auto")
    _child(how, "w:jc", val=cell.align)
    paragraph.append(how)
    paragraph.append(_run(cell, look))
    made.append(paragraph)
    return made


def _run(cell: Cell, look: CellLook):
    run = OxmlElement("w:r")
    how = OxmlElement("w:rPr")
    chinese = look.hei if cell.bold else look.song
    _child(how, "w:rFonts", ascii=look.latin, hAnsi=look.latin, eastAsia=chinese, cs=look.latin)
    if cell.bold:
        how.append(OxmlElement("w:b"))
    _child(how, "w:sz", val=str(look.half_points))
    run.append(how)
    text = OxmlElement("w:t")
    text.text = cell.text
    text.set(qn("xml:space"), "preserve")
    run.append(text)
    return run


def _child(parent, tag: str, **attributes: str) -> None:
    child = OxmlElement(tag)
    for name, value in attributes.items():
        child.set(qn(f"w:{name}"), value)
    parent.append(child)
