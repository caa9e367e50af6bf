"""Files of the staff in the admin: choosing one, the way to what is stored, and the page that hands it out."""

from pathlib import PurePath

from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import PermissionDenied, SuspiciousFileOperation
from django.db import models
from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from liangzhou import permissions
from liangzhou.exports.responses import disposition
from liangzhou.lists import is_key
from monthly.files import EVIDENCE, PHOTOS, EvidenceFormField, PhotoFormField, ending_of

TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def address_of(file) -> str:
    """The page of the admin that hands out the file of a row."""
    opts = file.instance._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{file.field.name}", args=[file.instance.pk])


def link_to(file) -> str:
    """The link to the file of a row; empty where it has none."""
    return format_html('<a href="{}">{}</a>', address_of(file), _words(file)) if file and file.instance.pk else ""


def _words(file) -> str:
    return _("stored file (%(kind)s)") % {"kind": ending_of(file.name).upper() or "?"}


class _Stored:
    """What Django's own file widget prints of a stored file: where it is, and what it is called."""

    def __init__(self, file):
        self.url, self._file = address_of(file), file

    def __str__(self):
        return _words(self._file)


class PrivateFileInput(AdminFileWidget):
    """Django's choice of a file, with a link to our own page; `kinds` are the endings that the browser offers."""

    def __init__(self, kinds=EVIDENCE, attrs=None):
        super().__init__({"accept": ",".join(f".{kind}" for kind in kinds), **(attrs or {})})

    def is_initial(self, value):
        return bool(value) and getattr(getattr(value, "instance", None), "pk", None) is not None

    def format_value(self, value):
        return _Stored(value) if self.is_initial(value) else None


class PhotoInput(PrivateFileInput):
    """The same for a photo, which is shown; it is replaced, or goes with its row, but is never left out."""

    def __init__(self, attrs=None):
        super().__init__(tuple(PHOTOS), attrs)
        self.is_required = True

    def render(self, name, value, attrs=None, renderer=None):
        box = super().render(name, value, attrs, renderer)
        return mark_safe(picture(value) + box) if self.is_initial(value) else box  # noqa: S308 - both are safe already


def picture(file) -> str:
    """A photo as the form shows it; its caption stands beside it."""
    said = file.instance.caption or _("Photo of the site")
    return format_html('<img class="site-photo" src="{}" alt="{}" loading="lazy">', address_of(file), said)


OVERRIDES = {
    models.ImageField: {"form_class": PhotoFormField, "widget": PhotoInput},
    models.FileField: {"form_class": EvidenceFormField, "widget": PrivateFileInput},
}


def hand_out(request, model, object_id: str, name: str, *, title: str = "", inline: bool = False) -> FileResponse:
    """The file in the field `name` of a row, to who may see the row; `title` names a download.

    Raises Http404 for rows that are not there or not theirs, and where the file is not on this machine;
    PermissionDenied for who may see no such rows at all.
    """
    if not permissions.may(request.user, "view", model):
        raise PermissionDenied
    key = unquote(str(object_id))
    row = permissions.visible(request.user, model._default_manager.filter(pk=key)).first() if is_key(key) else None
    file = getattr(row, name) if row else None
    if not file:
        raise Http404
    try:
        opened = file.open("rb")
    except (OSError, ValueError, SuspiciousFileOperation) as error:  # or a name that leads out of the folder
        raise Http404(_("The file is not on this machine any more.")) from error
    ending = ending_of(file.name)
    kind = TYPES.get(ending) if inline else None
    response = FileResponse(opened, content_type=kind or "application/octet-stream", headers=HEADERS)
    if kind:
        response["Content-Disposition"] = "inline"
    else:
        response["Content-Disposition"] = disposition(title or _title(row), PurePath(file.name).suffix.lower())
    return response


def _title(row) -> str:
    """What a download is called: the kind of record, its month, the project."""
    return f"{row._meta.verbose_name}_{row.month:%Y-%m}_{row.project.code}"
