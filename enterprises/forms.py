"""Forms of companies and of their contacts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from . import forgetting


class ForgetForm(forms.Form):
    """Why a person is forgotten; kept for ever, so it names nobody."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=forgetting.LONGEST_REASON,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text=_("Kept in the audit trail: without names and numbers."),
    )
