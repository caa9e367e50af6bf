import io
import struct
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image

from monthly.files import LARGEST_BYTES, EvidenceFormField, PhotoFormField, private_path

DAMAGED = "This is not a photo that can be read: it may be damaged."
KINDS = "Files of this kind are not taken. Taken are: pdf, jpg, jpeg, png, xlsx, xls, docx, doc, zip."
OTHERWISE = "The file is not what its name says (.%s): save it again in the program it comes from."
HEIC = "Photos of this kind (HEIC) cannot be shown by browsers: send it as JPEG."


def picture(kind="JPEG", size=(8, 6)):
    made = io.BytesIO()
    Image.new("RGB", size).save(made, kind)
    return made.getvalue()


def archive(*names):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        for name in names:
            book.writestr(name, "x")
    return made.getvalue()


def claims_to_be_huge():
    """A PNG of a few bytes whose head says that it is 100,000 x 100,000."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    data = zlib.compress(b"")
    parts = [(chunk, head), (b"IDAT" + data, data)]
    body = b"".join(
        struct.pack(">I", len(inner)) + whole + struct.pack(">I", zlib.crc32(whole)) for whole, inner in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body


def refusal(field, name, content):
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        field().clean(SimpleUploadedFile(name, content))
    return refused.value.messages[0]


@pytest.mark.parametrize(("name", "content"), [
    ("回单.PDF", b"%PDF-1.7"), ("a.b.pdf", b"\n%PDF-1.4"), ("x.jpeg", picture()), ("x.png", picture("PNG")),
    ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("new.xlsx", archive("[Content_Types].xml", "xl/workbook.xml")),
    ("new.docx", archive("word/document.xml")), ("all.zip", archive("a")), ("长" * 200 + ".pdf", b"%PDF-1.7"),
])  # fmt: skip
def test_evidence_is_taken(name, content):
    assert EvidenceFormField().clean(SimpleUploadedFile(name, content)).read() == content


@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("slip.pdf.exe", b"%PDF-1.7", KINDS),
    ("page.html", b"<script>", KINDS),
    ("slip.exe.pdf", b"MZ\x90", OTHERWISE % "pdf"),
    ("book.xlsx", archive("word/document.xml"), OTHERWISE % "xlsx"),
    ("book.xlsx", b"PK\x03\x04 and nothing more", OTHERWISE % "xlsx"),
    ("big.pdf", b"%PDF-" + b"0" * LARGEST_BYTES, "The file is larger than 10 MB."),
])  # fmt: skip
def test_evidence_is_refused_in_a_sentence(name, content, sentence):
    assert refusal(EvidenceFormField, name, content) == sentence


@pytest.mark.parametrize(
    ("name", "kind"), [("a.jpg", "JPEG"), ("a.JPEG", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")]
)
def test_photo_is_taken(name, kind):
    assert PhotoFormField().clean(SimpleUploadedFile(name, picture(kind))).name == name


@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("a.heic", b"\0\0\0\x18ftypheic", HEIC),
    ("a.jpg", b"\0\0\0\x18ftypheic", HEIC),
    ("a.gif", picture("GIF"), "Files of this kind are not taken. Taken are: jpg, jpeg, png, webp."),
    ("a.svg", b"<svg/>", "Files of this kind are not taken. Taken are: jpg, jpeg, png, webp."),
    ("a.jpg", picture("PNG"), "The file is not what its name says: it is PNG."),
    ("a.jpg", b"<html>", DAMAGED),
    ("a.png", picture("PNG")[:40], DAMAGED),
    ("a.png", claims_to_be_huge(), DAMAGED),
    ("a.png", picture("PNG", (10_000, 5_001)), "The photo has more than 50 million pixels: make it smaller first."),
    ("big.jpg", picture() + b"0" * LARGEST_BYTES, "The file is larger than 10 MB."),
])  # fmt: skip
def test_photo_is_refused_in_a_sentence(name, content, sentence):
    assert refusal(PhotoFormField, name, content) == sentence


def test_files_are_kept_under_names_that_say_nothing_of_them():
    first, second = private_path(None, "../../张三.PDF"), private_path(None, "../../张三.PDF")

    assert first != second
    assert [part for part in ("..", "张三") if part in first] == []
    assert (first.startswith("monthly/"), first.endswith(".pdf"), len(first)) == (True, True, 52)
