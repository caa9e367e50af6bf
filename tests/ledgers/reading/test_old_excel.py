from hypothesis import given
from hypothesis import strategies as st

from ledgers.reading import files
from ledgers.reading.old_excel import is_encrypted, texts
from tests.ledgers.old_books import old_book, record

CELLS = {(0, 0): "项目", (0, 2): b"\x17", (3, 1): (0x2A,), (3, 2): 1.5}
BOOK = old_book(CELLS)
LONG = old_book({**{(row, 0): f"项目{row}" for row in range(500)}, (499, 1): b"\x07"})


def test_errors_are_found_in_their_cells():
    assert texts(BOOK) == [{(0, 2): "#REF!", (3, 1): "#N/A"}]
    assert texts(LONG) == [{(499, 1): "#DIV/0!"}]


def test_errors_stand_among_what_is_read(tmp_path):
    path = tmp_path / "old.xls"
    path.write_bytes(BOOK)

    with files.read(path, "old.xls") as (sheet,):
        assert list(sheet.rows) == [(1, ["项目", None, "#REF!"]), (4, [None, "#N/A", 1.5])]


def test_a_password_is_seen():
    assert is_encrypted(old_book(CELLS, record(0x2F, b"\0\0\1\0\1\0")))
    assert not is_encrypted(BOOK)


@given(
    st.lists(st.tuples(st.integers(0, len(BOOK) - 1), st.integers(0, 255)), min_size=1, max_size=6),
    st.integers(0, 9000),
)
def test_what_is_broken_is_left_out(changes, length):
    data = bytearray(BOOK)
    for at, value in changes:
        data[at] = value

    assert isinstance(texts(bytes(data)), list)
    assert isinstance(texts(bytes(data[:length])), list)
    assert is_encrypted(bytes(data[:length])) in {True, False}


@given(st.binary(max_size=3000))
def test_junk_has_no_texts(data):
    assert texts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data) == []
