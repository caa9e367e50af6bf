"""Databases of invented records: how one is told, so that everything it prints or exports says so."""

import contextlib
import time

from django.db import DatabaseError, models
from django.utils.translation import gettext_lazy as _

ASK_AGAIN_SECONDS = 5
HEADING, MARK = "演示数据", "演示数据，非真实记录"  # the first column of every export; in Chinese whatever the language
_known = {"is_demo": False, "at": float("-inf")}


class DemoMark(models.Model):
    """The mark of a database of which every project and amount is invented; there is one, or none."""

    seed = models.BigIntegerField(_("seed"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        app_label = "liangzhou"
        verbose_name = _("mark of invented data")
        verbose_name_plural = _("marks of invented data")

    def __str__(self):
        return str(self.seed)


def is_demo() -> bool:
    """Whether this database holds invented records. Asked once, and while it does not, again every five seconds."""
    if not _known["is_demo"] and time.monotonic() - _known["at"] >= ASK_AGAIN_SECONDS:
        _known["at"] = time.monotonic()
        with contextlib.suppress(DatabaseError):  # error pages are printed also where there is no database
            _known["is_demo"] = DemoMark.objects.exists()
    return _known["is_demo"]


def marked(heading: str) -> str:
    """A heading that leaves the system, as the subject of a mail: marked where the records are invented."""
    return f"[{MARK}] {heading}" if is_demo() else heading


def forget() -> None:
    """Ask again at the next page: for tests, and for the command that makes such a database."""
    _known.update(is_demo=False, at=float("-inf"))
