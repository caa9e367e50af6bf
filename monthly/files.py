"""Files of the staff (evidence, photos of sites): kept outside of what the web server serves, never public.

A file that is replaced, or whose row is deleted, stays where it is: the history remembers it by its name, and
going back to an earlier version finds it again. Who must get rid of one removes it on the disk.
"""

import secrets
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

LARGEST_BYTES = 10_000_000
MOST_PIXELS = 50_000_000  # of a photo; a small file can claim to be a picture that fills the memory
EVIDENCE = ("pdf", "jpg", "jpeg", "png", "xlsx", "xls", "docx", "doc", "zip")
PHOTOS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}  # what browsers show and Pillow verifies
PHONE_PHOTOS = ("heic", "heif", "avif")

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
BEGINS = {
    "pdf": b"%PDF-",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
    "xls": _OLE,
    "doc": _OLE,
    "xlsx": _ZIP,
    "docx": _ZIP,
    "zip": _ZIP,
}
PARTS_OF_OFFICE_FILES = {"xlsx": "xl/", "docx": "word/"}


def private_path(instance, name: str) -> str:
    """Where a file is kept: by year and month, under a name that nobody can guess; only the ending is kept."""
    ending = PurePath(name).suffix.lower()[:6]
    return f"monthly/{timezone.localdate():%Y/%m}/{secrets.token_hex(16)}{ending}"


def ending_of(name: str) -> str:
    """The ending of a file's name in small letters, without the dot."""
    return PurePath(name).suffix.lower().lstrip(".")


def check_file(upload) -> None:
    """Raises ValidationError with a sentence for a new file that is too large or of a kind that is not taken.

    What is stored already was looked at when it came, and may be away from this machine by now.
    """
    if getattr(upload, "_committed", False):
        return
    if upload.size > LARGEST_BYTES:
        raise ValidationError(_("The file is larger than 10 MB."), code="large")
    kinds = tuple(PHOTOS) if isinstance(getattr(upload, "field", None), models.ImageField) else EVIDENCE
    if ending_of(upload.name) not in kinds:
        sentence = _("Files of this kind are not taken. Taken are: %(kinds)s.")
        raise ValidationError(sentence, code="kind", params={"kinds": ", ".join(kinds)})


def check_evidence(upload) -> None:
    """Raises ValidationError where a new file is not what its name says."""
    check_file(upload)
    ending = ending_of(upload.name)
    upload.seek(0)
    begins = upload.read(1024)
    upload.seek(0)
    right = BEGINS[ending] in begins if ending == "pdf" else begins.startswith(BEGINS[ending])
    if not right or (ending in PARTS_OF_OFFICE_FILES and not _holds(upload, PARTS_OF_OFFICE_FILES[ending])):
        sentence = _("The file is not what its name says (.%(ending)s): save it again in the program it comes from.")
        raise ValidationError(sentence, code="content", params={"ending": ending})


def _holds(upload, folder: str) -> bool:
    """Whether an archive has a file in a folder; nothing of it is unpacked."""
    try:
        with ZipFile(upload) as archive:
            return any(name.startswith(folder) for name in archive.namelist())
    except (BadZipFile, ValueError, NotImplementedError):
        return False
    finally:
        upload.seek(0)


def check_photo(upload) -> None:
    """Raises ValidationError for a new file that is no photo which browsers show, or that is too large."""
    if getattr(upload, "_committed", False):
        return
    if upload.size > LARGEST_BYTES:
        raise ValidationError(_("The file is larger than 10 MB."), code="large")
    ending = ending_of(upload.name)
    upload.seek(0)
    begins = upload.read(12)
    if ending in PHONE_PHOTOS or begins[4:8] == b"ftyp":
        sentence = _("Photos of this kind (HEIC) cannot be shown by browsers: send it as JPEG.")
        raise ValidationError(sentence, code="heic")
    if ending not in PHOTOS:
        sentence = _("Files of this kind are not taken. Taken are: %(kinds)s.")
        raise ValidationError(sentence, code="kind", params={"kinds": ", ".join(PHOTOS)})
    _verify(upload, PHOTOS[ending])


def _verify(upload, expected: str) -> None:
    try:
        upload.seek(0)
        image = Image.open(upload, formats=sorted(set(PHOTOS.values())))
        width, height = image.size
        image.verify()
    except Exception as error:  # Pillow raises whatever its readers of formats stumble over
        raise ValidationError(_("This is not a photo that can be read: it may be damaged."), code="image") from error
    finally:
        upload.seek(0)
    if image.format != expected:
        sentence = _("The file is not what its name says: it is %(kind)s.")
        raise ValidationError(sentence, code="content", params={"kind": image.format})
    if width * height > MOST_PIXELS:
        raise ValidationError(_("The photo has more than 50 million pixels: make it smaller first."), code="pixels")


class _CheckedFileField(forms.FileField):
    """A file that is looked at as it comes; what its name was is not kept, so that it may be of any length."""

    def __init__(self, *args, max_length=None, **kwargs):
        super().__init__(*args, **kwargs)

    def to_python(self, data):
        upload = super().to_python(data)
        if upload is not None:
            self.look_at(upload)
        return upload


class EvidenceFormField(_CheckedFileField):
    """A file as evidence."""

    look_at = staticmethod(check_evidence)


class PhotoFormField(_CheckedFileField):
    """A photo."""

    look_at = staticmethod(check_photo)


class EvidenceField(models.FileField):
    """A file that proves what a row says. Internal."""

    def __init__(self, *args, **kwargs):
        kwargs |= {"upload_to": private_path, "blank": True, "max_length": 120, "validators": [check_file]}
        kwargs.setdefault("help_text", gettext_lazy("A bank slip, a picture or a document, up to 10 MB. Internal."))
        super().__init__(*args, **kwargs)
