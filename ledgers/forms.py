"""The forms on which a ledger is brought in: the file, what its columns mean, what is to be done with it."""

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledgers.reading.files import MAX_BYTES

from . import keeping, rights
from .columns import LEDGER, choices
from .headings import IGNORED, LEFT_OUT
from .models import LedgerImport, LedgerTemplate


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
        help_text=gettext_lazy("Excel (.xlsx, .xls), CSV or text divided by tabs (.csv, .txt), in UTF-8 or GBK."),
    )

    def __init__(self, *args, **kwargs):
        """A script tells of a file that is too large before it is sent."""
        super().__init__(*args, **kwargs)
        largest = min(MAX_BYTES, settings.LARGEST_REQUEST_BYTES)
        told = _("The file is larger than the %(most)d MB allowed. Take pictures out, or divide it.")
        words = {"most": largest // 1_000_000}
        self.fields["file"].widget.attrs |= {"data-largest": largest, "data-too-large": told % words}


class OptionsForm(forms.ModelForm):
    """What is done with wrong rows, unknown companies, and stages that lack what they require."""

    class Meta:
        model = LedgerImport
        fields = ("leave_out_wrong", "enter_companies", "override_reason")

    def __init__(self, *args, user, **kwargs):
        """`user` is who decides: companies and units are entered only by those who may add them."""
        super().__init__(*args, **kwargs)
        self.may_enter = rights.may_enter_companies(user)

    @property
    def offers_companies(self) -> bool:
        """Whether there is anything to tick: also for those who may only take back what a colleague ticked."""
        return self.may_enter or bool(self.initial.get("enter_companies"))

    def clean_enter_companies(self):
        """A page of ours does not offer it to those who may not; a forged one is refused."""
        wanted = self.cleaned_data["enter_companies"]
        if wanted and not self.offers_companies:
            raise forms.ValidationError(_("You may not enter companies and units."))
        return wanted


class ColumnsForm(forms.Form):
    """What each heading of the file means: one choice for each that differs, whatever sheet it is on.

    `unknown` and `known` are the headings as the page shows them: (where, samples, the choice). `not_kept` are
    those about which nothing can be said: (sheet, heading, why).
    """

    template_name = forms.CharField(
        label=gettext_lazy("Whose ledger is this?"),
        max_length=LedgerTemplate._meta.get_field("name").max_length,
        required=False,
        help_text=gettext_lazy("A name for this kind of file. The next one with the same headings is read by itself."),
    )

    def __init__(self, ledger_import: LedgerImport, data=None, *, user):
        """`user` is who looks: they see no name that somebody else gave where they see only their own."""
        super().__init__(data)
        self.headings = _headings(ledger_import)
        self.not_kept = keeping.not_kept(ledger_import)
        if template := rights.template_seen(user, ledger_import):
            self.initial["template_name"] = template.name
        taken = {h["meaning"]: name for name, h in self.headings.items() if h["meaning"]}
        for name, heading in self.headings.items():
            self.fields[heading["field"]] = _choice(name, heading, taken)

    @property
    def unknown(self) -> list:
        return [self._line(heading) for heading in self.headings.values() if not heading["meaning"]]

    @property
    def known(self) -> list:
        return [self._line(heading) for heading in self.headings.values() if heading["meaning"]]

    def _line(self, heading: dict) -> tuple:
        return "、".join(heading["sheets"]), heading["samples"], self[heading["field"]]

    def meanings(self) -> dict[str, str]:
        """Heading → name of our column or "leave", of all whose meaning was chosen or changed."""
        return {
            name: self.cleaned_data[heading["field"]]
            for name, heading in self.headings.items()
            if not heading["meaning"] or heading["field"] in self.changed_data
        }

    def refuse(self, error) -> None:
        """Put what the service refused at the headings that it names, else above the form."""
        for name, messages in getattr(error, "message_dict", {NON_FIELD_ERRORS: error.messages}).items():
            field = name if name in self.fields else self.headings.get(name, {}).get("field")
            for message in messages:
                self.add_error(field, message)


def _headings(ledger_import: LedgerImport) -> dict[str, dict]:
    """The headings of all sheets that are used, in their order, each once."""
    found: dict[str, dict] = {}
    for sheet in ledger_import.sheets:
        if not sheet["used"]:
            continue
        samples = sheet.get("samples", [])
        for place, (name, meaning) in enumerate(zip(sheet["headings"], sheet["meanings"], strict=True)):
            if not name or meaning in keeping.GONE:
                continue
            new = {"field": f"column-{len(found)}", "meaning": meaning, "sheets": [], "samples": []}
            heading = found.setdefault(name, new)
            if not meaning:
                heading["meaning"] = ""
            heading["sheets"].append(sheet["name"])
            heading["samples"] += samples[place] if place < len(samples) else []
    return found


def _choice(name: str, heading: dict, taken: dict[str, str]) -> forms.ChoiceField:
    """The choice of a column, with those that other headings have already marked."""
    marked = _("%(column)s (now: %(heading)s)")
    offered = dict(choices())
    for column, other in taken.items():
        if column in offered and other != name:
            offered[column] = marked % {"column": offered[column], "heading": other}
    meaning = heading["meaning"]
    if meaning in LEDGER:
        offered.setdefault(meaning, LEDGER[meaning].header)  # one that nobody may choose, but that this heading has
    nothing = [] if meaning else [("", _("– choose –"))]
    return forms.ChoiceField(
        label=name,
        choices=[*nothing, (LEFT_OUT, _("leave this column out")), *offered.items()],
        initial=LEFT_OUT if meaning == IGNORED else meaning,
        error_messages={"required": _("Say what this column means, or leave it out.")},
    )
