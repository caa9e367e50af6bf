"""What the pages of publishing print: the state of a record in words, the small forms of the acts, what was done."""

from django import forms
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from liangzhou import permissions, publishing
from liangzhou.fieldsets import show_value
from liangzhou.history.changes import person
from liangzhou.publishing import ACTS, GIVE_BACK, PUBLISH, SUBMIT, WITHDRAW, Act, State
from liangzhou.publishing.since import changed_since_submitted

TEXTS = {
    GIVE_BACK: (gettext_lazy("what is to be mended"), gettext_lazy("Shown to whoever submitted it.")),
    WITHDRAW: (gettext_lazy("reason"), gettext_lazy("Kept in the history.")),
}


class ActForm(forms.Form):
    """What an act asks for beside pressing its button: a note, a reason, or nothing."""

    def __init__(self, act: Act, data=None):
        super().__init__(data, auto_id=f"id_{act.code}_%s")
        if act in TEXTS:
            label, help_text = TEXTS[act]
            widget = forms.TextInput(attrs={"size": 60})
            self.fields["text"] = forms.CharField(
                label=capfirst(label), max_length=300, help_text=help_text, widget=widget
            )

    @property
    def text(self) -> str:
        """What was typed; empty where that will not do."""
        return self.cleaned_data.get("text", "") if self.is_valid() else ""


def panel(user, obj, asked: dict[Act, ActForm] | None = None) -> dict:
    """What the panel of one record prints for this person; `asked` are forms that were posted and come back."""
    asked, state = asked or {}, publishing.state_of(obj)
    possible = [act for act in ACTS.values() if state in act.starts and permissions.may(user, act.right, obj)]
    refusals = {act: publishing.why_not(act, user, obj) for act in possible}
    return {
        "badge": badge(obj),
        "words": state_in_words(obj),
        "note": obj.review_note if state == State.RETURNED else "",
        "changes": changes_in_words(obj),
        "later": later_in_words(obj),
        "acts": [
            {"act": act, "form": asked.get(act) or ActForm(act), "asked": act in asked}
            for act in possible
            if not refusals[act]
        ],
        "refusals": list(dict.fromkeys(refusal for refusal in refusals.values() if refusal)),
        "may_change": permissions.may(user, "change", obj),
        "version": obj.version,
    }


def badge(obj):
    """The state of a record as one word that stands out."""
    state = publishing.state_of(obj)
    return format_html('<span class="state state--{}">{}</span>', state.value, state.label)


def state_in_words(obj) -> str:
    """Where a record is, since when, and by whom it was brought there."""
    state = publishing.state_of(obj)
    if state == State.WAITING:
        said = _("It waits for publishing since %(when)s, submitted by %(who)s. The public does not see it.")
        return said % {"when": show_value(obj.submitted_at), "who": person(obj.submitted_by)}
    if state == State.RETURNED:
        return _("It was returned: mend it and submit it again. The public does not see it.")
    if state == State.DRAFT:
        return _("It is a draft. The public does not see it.")
    if not obj.is_public:
        return _("It is published, but internal by its stage. The public does not see it.")
    return _("It is public since %(when)s.") % {"when": show_value(obj.published_at)}


def changes_in_words(obj) -> str:
    """What becomes of changes of a published record."""
    if not obj.published:
        return ""
    if permissions.waits_for_review(obj):
        return _("Changes are shown to the public only after somebody else has agreed to them.")
    return _("Changes are shown to the public at once.")


def later_in_words(obj) -> str:
    """That a record which waits for publishing is not what was submitted any more; empty where it is."""
    past = changed_since_submitted(obj)
    if past is None:
        return ""
    said = _("It was changed since it was submitted: by %(who)s at %(when)s.")
    return said % {"who": person(past.history_user), "when": show_value(past.history_date)}


def done_in_words(act: Act, count: int) -> str:
    """How many records an act has changed."""
    said = {
        SUBMIT: ngettext("%(count)d submitted for publishing.", "%(count)d submitted for publishing.", count),
        PUBLISH: ngettext("%(count)d published.", "%(count)d published.", count),
        GIVE_BACK: ngettext("%(count)d returned.", "%(count)d returned.", count),
        WITHDRAW: ngettext("%(count)d is public no longer.", "%(count)d are public no longer.", count),
    }
    return said[act] % {"count": count}


def already_in_words(act: Act, count: int) -> str:
    """How many records an act found as it would have left them."""
    said = {
        SUBMIT: ngettext("%(count)d was submitted already.", "%(count)d were submitted already.", count),
        PUBLISH: ngettext("%(count)d was public already.", "%(count)d were public already.", count),
        GIVE_BACK: ngettext("%(count)d was returned already.", "%(count)d were returned already.", count),
        WITHDRAW: ngettext("%(count)d was not public anyway.", "%(count)d were not public anyway.", count),
    }
    return said[act] % {"count": count}


def refused_in_words(records: list, reason: str, *, named: int) -> str:
    """Which records an act left as they were, the first of them by name, and why."""
    said = ngettext(
        "%(count)d stays as it is: %(names)s. %(reason)s",
        "%(count)d stay as they are: %(names)s. %(reason)s",
        len(records),
    )
    names = "、".join(str(record) for record in records[:named])
    more = "…" if len(records) > named else ""
    return said % {"count": len(records), "names": names + more, "reason": reason}
