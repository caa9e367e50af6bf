"""Batches of changes in the admin: what each did, record by record, and taking it back."""

from dataclasses import dataclass, field

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from liangzhou import permissions
from liangzhou.batches import ChangeBatch, undo
from liangzhou.batches import rights as batch_rights
from liangzhou.batches.undo_plan import Plan, Share, before_and_after, recorded_models, told, touched
from liangzhou.fieldsets import show_value
from liangzhou.forms import ReasonForm
from liangzhou.history.changes import (
    Change,
    changes_between,
    contents,
    fetch_related,
    name_of,
    person,
    row_of,
    told_fields,
)
from liangzhou.lists import ReadList

RECORDS_PER_PAGE = 50
KEPT_SHOWN = 200
LISTED = 20


@dataclass
class Touched:
    """What a batch did to one record. `kind` is +, ~ or -; `url` leads to it, or to its history where it is gone."""

    kind: str
    model_name: str
    name: str
    url: str
    changes: list[Change] = field(default_factory=list)


class BatchList(ChangeList):
    """The batches of which somebody may see something: also what a batch is called tells of its records."""

    def get_queryset(self, request, **kwargs):
        return super().get_queryset(request, **kwargs).filter(batch_rights.seen_by(request.user))


@admin.register(ChangeBatch)
class ChangeBatchAdmin(ReadList, admin.ModelAdmin):
    list_display = ("act", "what", "who", "when", "taken_back")
    list_display_links = ("act", "what")
    list_filter = ("kind", "at")
    list_select_related = ("by", "undone_by", "undoes")
    list_per_page = 50
    search_fields = ("label", "reason")
    ordering = ("-id",)
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def has_view_permission(self, request, obj=None):
        """Also those who may change some kind of record: what they did is here, too; a batch they may see some of."""
        may_change = (_may(request, "change", model) for model in recorded_models())
        may_open = super().has_view_permission(request, obj) or any(may_change)
        return may_open and (obj is None or batch_rights.may_see(request.user, obj))

    # The list

    def get_changelist(self, request, **kwargs):
        return BatchList

    @admin.display(description=gettext_lazy("act"), ordering="kind")
    def act(self, obj):
        return obj.get_kind_display()

    @admin.display(description=gettext_lazy("of what"), ordering="label", empty_value="—")
    def what(self, obj):
        return obj.label or None

    @admin.display(description=gettext_lazy("who"))
    def who(self, obj):
        return person(obj.by)

    @admin.display(description=gettext_lazy("when"), ordering="at")
    def when(self, obj):
        return show_value(obj.at)

    @admin.display(description=gettext_lazy("taken back"), empty_value="—")
    def taken_back(self, obj):
        undone = getattr(obj, "undone_by", None)
        return undone and format_html('<a href="{}">{}</a>', batch_url(undone), show_value(undone.at))

    # One batch

    def get_urls(self):
        wrap = self.admin_site.admin_view
        name = "liangzhou_changebatch_undo"
        return [path("<path:object_id>/undo/", wrap(self.undo_view), name=name), *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        """A batch is never changed: its own page says everything."""
        return HttpResponseRedirect(batch_url(self._batch(request, object_id)))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What the batch did, per kind and record by record."""
        batch = self._batch(request, object_id)
        counts, undone_by = undo.touched_counts(batch), _undone_by(batch)
        seen = [count for count in counts if _may(request, "view", count["model"])]
        page = Paginator(range(sum(count["total"] for count in seen)), RECORDS_PER_PAGE).get_page(
            request.GET.get(PAGE_VAR)
        )
        context = {
            "counts": [{**count, "name": capfirst(count["model"]._meta.verbose_name_plural)} for count in counts],
            "records": [_touched(request, *part) for part in _of_page(request, batch, seen, page)],
            "hidden": len(counts) - len(seen),
            "page": page,
            "page_range": page.paginator.get_elided_page_range(page.number),
            "page_var": PAGE_VAR,
            "may_undo": batch_rights.may_undo(request.user, batch, counts) and not undone_by,
            "lacking": "" if undone_by else "、".join(_lacking(request, counts, batch)),
            "undone_by": undone_by,
        }
        return self._page(request, "change_batch", batch, str(batch), **context)

    def undo_view(self, request, object_id):
        """What taking the batch back would do, and on POST does."""
        batch = self._batch(request, object_id)
        if not may_undo(request, batch):
            raise PermissionDenied
        form = ReasonForm(request.POST or None, auto_id="id_%s")
        problem = ""
        if request.method == "POST" and form.is_valid():
            try:
                return self._undone(request, undo.undo(batch, by=request.user, reason=form.cleaned_data["reason"]))
            except ValidationError as error:
                problem = " ".join(error.messages)
        try:
            plan = undo.preview(batch, by=request.user)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(batch_url(batch))
        kept = _shown(request, plan.kept)[:KEPT_SHOWN]
        context = {
            "plan": plan,
            "listed": _listed(request, plan),
            "form": form,
            "problem": problem,
            "kept": [_with_url(request, line) for line in told(kept)],
            "more_kept": len(plan.kept) - len(kept),
        }
        title = _("Take back: %(batch)s") % {"batch": batch}
        return self._page(request, "change_batch_undo", batch, title, **context)

    def _undone(self, request, done: undo.Undone):
        said = [
            ngettext("%(count)d record set back.", "%(count)d records set back.", done.set_back),
            ngettext("%(count)d record deleted.", "%(count)d records deleted.", done.deleted),
            ngettext("%(count)d record entered again.", "%(count)d records entered again.", done.created),
        ]
        for sentence, count in zip(said, (done.set_back, done.deleted, done.created), strict=True):
            if count:
                self.message_user(request, sentence % {"count": count}, messages.SUCCESS)
        if done.kept:
            sentence = ngettext("%(count)d thing stays as it is.", "%(count)d things stay as they are.", len(done.kept))
            self.message_user(request, sentence % {"count": len(done.kept)}, messages.WARNING)
        return HttpResponseRedirect(batch_url(done.batch))

    def _batch(self, request, object_id) -> ChangeBatch:
        batch = self.get_object(request, unquote(object_id))
        if batch is None:
            raise Http404
        if not self.has_view_permission(request, batch):
            raise PermissionDenied
        return batch

    def _page(self, request, template: str, batch, title: str, **context):
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "batch": batch,
            "who": person(batch.by),
            "opts": self.opts,
            "batch_url": batch_url(batch),
            "undo_url": reverse("admin:liangzhou_changebatch_undo", args=[batch.pk]),
            **context,
        }
        return TemplateResponse(request, f"admin/{template}.html", context)


def batch_url(batch) -> str:
    """The page of a batch."""
    return reverse("admin:liangzhou_changebatch_change", args=[batch.pk])


def may_undo(request, batch) -> bool:
    """Whether somebody may take a batch back."""
    return batch_rights.may_undo(request.user, batch, undo.touched_counts(batch))


def _lacking(request, counts: list[dict], batch) -> list[str]:
    """The kinds of records on which somebody has too few rights to take a batch back."""
    return [str(model._meta.verbose_name_plural) for model in batch_rights.lacking(request.user, counts, batch)]


def _undone_by(batch) -> ChangeBatch | None:
    return ChangeBatch.objects.filter(undoes=batch).first()


def _may(request, act: str, model) -> bool:
    return permissions.may(request.user, act, model)


def _shown(request, kept: list) -> list:
    """What stays, as far as it is of records that may be seen."""
    seen: dict = {}
    for model in {one.model for one in kept if _may(request, "view", one.model)}:
        rows = model._base_manager.filter(pk__in={one.pk for one in kept if one.model is model})
        seen[model] = None if permissions.reaches_all(request.user, "view", model) else _keys(request, rows)
    return [one for one in kept if one.model in seen and (seen[one.model] is None or one.pk in seen[one.model])]


def _keys(request, rows) -> set:
    return set(permissions.visible(request.user, rows).values_list("pk", flat=True))


def _of_page(request, batch, counts: list[dict], page):
    """(model, key, whether it is there, before, after) of each record of one page that may be seen, kind by kind."""
    skip, left = (page.number - 1) * RECORDS_PER_PAGE, RECORDS_PER_PAGE
    for count in counts:
        model = count["model"]
        rows = list(touched(model, batch)[skip : skip + left]) if skip < count["total"] and left else []
        skip, left = max(0, skip - count["total"]), left - len(rows)
        ends = before_and_after(model, rows)
        past = [row for pair in ends.values() for row in pair if row is not None]
        fetch_related(past, told_fields(model))
        there = set(model._base_manager.filter(pk__in=list(ends)).values_list("pk", flat=True)) if ends else set()
        limited = not permissions.reaches_all(request.user, "view", model)
        seen = _keys(request, model._base_manager.filter(pk__in=there)) if limited else there
        for pk, (before, after) in ends.items():
            past = after or before
            if past and (pk in seen or (pk not in there and permissions.may(request.user, "view", row_of(past)))):
                yield model, pk, pk in there, before, after


def _touched(request, model, pk, exists: bool, before, after) -> Touched:
    fields = told_fields(model)
    if before is not None and after is not None:
        kind, changes = "~", changes_between(before, after, fields)
    else:
        kind, changes = ("-", []) if after is None else ("+", [])
        changes = contents(before or after, fields)
    url = _record_url(request, model, pk, "change" if exists else "history")
    return Touched(kind, capfirst(model._meta.verbose_name), name_of(after or before), url, changes)


def _record_url(request, model, pk, page: str = "change") -> str:
    """A page of the record in the admin, where it has one that the reader may open."""
    try:
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=[pk])
    except NoReverseMatch:
        return ""
    return url if _may(request, "view", model) else ""


@dataclass
class Listed:
    """What taking a batch back does to records of one kind: `act` is ~, - or +; the first of them as (name, url)."""

    act: str
    kind: str
    records: list[tuple[str, str]]
    total: int

    @property
    def more(self) -> int:
        """How many are not listed."""
        return self.total - len(self.records)


def _listed(request, plan: Plan) -> list[Listed]:
    """The records that taking a batch back reaches, by what becomes of them and by kind, as far as one may see them."""
    seen = [share for share in plan.shares.values() if _may(request, "view", share.model)]
    acts = (("~", lambda share: share.set_back), ("-", lambda share: share.delete), ("+", lambda share: share.create))
    return [
        Listed(act, capfirst(share.model._meta.verbose_name), _first(request, share, act, keys), len(keys))
        for act, of in acts
        for share in seen
        if (keys := of(share))
    ]


def _first(request, share: Share, act: str, keys) -> list[tuple[str, str]]:
    """(name, url) of the first records of a share; what is to come back is named as it was, and has no page yet."""
    model, pks = share.model, sorted(keys)[:LISTED]
    if act == "+":
        rows = list(model.history.filter(history_id__in=[keys[pk] for pk in pks]).order_by("history_id"))
        fetch_related(rows, told_fields(model))
        return [(name_of(row), "") for row in rows]
    rows = list(model._base_manager.filter(pk__in=pks).order_by("pk"))
    fetch_related(rows, told_fields(model))
    return [(name_of(row), _record_url(request, model, row.pk)) for row in rows]


def _with_url(request, line: dict) -> dict:
    url = _record_url(request, line["model"], line["pk"]) if line["exists"] else ""
    return line | {"url": url, "kind": capfirst(line["kind"]), "field": capfirst(line["field"])}
