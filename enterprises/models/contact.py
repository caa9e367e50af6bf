"""People of companies whom the district calls. Personal data: internal, masked, read on request and logged."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Stamped

from .enterprise import Enterprise

ERASED = _("(erased)")  # what a contact is called who was forgotten
PERSONAL = ("name", "post", "phone", "email", "note")  # what is erased when somebody is to be forgotten


def masked_name(name: str) -> str:
    """A person's name as lists show it: the first character, and a star for each other one, two at most."""
    return name[:1] + "*" * min(len(name) - 1, 2) if len(name) > 1 else "*" * len(name)


def masked_phone(phone: str) -> str:
    """A number as lists show it: the first three and last four characters of a long one; of all else only stars."""
    plain_number = len(phone) >= 11 and set(phone) <= set("+-() 0123456789")  # words beside it would show, too
    return f"{phone[:3]}****{phone[-4:]}" if plain_number else "*" * min(len(phone), 11)


def masked_email(email: str) -> str:
    """An address as lists show it: the first character, stars, and the host."""
    person, at, host = email.rpartition("@")
    return f"{person[:1] if len(person) > 1 else ''}***{at}{host}" if at else "***" if email else ""


def masked_note(note: str) -> str:
    """That there is something, and nothing of it."""
    return "***" if note else ""


class Contact(Stamped):
    """One person of a company whom the district calls. Never public. Without a name: erased (forgetting.py)."""

    MASKS = {"name": masked_name, "phone": masked_phone, "email": masked_email, "note": masked_note}

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="contacts", verbose_name=_("company"))
    name = models.CharField(_("name of a person"), max_length=60)
    post = models.CharField(_("post"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("enterprise", "id")
        permissions = [
            ("reveal_contact", _("Can see names and phones of contacts")),
            ("export_contact", _("Can take names and phones of contacts away")),
        ]

    def __str__(self):
        return self.masked_name or str(ERASED)

    @property
    def masked_name(self) -> str:
        """The family name alone: 王**."""
        return masked_name(self.name)

    @property
    def masked_phone(self) -> str:
        """The beginning and the end of the number: 138****5678."""
        return masked_phone(self.phone)

    @property
    def masked_email(self) -> str:
        """The first character and the host: z***@example.com."""
        return masked_email(self.email)

    @property
    def masked_note(self) -> str:
        """Stars where there is a note."""
        return masked_note(self.note)

    @property
    def erased(self) -> bool:
        """Whether the person was forgotten: only that there was one is known."""
        return not self.name
