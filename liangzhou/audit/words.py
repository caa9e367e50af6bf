"""The audit trail as people read it: what was noted beside an act, in words."""

import json

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from liangzhou.audit import END_BROKEN

# What is typed as a name and is nobody's may be a password, typed into the wrong field: it is not kept
UNKNOWN_NAME = gettext_noop("(unknown name)")

# What the acts note beside themselves; a word that is not here is shown as it is
LABELS = {
    "actions": gettext_lazy("acts"),
    "active": gettext_lazy("active"),
    "address": gettext_lazy("from where"),
    "after": gettext_lazy("after"),
    "also": gettext_lazy("changed too"),
    "at_address": gettext_lazy("at the address"),
    "batch": gettext_lazy("batch of changes"),
    "before": gettext_lazy("before"),
    "brought_in_by": gettext_lazy("brought in by"),
    "by_another": gettext_lazy("by somebody else"),
    "chains": gettext_lazy("industry chains"),
    "change": gettext_lazy("change"),
    "changed": gettext_lazy("changed"),
    "count": gettext_lazy("number of records"),
    "counts": gettext_lazy("counts"),
    "deleted": gettext_lazy("deleted"),
    "email": gettext_lazy("email address"),
    "entered": gettext_lazy("entered"),
    "entries": gettext_lazy("number of entries"),
    "fields": gettext_lazy("fields"),
    "file": gettext_lazy("file"),
    "filters": gettext_lazy("filters"),
    "first_name": gettext_lazy("first name"),
    "first_number": gettext_lazy("first number"),
    "format": gettext_lazy("format"),
    "from": gettext_lazy("before"),
    "given": gettext_lazy("given"),
    "groups": gettext_lazy("groups"),
    "history": gettext_lazy("version gone back to"),
    "how": gettext_lazy("how"),
    "import": gettext_lazy("import"),
    "keys": gettext_lazy("keys of the records"),
    "kind": gettext_lazy("kind"),
    "last_hash": gettext_lazy("last hash"),
    "last_name": gettext_lazy("last name"),
    "last_number": gettext_lazy("last number"),
    "list": gettext_lazy("list"),
    "members": gettext_lazy("members"),
    "method": gettext_lazy("way"),
    "name": gettext_lazy("name"),
    "new": gettext_lazy("new"),
    "note": gettext_lazy("note"),
    "old": gettext_lazy("before"),
    "opened": gettext_lazy("account opened"),
    "other": gettext_lazy("given up for it"),
    "path": gettext_lazy("address of the page"),
    "permissions": gettext_lazy("rights"),
    "places": gettext_lazy("places"),
    "query": gettext_lazy("search words"),
    "reason": gettext_lazy("reason"),
    "reasons": gettext_lazy("reasons"),
    "records": gettext_lazy("records"),
    "replaces": gettext_lazy("replaces"),
    "rights": gettext_lazy("rights"),
    "roles": gettext_lazy("roles"),
    "rows": gettext_lazy("rows"),
    "saves": gettext_lazy("versions erased"),
    "search": gettext_lazy("search words"),
    "searched": gettext_lazy("searched by words"),
    "sha256": gettext_lazy("checksum (SHA-256)"),
    "single_rights": gettext_lazy("single rights"),
    "staff": gettext_lazy("staff"),
    "step": gettext_lazy("step"),
    "superuser": gettext_lazy("superuser"),
    "taken": gettext_lazy("taken away"),
    "times_this_hour": gettext_lazy("times in this hour"),
    "to": gettext_lazy("after"),
    "version": gettext_lazy("version"),
    "why": gettext_lazy("why"),
    "written": gettext_lazy("rows written"),
    END_BROKEN: gettext_lazy("the end of the trail had been tampered with"),
}

# The same of their values, where these are words of the program
VALUES = {
    "app": gettext_lazy("authenticator app"),
    "command": gettext_lazy("command on the server"),
    "brought in": gettext_lazy("brought in"),
    "confirmed": gettext_lazy("confirmed"),
    "discarded": gettext_lazy("discarded"),
    "new recovery codes": gettext_lazy("new recovery codes"),
    "recovery code": gettext_lazy("recovery code"),
    "reset": gettext_lazy("reset by somebody else"),
    "search": gettext_lazy("search"),
    "set up": gettext_lazy("set up"),
    "switched off": gettext_lazy("switched off"),
    "update": gettext_lazy("update of the software"),
}
OF_THE_PROGRAM = ("change", "how", "method", "step")  # whose values these are; elsewhere words are somebody's own


def told(details: dict) -> list[tuple[str, str]]:
    """(label, value) of each thing that was noted, in the language now active."""
    if not isinstance(details, dict):
        return [("", _value(details))]
    return [(capfirst(str(LABELS.get(key, key))), _value(_in_words(key, value))) for key, value in details.items()]


def in_one_line(details: dict) -> str:
    """The same as one text."""
    return "; ".join(_pair(label, value) if label else value for label, value in told(details))


def _pair(label: str, value: str) -> str:
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


def _in_words(key: str, value):
    return VALUES.get(value, value) if key in OF_THE_PROGRAM and isinstance(value, str) else value


def _value(value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value in ("", [], {}):
        return "\u2014"
    if isinstance(value, dict):
        return "; ".join(_pair(str(LABELS.get(key, key)), _value(item)) for key, item in value.items())
    if isinstance(value, list):
        return "、".join(_value(item) for item in value)
    return str(value)


def who(name: str) -> str:
    """Who acted, as it is shown."""
    return _("(unknown name)") if name == UNKNOWN_NAME else name


class ToldField(models.TextField):
    """JSON that a query gives as text, read as one line of words: for exports, which read no records."""

    def from_db_value(self, value, expression, connection):
        return in_one_line(json.loads(value)) if value else ""
