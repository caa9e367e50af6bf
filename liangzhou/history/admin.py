"""The pages about a record's past: its history, two versions side by side, one day, going back."""

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou import history, permissions
from liangzhou.batches import ChangeBatch
from liangzhou.batches import rights as batch_rights
from liangzhou.forms import DayForm, RestoreForm
from liangzhou.history import restoring, versions
from liangzhou.history.changes import in_words, name_of, part_label, row_of, told_fields
from liangzhou.history.restoring import Refused, Restoring
from liangzhou.history.versions import Story
from liangzhou.lists import is_key
from liangzhou.scoped_admin import may
from liangzhou.version_lock import FIELD as VERSION_FIELD
from liangzhou.waiting import guards as waiting_guards

MEANWHILE = gettext_lazy(
    "Somebody saved this record meanwhile. What would change is below as it is now; nothing was saved."
)


class HistoryAdmin:
    """What `LedgerAdmin` can tell of a record's past.

    Three hooks for what the admin of one kind knows beyond it: `life_events`, `check_restored`,
    `after_restored`.
    """

    history_per_page = 30

    def life_events(self, obj) -> list[history.Entry]:
        """What else belongs into the history of a record, with a title; `obj` may be one that was deleted."""
        return []

    def check_restored(self, request, obj, parts: dict) -> list[str]:
        """Why a record must not go back to how `obj` is, not saved yet, with these parts by their kind: sentences."""
        return []

    def after_restored(self, request, obj, before) -> None:
        """Write what must be written beside a record that went back; `before` is None where it had been deleted."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_history"
        wrap = self.admin_site.admin_view
        return [
            path("<path:object_id>/history/compare/", wrap(self.compare_view), name=f"{name}_compare"),
            path("<path:object_id>/history/day/", wrap(self.day_view), name=f"{name}_day"),
            path("<path:object_id>/history/<int:history_id>/restore/", wrap(self.restore_view), name=f"{name}_restore"),
            *super().get_urls(),
        ]

    # What every page starts with

    def past_of(self, key):
        """The historical records of the record with a key, newest first."""
        records = self.model.history.filter(**{self.opts.pk.attname: key})
        return records.select_related("history_user", "history_batch").order_by("-history_id")

    def _past_of(self, request, object_id: str):
        """The key of a record, its historical records, and the record, as it was last where it was deleted."""
        if not hasattr(self.model, "history"):  # what only the system writes
            raise Http404
        try:
            key = self.opts.pk.to_python(unquote(object_id))
        except ValidationError as error:
            raise Http404 from error
        records = self.past_of(key)
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            last = records.first()
            if last is None or self.is_others(object_id):
                raise Http404
            obj = row_of(last)
            obj.was_deleted = True
        may_view = self.has_view_or_change_permission(request, obj)
        if not (may_view and permissions.may_read_internal(request.user, obj)):
            raise PermissionDenied
        return records, obj

    def _story(self, request, obj) -> Story:
        inlines = self.get_inline_instances(request, obj)
        return Story(self.model, obj.pk, inlines, may_tell=lambda inline, part: inline.may_tell(request, part))

    def _page(self, request, template: str, obj, title: str, **context):
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "object": obj,
            "object_name": name_of(obj),
            "exists": not hasattr(obj, "was_deleted"),
            "module_name": capfirst(self.opts.verbose_name_plural),
            "opts": self.opts,
            "history_url": self._history_url("", quote(obj.pk)),
            "compare_url": self._history_url("_compare", quote(obj.pk)),
            "day_url": self._history_url("_day", quote(obj.pk)),
            **context,
        }
        return TemplateResponse(request, f"admin/{template}.html", context)

    def _history_url(self, page: str, *args) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_history{page}", args=args)

    def render_change_form(self, request, context, *args, **kwargs):
        """The form leads to the past of what somebody may see the past of."""
        row = context.get("original")
        context["past_hidden"] = row is not None and not permissions.may_read_internal(request.user, row)
        return super().render_change_form(request, context, *args, **kwargs)

    # The list

    def history_view(self, request, object_id, extra_context=None):
        """Every save of the record and its parts, also of a record that was deleted."""
        records, obj = self._past_of(request, object_id)
        page = Paginator(records, self.history_per_page).get_page(request.GET.get(PAGE_VAR))
        if not page.object_list:
            raise Http404
        limited = permissions.is_limited(request.user)
        context = {
            "page": page,
            "page_range": page.paginator.get_elided_page_range(page.number),
            "page_var": PAGE_VAR,
            "entries": self._entries(request, records, list(page.object_list), obj),
            "day_form": DayForm(auto_id="id_%s"),
            "may_restore": self._may_restore(request, obj),
            "may_see_batches": permissions.may(request.user, "view", ChangeBatch) or limited,
            **(extra_context or {}),
        }
        return self._page(request, "record_history", obj, _("History: %(name)s") % {"name": name_of(obj)}, **context)

    def _entries(self, request, records, page: list, obj) -> list:
        older = records.filter(history_id__lt=page[-1].history_id).first()
        newer = records.filter(history_id__gt=page[0].history_id).order_by("history_id").first()
        story, events = self._story(request, obj), self.life_events(obj)
        found = history.entries(page, older=older, newer=newer, story=story, events=events)
        saves = [entry for entry in found if entry.key is not None]
        for entry in saves:
            if entry.kind != "-":
                entry.restore_url = self._history_url("_restore", quote(obj.pk), entry.key)
        for entry in found:
            entry.batch_named = batch_rights.may_name(request.user, entry.batch)
        for entry, chosen in zip(saves, ("to", "from"), strict=False):
            entry.chosen = chosen
        return found

    # Two versions

    def compare_view(self, request, object_id):
        """What differs in the record and its parts between two of its saves, the older first."""
        records, obj = self._past_of(request, object_id)
        chosen = [_key(request.GET.get(name, "")) for name in ("from", "to")]
        pair = sorted(records.filter(history_id__in=chosen), key=lambda past: past.history_id)
        if not pair:
            raise Http404
        story = self._story(request, obj)
        old, new = story.after(pair[0].history_id), story.after(pair[-1].history_id)
        lines = versions.own_difference(self.model, old, new) + versions.parts_difference(old, new)
        title = _("Two versions: %(name)s") % {"name": name_of(obj)}
        return self._page(
            request,
            "record_compare",
            obj,
            title,
            lines=lines,
            old=history.entry_of(pair[0]),
            new=history.entry_of(pair[-1]),
        )

    # One day

    def day_view(self, request, object_id):
        """The record with its parts as they stood at the end of a day, in the office's time."""
        records, obj = self._past_of(request, object_id)
        form = DayForm(request.GET, auto_id="id_%s")
        context = {"day_form": form, "day": None}
        title = _("On one day: %(name)s") % {"name": name_of(obj)}
        if form.is_valid():
            day = form.cleaned_data["on"]
            midnight = timezone.make_aware(datetime.combine(day.first + timedelta(days=1), time.min))
            story = self._story(request, obj)
            version = story.at(midnight)
            gone = [save for save in story.saves if save.when < midnight] and version.row is None
            context |= {"day": day, "gone": bool(gone), "version": version, "sections": _told(self.model, version)}
        return self._page(request, "record_day", obj, title, **context)

    # Going back

    def _may_restore(self, request, obj) -> bool:
        if hasattr(obj, "was_deleted"):
            return may(request, "add", obj)
        return self.has_change_permission(request, obj)

    def restore_view(self, request, object_id, history_id: int):
        """Asks, and on POST goes back to how one save left the record."""
        with transaction.atomic():
            if request.method == "POST":
                self._lock(request, unquote(object_id))
            records, obj = self._past_of(request, object_id)
            if not self._may_restore(request, obj):
                raise PermissionDenied
            past = records.filter(history_id=_key(history_id)).exclude(history_type="-").first()
            if past is None:
                raise Http404
            plan = self._restoring(request, obj, past)
            form = RestoreForm(request.POST or None, auto_id="id_%s")
            problems = []
            if request.method == "POST":
                problems = self._wrong_version(request, obj)
                if not problems and form.is_valid():
                    problems = self._restore(request, plan, form.cleaned_data)
                    if not problems:
                        return self._restored(request, plan)
        return self._ask(request, obj, past, plan, form, problems)

    def _restoring(self, request, obj, past) -> Restoring:
        story = self._story(request, obj)
        writable = [inline for inline in story.inlines if _may_write(inline, request, obj)]
        story = Story(self.model, obj.pk, writable)
        exists = not hasattr(obj, "was_deleted")
        now = versions.current(obj, writable) if exists else versions.Version(None, [(i, {}) for i in writable])
        return Restoring(self.model, now, story.after(past.history_id))

    def _wrong_version(self, request, obj) -> list[str]:
        version = "" if hasattr(obj, "was_deleted") else str(obj.version)
        if request.POST.get(VERSION_FIELD, "") == version:
            return []
        return [MEANWHILE]

    def _restore(self, request, plan: Restoring, typed: dict) -> list[str]:
        """Write it; the sentences say why it could not be."""
        with_parts, before = not typed["own_only"], plan.now.row
        row = plan.row()
        not_theirs = permissions.why_not_own(request.user, row, "add" if before is None else "change")
        not_here = not_theirs or waiting_guards.why_not_around(row)
        problems = [not_here] if not_here else []
        problems = problems or self.check_restored(request, row, plan.future_parts(with_parts=with_parts))
        if problems or not plan.anything:
            return problems or [_("The record is like this already.")]
        try:
            with transaction.atomic():
                row = restoring.write(
                    plan,
                    by=request.user,
                    reason=typed["reason"],
                    with_parts=with_parts,
                    save=lambda row: self._write(request, row),
                    enter=lambda row: self._enter_again(request, row),
                    then=lambda row: self.after_restored(request, row, before),
                )
        except Refused as refused:
            return refused.sentences
        except IntegrityError:  # somebody took a name or a place between our check and our write
            return [MEANWHILE]
        return []

    def _enter_again(self, request, row) -> None:
        restoring.bring_back(row, by=request.user)

    def _restored(self, request, plan: Restoring):
        row = plan.then.row
        message = _("“%(name)s” is again as it was at that time.") % {"name": name_of(row)}
        self.message_user(request, message, messages.SUCCESS)
        return HttpResponseRedirect(self._history_url("", quote(getattr(row, self.opts.pk.attname))))

    def _ask(self, request, obj, past, plan: Restoring, form, problems: list[str]):
        title = _("Return to an earlier version: %(name)s") % {"name": name_of(obj)}
        return self._page(
            request,
            "record_restore",
            obj,
            title,
            past=history.entry_of(past),
            plan=plan,
            form=form,
            problems=problems,
            version_field=VERSION_FIELD,
            has_published=hasattr(obj, "published"),
        )


def _key(text) -> int:
    """A key of a historical record, 0 for what cannot be one."""
    text = str(text)
    return int(text) if is_key(text) else 0


def _may_write(inline, request, obj) -> bool:
    rights = (inline.has_add_permission, inline.has_change_permission, inline.has_delete_permission)
    return all(right(request, obj) for right in rights)


def _told(model, version: versions.Version) -> list[tuple[str, list]]:
    """Everything that a version says: (heading, [(label, value)]), the record itself first."""
    if version.row is None:
        return []
    sections = [("", _pairs(version.row, told_fields(model)))]
    for inline, rows in version.parts:
        fields = versions.part_fields(inline)
        sections += [(part_label(inline, row), _pairs(row, fields)) for row in rows.values()]
    return sections


def _pairs(row, fields: list) -> list[tuple[str, str]]:
    return [(capfirst(field.verbose_name), in_words(row, field)) for field in fields]
