"""Files of the staff (evidence, photos of sites): kept outside of what the web server serves, never public."""

import secrets
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LARGEST_BYTES = 10_000_000
EVIDENCE = ("pdf", "jpg", "jpeg", "png", "xlsx", "xls", "docx", "doc", "zip")


def private_path(instance, name: str) -> str:
    """Where a file is kept: by year and month, under a name that nobody can guess; only the ending is kept."""
    ending = PurePath(name).suffix.lower()[:6]
    return f"monthly/{timezone.localdate():%Y/%m}/{secrets.token_hex(16)}{ending}"


def check_file(upload) -> None:
    """Raises ValidationError with a sentence for a file that is too large or of a kind that is not taken."""
    if upload.size > LARGEST_BYTES:
        raise ValidationError(_("The file is larger than 10 MB."), code="large")
    if PurePath(upload.name).suffix.lower().lstrip(".") not in EVIDENCE:
        sentence = _("Files of this kind are not taken. Taken are: %(kinds)s.")
        raise ValidationError(sentence, code="kind", params={"kinds": ", ".join(EVIDENCE)})


class EvidenceField(models.FileField):
    """A file that proves what a row says. Internal."""

    def __init__(self, *args, **kwargs):
        kwargs |= {"upload_to": private_path, "blank": True, "max_length": 120, "validators": [check_file]}
        kwargs.setdefault("help_text", gettext_lazy("A bank slip, a picture or a document, up to 10 MB. Internal."))
        super().__init__(*args, **kwargs)
