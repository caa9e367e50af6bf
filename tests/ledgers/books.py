"""Workbooks made by hand, part by part, so that each part can be wrong."""

import io
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

STYLES = (  # 1 a date, 2 a date with time, 3 a duration
    f'<styleSheet xmlns="{MAIN}"><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="22"/><xf numFmtId="46"/></cellXfs></styleSheet>'
)
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


def related(*targets):
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def parts(*sheets, shared="", workbook="", states=()):
    """The parts of a workbook; each sheet is what stands inside <worksheet>."""
    names = "".join(
        f'<sheet name="S{number}" sheetId="{number}" {state} r:id="rId{number}"/>'
        for number, state in zip(range(1, len(sheets) + 1), [*states, *[""] * len(sheets)], strict=False)
    )
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": related(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{workbook}<sheets>{names}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": related(
            *targets, ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")
        ),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
        **{
            f"xl/worksheets/sheet{number}.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>'
            for number, sheet in enumerate(sheets, 1)
        },
    }


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    """A zip file with these parts; pairs may name a part twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as target:
        for name, content in files.items() if isinstance(files, dict) else files:
            target.writestr(name, content)
    return buffer.getvalue()


def book(*sheets, **kwargs):
    return zipped(parts(*sheets, **kwargs))


def row(cells, number=1):
    """A sheet with one row of these cells."""
    return f'<sheetData><row r="{number}">{cells}</row></sheetData>'


def cell(place, value, kind="n", style=0):
    return f'<c r="{place}" t="{kind}" s="{style}"><v>{value}</v></c>'


def plain_book():
    """A small ledger without any mischief."""
    heading = "".join(cell(place, text, "str") for place, text in (("A1", "项目名称"), ("B1", "总投资")))
    record = cell("A2", "300MW独立储能电站", "str") + cell("B2", "130000")
    return book(f'<sheetData><row r="1">{heading}</row><row r="2">{record}</row></sheetData>')
