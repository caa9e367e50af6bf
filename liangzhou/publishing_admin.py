"""Records that the public sees only once they are published, in the admin."""

from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from liangzhou import publishing
from liangzhou.admin import LedgerAdmin
from liangzhou.batch_admin import batch_url

NAMED_IN_MESSAGES = 10


class PublishableAdmin(LedgerAdmin):
    """Records that the public sees only once they are published."""

    actions = ("publish", "unpublish")

    @admin.action(permissions=["change"], description=gettext_lazy("Publish the selected %(verbose_name_plural)s"))
    def publish(self, request, queryset):
        outcome = publishing.publish(queryset, by=request.user)
        self._tell(
            request,
            ngettext("%(count)d published.", "%(count)d published.", len(outcome.changed)),
            outcome.changed,
            messages.SUCCESS,
            batch=outcome.batch,
        )
        self._tell(
            request,
            ngettext("%(count)d was public already.", "%(count)d were public already.", len(outcome.already)),
            outcome.already,
            messages.INFO,
        )
        self._tell_refused(request, outcome.refused)

    @admin.action(permissions=["change"], description=gettext_lazy("Unpublish the selected %(verbose_name_plural)s"))
    def unpublish(self, request, queryset):
        outcome = publishing.unpublish(queryset, by=request.user)
        self._tell(
            request,
            ngettext("%(count)d is public no longer.", "%(count)d are public no longer.", len(outcome.changed)),
            outcome.changed,
            messages.SUCCESS,
            batch=outcome.batch,
        )
        self._tell(
            request,
            ngettext("%(count)d was not public anyway.", "%(count)d were not public anyway.", len(outcome.already)),
            outcome.already,
            messages.INFO,
        )

    def _tell(self, request, sentence: str, records: list, level, *, batch=None) -> None:
        if records:
            said = sentence % {"count": len(records)}
            if batch:
                said = format_html('{} <a href="{}">{}</a>', said, batch_url(batch), _("See it, or take it back."))
            self.message_user(request, said, level)

    def _tell_refused(self, request, refused: list) -> None:
        reasons: dict[str, list] = {}
        for record, reason in refused:
            reasons.setdefault(reason, []).append(record)
        for reason, records in reasons.items():
            sentence = ngettext(
                "%(count)d not published: %(names)s. %(reason)s",
                "%(count)d not published: %(names)s. %(reason)s",
                len(records),
            )
            names = "、".join(str(record) for record in records[:NAMED_IN_MESSAGES])
            more = "…" if len(records) > NAMED_IN_MESSAGES else ""
            message = sentence % {"count": len(records), "names": names + more, "reason": reason}
            self.message_user(request, message, messages.WARNING)
