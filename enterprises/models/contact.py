"""People of companies whom the district calls. Personal data: internal, masked, read on request and logged."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Stamped

from .enterprise import Enterprise


class Contact(Stamped):
    """One person of a company whom the district calls. Never public."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="contacts", verbose_name=_("company"))
    name = models.CharField(_("name"), max_length=60)
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
        return self.masked_name

    @property
    def masked_name(self) -> str:
        """The family name alone: 王**."""
        return masked_name(self.name)

    @property
    def masked_phone(self) -> str:
        """The beginning and the end of the number: 138****5678."""
        return masked_phone(self.phone)


def masked_name(name: str) -> str:
    """A person's name as lists show it: the first character, and a star for each other one, two at most."""
    return name[:1] + "*" * min(len(name) - 1, 2) if len(name) > 1 else "*" * len(name)


def masked_phone(phone: str) -> str:
    """A number as lists show it: at most the first three and last four characters of a long one, else stars."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "*" * len(phone)
