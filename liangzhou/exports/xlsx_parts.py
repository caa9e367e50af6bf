"""The fixed parts of an Excel workbook: ECMA-376 part 1, 18.2 (workbook), 18.3 (sheets), 18.8 (styles)."""

import re
from xml.sax.saxutils import quoteattr

from liangzhou.exports.fields import clean

SHEET_NAME_LENGTH = 31  # UTF-16 units
GENERAL, HEADER, DATE, MOMENT, CODE = range(5)  # the cell formats of STYLES, in their order

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

SHEET_HEAD = (
    f'{DECLARATION}<worksheet xmlns="{SPREADSHEET}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<cols>{columns}</cols><sheetData><row r="1">{cells}</row>'
)
SHEET_FOOT = '</sheetData><autoFilter ref="A1:{last_cell}"/></worksheet>'
# The type of a part named .xml is that of a sheet unless an Override says otherwise, so that this
# list can come first, where programs look to tell an Excel file from any other zip file.
CONTENT_TYPES = (
    f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/></Types>'
)
PACKAGE_RELATIONS = (
    f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{SPREADSHEET}">'
    r'<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/>'
    r'<numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
OPENING_PARTS = {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": PACKAGE_RELATIONS, "xl/styles.xml": STYLES}


def closing_parts(names: list[str]) -> dict[str, str]:
    """The workbook that lists the sheets, and where each of them is."""
    numbered = list(enumerate(names, 1))
    sheets = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _name in numbered
    )
    return {
        "xl/workbook.xml": (
            f'{DECLARATION}<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}">'
            f"<bookViews><workbookView/></bookViews><sheets>{sheets}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{relations}'
            f'<Relationship Id="styles" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
        ),
    }


def sheet_name(name: str, number: int) -> str:
    """A legal, unique name of the sheet with this number: no []:*?/\\, no apostrophe at an end, 31 units."""
    legal = re.sub(r"[\[\]:*?/\\\s]+", " ", clean(name)).strip(" '") or "Sheet"
    if number > 1:
        ending = f" ({number})"
        return cut(legal, SHEET_NAME_LENGTH - len(ending), "").strip(" '") + ending
    return cut(legal, SHEET_NAME_LENGTH, "").strip(" '")


def cut(text: str, length: int, mark: str) -> str:
    """The text in at most so many UTF-16 units, with the mark where something is missing."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * length:
        return text
    return units[: 2 * (length - len(mark))].decode("utf-16-le", "ignore") + mark
