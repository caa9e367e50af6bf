"""What a file is by its content, and Excel's zip files unpacked and packed again: without bombs, entities, macros.

Runs in the process that reads a file; imports nothing of Django.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from struct import error as StructError
from struct import unpack
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ledgers.reading.markup import mended
from ledgers.reading.months import Months
from ledgers.reading.unfit import Unfit

MAX_UNPACKED = 300_000_000  # bytes: ten times what a file may have
MAX_PARTS = 2_000  # a workbook with 200 sheets, each with a drawing and remarks, has about 1,200
CHUNK = 256 * 1024
MAX_STYLES = 20_000_000  # bytes of a part that is looked at as a whole

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER = {
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"BM": "picture",
    b"II*\0": "picture",
    b"MM\0*": "picture",
    b"{\\rtf": "word",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
    b"\x1f\x8b": "archive",
    b"%TSD-Header": "password",  # what an office's own encryption leaves outside it
    b"MZ": "not_spreadsheet",
    b"\x7fELF": "not_spreadsheet",
    b"SQLite format 3": "not_spreadsheet",
    b"\x09\x08": "old_excel",  # BIFF without a container: Excel 2 to 4
    b"\x09\x04\x06\0": "old_excel",
    b"\x09\x02\x06\0": "old_excel",
    b"\x09\0\x04\0": "old_excel",
}
# Many systems "export to Excel" by giving a web page or an XML table a name that ends in .xls.
_MARKUP = re.compile(
    rb"\s*(<(\?xml|!doctype|!--|html|head|meta|body|style|table|div|script|workbook)\b|<!--|mime-version:)",
    re.IGNORECASE,
)


def kind_of(path: str) -> str:
    """`zip`, `ole` or `text`. Raises Unfit for an empty file and for what is certainly no spreadsheet."""
    with Path(path).open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Unfit("empty")
    if head.startswith(_ZIP):
        return "zip"
    if head.startswith(_OLE):
        return "ole"
    for magic, code in _OTHER.items():
        if head.startswith(magic) and (magic != b"BM" or b"\0" in head[:30]):
            raise Unfit(code)
    letters = head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    if _MARKUP.match(letters):
        raise Unfit("markup")
    return "text"


def check_ole(data: bytes) -> None:
    """Raise Unfit unless this is the content of an .xls without macros."""
    if ole_entry(data, "EncryptedPackage", "EncryptionInfo"):
        raise Unfit("password")
    if ole_entry(data, "_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA"):
        raise Unfit("macros")
    if not ole_entry(data, "Workbook", "Book"):
        if ole_entry(data, "WordDocument", "PowerPoint Document"):
            raise Unfit("word")
        raise Unfit("not_spreadsheet" if ole_entry(data, "Root Entry") else "damaged")


def ole_entry(data: bytes, *names: str) -> int:
    """Where the directory of an OLE file names one of these: 128 bytes, first the name, its length at 64; or 0."""
    for name in names:
        entry, at = (name + "\0").encode("utf-16-le"), -1
        while (at := data.find(entry, at + 1)) >= 0:
            if at % 128 == 0 and data[at + 64 : at + 66] == len(entry).to_bytes(2, "little"):
                return at
    return 0


def repack(path: str, copy: str) -> str:
    """Write the parts of a zipped workbook that matter to another zip file; the ending for its name.

    What is unpacked is counted as it comes, whatever the file says of itself; names that lead out
    of the file are never followed, because nothing is written under a name. What the reader proper
    would lose of the cells is mended on the way, see markup.py. Raises Unfit.
    """
    try:
        with Path(path).open("rb") as file, ZipFile(file) as source, ZipFile(copy, "w", ZIP_STORED) as target:
            parts = source.infolist()
            suffix = _check_names([part.filename for part in parts])
            named = {_clean_name(part.filename).lower(): part for part in parts}
            months = Months(*(_whole(file, named.get(name)) for name in ("xl/styles.xml", "xl/workbook.xml")))
            left = MAX_UNPACKED
            for part in parts:
                left -= _copy_part(file, part, target, left, months)
    except (BadZipFile, StructError, zlib.error, ValueError, EOFError, NotImplementedError, OverflowError) as error:
        raise Unfit("damaged") from error
    return suffix


def _check_names(names: list[str]) -> str:
    """The ending for a workbook with these parts."""
    if len(names) > MAX_PARTS:
        raise Unfit("bomb")
    lower = [_clean_name(name).lower() for name in names]
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in lower):
        raise Unfit("macros")
    if any(name.startswith("basic/") and not name.endswith(("/", "script-lb.xml", "script-lc.xml")) for name in lower):
        raise Unfit("macros")
    if len(set(lower)) < len(lower):
        raise Unfit("damaged")
    if any(name.startswith(("word/", "ppt/")) for name in lower):
        raise Unfit("word")
    for part, suffix in {"xl/workbook.bin": ".xlsb", "content.xml": ".ods"}.items():
        if part in lower:
            return suffix
    if not any(name.startswith("xl/") for name in lower):
        raise Unfit("archive" if "[content_types].xml" not in lower else "not_spreadsheet")
    return ".xlsx"


def _clean_name(name: str) -> str:
    return name.replace("\\", "/")  # some programs of Windows write xl\workbook.xml


def _copy_part(file: BinaryIO, part: ZipInfo, target: ZipFile, most: int, months: Months) -> int:
    """Copy one part; how many bytes it has. What no reader of cells needs is only counted."""
    name, size = _clean_name(part.filename), 0
    pieces = _unpacked(file, part)
    first = next(pieces, b"")
    markup = name.lower().endswith((".xml", ".rels")) or first.lstrip(b"\0\xef\xbb\xbf\xff\xfe \r\n\t")[:1] == b"<"
    kept = markup or name.lower().endswith(".bin") or name == "mimetype"
    pieces = chain([first], pieces)
    with target.open(name, "w") if kept else nullcontext() as copy:
        for piece in mended(pieces, name, months) if markup else pieces:
            size += len(piece)
            if size > most:
                raise Unfit("bomb")
            if kept:
                copy.write(piece)
    return size


def _whole(file: BinaryIO, part: ZipInfo | None) -> bytes:
    """A part as a whole; empty where there is none or it is not of a reasonable size."""
    data = b""
    for piece in _unpacked(file, part) if part else ():
        data += piece
        if len(data) > MAX_STYLES:
            return b""
    return data


def _unpacked(file: BinaryIO, part: ZipInfo) -> Iterator[bytes]:
    """The bytes of a part, in chunks, however many the file says there are."""
    if part.flag_bits & 0x1:
        raise Unfit("password")
    if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Unfit("damaged")
    file.seek(part.header_offset)
    header = file.read(30)
    if header[:4] != b"PK\x03\x04":
        raise Unfit("damaged")
    name_length, extra_length = unpack("<HH", header[26:30])
    file.seek(name_length + extra_length, 1)
    crc = 0
    for piece in _inflated(file, part) if part.compress_type == ZIP_DEFLATED else _stored(file, part.compress_size):
        crc = zlib.crc32(piece, crc)
        yield piece
    if crc != part.CRC:
        raise Unfit("damaged")


def _stored(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left > 0:
        piece = file.read(min(CHUNK, left))
        if not piece:
            raise Unfit("damaged")
        left -= len(piece)
        yield piece


def _inflated(file: BinaryIO, part: ZipInfo) -> Iterator[bytes]:
    unzip = zlib.decompressobj(-zlib.MAX_WBITS)
    position = file.tell()
    for packed in _stored(file, part.compress_size):
        position += len(packed)
        while packed and not unzip.eof:
            if piece := unzip.decompress(packed, CHUNK):
                yield piece
            packed = unzip.unconsumed_tail
        file.seek(position)
    if not unzip.eof:
        raise Unfit("damaged")
