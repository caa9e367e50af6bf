"""Files of Excel 97 made by hand: a compound file (MS-CFB) with a workbook of BIFF8 records (MS-XLS) in it."""

from struct import pack

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams):
    """A compound file with these streams, each at least 4096 bytes long so that no mini stream is needed."""
    streams = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    sectors, fat, starts = [], [], {}
    for name, content in streams.items():
        starts[name] = len(sectors)
        pieces = [content[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(content), SECTOR)]
        fat += [*range(len(sectors) + 1, len(sectors) + len(pieces)), END]
        sectors += pieces
    directory = _entry("Root Entry", 5, END, 0, child=1)
    names = list(streams)
    for number, name in enumerate(names, 1):
        right = number + 1 if number < len(names) else FREE
        directory += _entry(name, 2, starts[name], len(streams[name]), right=right)
    directory += _entry("", 0, 0, 0) * (-(len(directory) // 128) % 4)
    first = len(sectors)
    pieces = [directory[at : at + SECTOR] for at in range(0, len(directory), SECTOR)]
    fat += [*range(first + 1, first + len(pieces)), END, FAT]
    sectors += pieces
    table = pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += pack("<IIIIIIIII", 0, 1, first, 0, 4096, END, 0, END, 0) + pack("<I", len(sectors))
    return header.ljust(SECTOR, b"\xff") + b"".join(sectors) + table


def _entry(name, kind, start, size, child=FREE, right=FREE):
    raw = (name + "\0").encode("utf-16-le") if name else b""
    head = raw.ljust(64, b"\0") + pack("<HBBIII", len(raw), kind, 1, FREE, right, child)
    return head + b"\0" * 36 + pack("<IQ", start, size)


def record(kind, data):
    return pack("<HH", kind, len(data)) + data


def biff(cells, before=b""):
    """A workbook stream with one sheet: `{(row, column): value}`, rows and columns from 0."""
    opening = record(0x0809, pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + before
    name = b"\x02\x00S1"
    length = len(opening) + 4 + 4 + 2 + len(name) + 4
    sheet_list = record(0x0085, pack("<IBB", length, 0, 0) + name)
    sheet = record(0x0809, pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for (row, column), value in cells.items():
        place = pack("<HHH", row, column, 0)
        if isinstance(value, bytes):  # the code of an error
            sheet += record(0x0205, place + value + b"\1")
        elif isinstance(value, tuple):  # the same as the result of a formula
            sheet += record(0x0006, place + pack("<BBBBHH", 2, 0, value[0], 0, 0, 0xFFFF) + b"\0" * 6 + b"\0\0")
        elif isinstance(value, str):
            sheet += record(0x0204, place + pack("<HB", len(value), 1) + value.encode("utf-16-le"))
        else:
            sheet += record(0x0203, place + pack("<d", value))
    return opening + sheet_list + record(0x000A, b"") + sheet + record(0x000A, b"")


def old_book(cells, before=b"", **streams):
    return compound({"Workbook": biff(cells, before), **streams})
