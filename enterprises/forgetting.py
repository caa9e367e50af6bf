"""Forgetting a person: what is personal is taken out of a contact and out of everything kept of it."""

from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from liangzhou import audit

from .models import Contact
from .models.contact import PERSONAL

EMPTY = dict.fromkeys(PERSONAL, "")
NAMING = ("name", "phone", "email")  # by what somebody can be told from others
SHORTEST = 2  # characters from which a value is looked for in the reason
LONGEST_REASON = 100  # what the history holds


@dataclass(frozen=True)
class Kept:
    """What is kept of one contact: whether it is there, and how many of its saves hold personal data."""

    there: bool
    saves: int

    @property
    def anything(self) -> bool:
        """Whether there is anything to erase."""
        return self.there or self.saves > 0


def kept_of(key: int) -> Kept:
    """What is kept of a contact, also of one that was deleted. Raises ValidationError where there never was one."""
    history = Contact.history.filter(id=key)
    if not history.exists() and not Contact.objects.filter(pk=key).exists():
        raise ValidationError(_("There is no contact %(key)s, and there never was one.") % {"key": key})
    return Kept(Contact.objects.filter(pk=key).exclude(**EMPTY).exists(), history.exclude(**EMPTY).count())


@transaction.atomic
def forget(key: int, *, by, reason: str) -> Kept:
    """Erase what is personal of a contact from its row, its history and the log of the admin; what was erased.

    The row stays, as the contact of its company who was erased. Again, it does nothing. Raises
    ValidationError where there never was such a contact, or where the reason names what is to be erased.
    """
    contact = Contact.objects.select_for_update().filter(pk=key).first()
    kept = kept_of(key)
    if not kept.anything:
        return kept
    _refuse_personal(reason, key, contact)
    history = Contact.history.filter(id=key)
    history.update(history_change_reason=None, **EMPTY)  # reasons were typed by people, about this person
    if contact is not None:
        _empty(contact, by, reason)
    kind = ContentType.objects.get_for_model(Contact)
    erased = contact or Contact(pk=key)
    LogEntry.objects.filter(content_type=kind, object_id=str(key)).update(object_repr=str(erased))
    audit.record(audit.Action.PERSONAL_FORGOTTEN, by=by, target=erased, reason=reason, saves=kept.saves)
    return kept


def _empty(contact: Contact, by, reason: str) -> None:
    for name, value in EMPTY.items():
        setattr(contact, name, value)
    contact.stamp(by)
    contact._history_user = by
    contact._change_reason = reason[:LONGEST_REASON]
    contact.save()


def _refuse_personal(reason: str, key: int, contact: Contact | None) -> None:
    """The reason is kept for ever: it must not hold what is being erased."""
    rows = list(Contact.history.filter(id=key).values_list(*NAMING).distinct())
    rows += [tuple(getattr(contact, name) for name in NAMING)] if contact else []
    values = {value.casefold() for row in rows for value in row if len(value) >= SHORTEST}
    if any(value in reason.casefold() for value in values):
        raise ValidationError(_("The reason is kept: it must not hold what is to be erased."))
