"""The acts of publishing for many records at once: chosen in the list, confirmed on a page that names them."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou import permissions, publishing
from liangzhou.batches.admin import batch_url
from liangzhou.lists import is_key
from liangzhou.publishing import ACTS, GIVE_BACK, PUBLISH, SUBMIT, WITHDRAW, Act, Outcome
from liangzhou.publishing.panel import ActForm, already_in_words, done_in_words, refused_in_words

MOST = 1000  # at once: what one page can name and one confirmation can carry
NAMED, NAMED_IN_MESSAGES = 100, 10
SEEN = "seen"  # the keys and row versions that were confirmed: 12:3,14:1


class BulkPublishing:
    """What the list of publishable records can do with those that are ticked."""

    actions = ("submit", "publish", "give_back", "withdraw")

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_publishing_many"
        return [
            path("publishing/<slug:code>/", self.admin_site.admin_view(self.publishing_many_view), name=name),
            *super().get_urls(),
        ]

    @admin.action(permissions=["change"], description=gettext_lazy("Submit the selected %(verbose_name_plural)s"))
    def submit(self, request, queryset):
        return self._ask_many(request, SUBMIT, queryset)

    @admin.action(permissions=["publish"], description=gettext_lazy("Publish the selected %(verbose_name_plural)s"))
    def publish(self, request, queryset):
        return self._ask_many(request, PUBLISH, queryset)

    @admin.action(permissions=["publish"], description=gettext_lazy("Return the selected %(verbose_name_plural)s"))
    def give_back(self, request, queryset):
        return self._ask_many(request, GIVE_BACK, queryset)

    @admin.action(permissions=["publish"], description=gettext_lazy("Withdraw the selected %(verbose_name_plural)s"))
    def withdraw(self, request, queryset):
        return self._ask_many(request, WITHDRAW, queryset)

    def publishing_many_view(self, request, code: str):
        """Does what was confirmed; asks again where the note or the reason is missing."""
        act = ACTS.get(code)
        if act is None or request.method != "POST":
            raise Http404
        if not permissions.may(request.user, act.right, self.model):
            raise PermissionDenied
        seen, form = _read_seen(request.POST.get(SEEN, "")), ActForm(act, request.POST)
        queryset = self.get_queryset(request).filter(pk__in=seen)
        if not form.is_valid():
            return self._ask_many(request, act, queryset, form)
        outcome = publishing.perform(act, queryset, by=request.user, text=form.text, seen=seen)
        self.tell_outcome(request, act, outcome)
        return HttpResponseRedirect(self._list_url())

    def _ask_many(self, request, act: Act, queryset, form: ActForm | None = None):
        """The page that names the records before anything is done; None, back to the list, where they are too many."""
        rows = list(permissions.visible(request.user, queryset.order_by()).order_by("pk")[: MOST + 1])
        if len(rows) > MOST:
            self.message_user(request, _("At most %(count)d at once: choose fewer.") % {"count": MOST}, messages.ERROR)
            return None
        refusals: dict[str, list] = {}
        for row in rows:
            refusals.setdefault(publishing.why_not(act, request.user, row), []).append(row)
        chosen = refusals.pop("", [])
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": act.name,
            "opts": self.opts,
            "act": act,
            "form": form or ActForm(act),
            "chosen": chosen[:NAMED],
            "count": len(chosen),
            "more": len(chosen) - len(chosen[:NAMED]),
            "refused": [refused_in_words(found, reason, named=NAMED) for reason, found in refusals.items()],
            "seen_field": SEEN,
            "seen": ",".join(f"{row.pk}:{row.version}" for row in chosen),
            "list_url": self._list_url(),
            "action": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_publishing_many", args=[act.code]),
        }
        return TemplateResponse(request, "admin/publishing_many.html", context)

    def _list_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def tell_outcome(self, request, act: Act, outcome: Outcome) -> None:
        """Say what became of the records: done, as it was already, refused with the reason."""
        if outcome.changed:
            said = done_in_words(act, len(outcome.changed))
            if outcome.batch:
                link = batch_url(outcome.batch)
                said = format_html('{} <a href="{}">{}</a>', said, link, _("See it, or take it back."))
            self.message_user(request, said, messages.SUCCESS)
        if outcome.already:
            self.message_user(request, already_in_words(act, len(outcome.already)), messages.INFO)
        reasons: dict[str, list] = {}
        for record, reason in outcome.refused:
            reasons.setdefault(reason, []).append(record)
        for reason, records in reasons.items():
            message = refused_in_words(records, reason, named=NAMED_IN_MESSAGES)
            self.message_user(request, message, messages.WARNING)


def _read_seen(text: str) -> dict[int, int]:
    """Keys and row versions as the page sent them; what cannot be one is left out."""
    pairs = [piece.split(":") for piece in text.split(",")[:MOST]]
    return {int(pair[0]): int(pair[1]) for pair in pairs if len(pair) == 2 and all(map(is_key, pair))}
