"""Two clerks, one record: the second is told who changed what, and loses nothing typed.

The change form carries the row version it was opened with. Where the row has moved on, nothing is
saved. What the second clerk did not touch is brought up to date; what both changed stays as the
second clerk typed it and is marked; the form that comes back carries the new version, so that
pressing save again writes what is on the screen.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django import forms
from django.utils.translation import gettext as _

from liangzhou.fieldsets import show_value
from liangzhou.history.changes import (
    UNKNOWN,
    Change,
    Line,
    in_words,
    net_changes,
    part_histories,
    part_label,
    person,
    row_of,
    told_fields,
    whole_row,
)
from liangzhou.inline_rows import InlineRows, Row

FIELD = "_version"


@dataclass
class Conflict:
    """What happened to a record while somebody else had it open."""

    sentence: str
    lines: list[Line] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)  # form field -> what to say at it
    known: bool = True  # whether it could be told what was saved since

    @property
    def is_harmless(self) -> bool:
        """Whether nothing was saved that the form shows: only the row version moved on."""
        return self.known and not self.lines


def check(model_admin, request, obj) -> Conflict | None:
    """None where the row is as the clerk opened it. Mends `request.POST` either way; the row must be locked."""
    inlines = list(model_admin.get_formsets_with_inlines(request, obj))
    seen = request.POST.get(FIELD, "")
    if seen == str(obj.version):
        _drop_impossible_rows(request, obj, inlines)
        return None
    records = _records_since(obj, seen)
    conflict = Conflict(_sentence(obj, records), known=bool(records))
    merge = _Merge(request.POST, conflict)
    if records:
        merge.record(model_admin.get_form(request, obj, change=True), obj, records)
        for formset_class, inline in inlines:
            if inline.has_change_permission(request, obj):
                merge.parts(formset_class, inline, obj, since=records[1].history_date)
    request.POST = merge.data
    if not records:
        _drop_impossible_rows(request, obj, inlines)
    return conflict


def check_deleted(model_admin, request, pk) -> Conflict | None:
    """Where the record was deleted meanwhile: `request.POST` becomes that of a new record."""
    deletion = model_admin.model.history.filter(**{model_admin.opts.pk.attname: pk}, history_type="-").first()
    if deletion is None:
        return None
    data = request.POST.copy()
    for formset_class, _inline in model_admin.get_formsets_with_inlines(request, None):
        rows = InlineRows(formset_class, data)
        if rows.readable:
            for row in reversed(rows.added + rows.kept):
                rows.added = [other for other in rows.added if other is not row]
                rows.make_new(row)
            rows.write(data)
    request.POST = data
    return Conflict(
        _(
            "%(who)s deleted this record at %(when)s while you had it open. Nothing has been saved yet. What you "
            "typed is below: save it to enter it as a new record."
        )
        % {"who": person(deletion.history_user), "when": show_value(deletion.history_date)}
    )


def _records_since(obj, seen: str) -> list:
    """The historical record of the version that was opened and all after it; empty where it is not known."""
    if not (seen.isdecimal() and len(seen) < 10 and int(seen) < obj.version):
        return []
    history = type(obj).history.filter(**{obj._meta.pk.attname: obj.pk}).select_related("history_user")
    opened = history.filter(version=int(seen)).order_by("-history_id").first()
    if opened is None:
        return []
    later = list(history.filter(history_id__gt=opened.history_id).order_by("history_id"))
    return [opened, *later] if later else []


def _sentence(obj, records: list) -> str:
    if not records:
        return _(
            "It cannot be told which state of this record you had open, so nothing has been saved yet. Compare it "
            "with the record as it is now. Saving again writes what is on the screen."
        )
    people = list(dict.fromkeys(person(record.history_user) for record in records[1:]))
    return _(
        "While you had this record open, %(who)s saved it, last at %(when)s. Nothing of yours has been saved "
        "yet and nothing you typed is lost. Fields that you did not touch now show the new values. Saving again "
        "writes what is on the screen."
    ) % {
        "who": "、".join(people),
        "when": show_value(records[-1].history_date),
    }


def _drop_impossible_rows(request, obj, inlines) -> None:
    """A form that was tampered with may speak of inline rows that are not there; Django would stumble."""
    data = request.POST.copy()
    dropped = False
    for formset_class, inline in inlines:
        rows = InlineRows(formset_class, data)
        if rows.readable and inline.has_change_permission(request, obj):
            known = {str(part.pk) for part in formset_class(instance=obj).get_queryset()}
            if rows.drop_unknown(known):
                rows.write(data)
                dropped = True
    if dropped:
        request.POST = data


class _Merge:
    """Brings a posted form up to date, field by field, and notes each step in the conflict."""

    def __init__(self, posted, conflict: Conflict):
        self.posted = posted
        self.data = posted.copy()
        self.conflict = conflict

    def record(self, form_class, obj, records: list) -> None:
        """The fields of the record itself."""
        changes = net_changes(records, told_fields(type(obj)))
        mine = form_class(self.posted, instance=row_of(records[0]))
        now = form_class(instance=obj)
        for change in changes:
            typed = _typed_otherwise(mine, change)
            self.conflict.lines.append(Line("", change, typed))
            if typed:
                self.conflict.notes[change.name] = _("%(who)s changed this to “%(new)s” while you had it open.") % {
                    "who": change.who,
                    "new": change.new,
                }
            elif change.name in now.fields:
                _put(self.data, change.name, now[change.name])

    def parts(self, formset_class, inline, obj, *, since: datetime) -> None:
        """The rows of one inline, of which `since` is when the first other save happened."""
        rows = InlineRows(formset_class, self.data)
        if not rows.readable:
            return
        current = {str(part.pk): part for part in formset_class(instance=obj).get_queryset()}
        posted = {row.pk: row for row in rows.kept}
        for pk, records in part_histories(inline, obj).items():
            earlier = [past for past in records if past.history_date < since]
            later = [past for past in records if past.history_date >= since]
            before = earlier[-1] if earlier and earlier[-1].history_type != "-" else None
            if later:
                self._part(rows, posted.get(pk), formset_class.form, inline, current.get(pk), before, later)
        rows.drop_unknown(set(current))
        rows.write(self.data)

    def _part(self, rows, row, form_class, inline, part, before, later: list) -> None:
        if before is None and part is not None:
            self._added(rows, row, form_class, inline, part, later[-1])
        elif before is not None and part is None:
            self._deleted(rows, row, form_class, inline, before, later[-1])
        elif before is not None:
            self._changed(rows, row, form_class, inline, part, [before, *later])

    def _added(self, rows, row, form_class, inline, part, last) -> None:
        self.conflict.lines.append(whole_row(inline, last))
        if row is None:
            form = form_class(instance=part)
            values = {name: _as_posted(form[name]) for name in form.fields}
            rows.kept.append(Row(str(part.pk), None, {**values, rows.pk_name: [str(part.pk)]}))

    def _deleted(self, rows, row, form_class, inline, before, last) -> None:
        mine = self._posted_form(rows, row, form_class, before)
        kept = mine is not None and mine.changed_data and "DELETE" not in row.values
        note = _("Your row is kept; saving enters it anew.") if kept else ""
        self.conflict.lines.append(whole_row(inline, last, mine=note))
        if kept:
            rows.make_new(row)

    def _changed(self, rows, row, form_class, inline, part, records: list) -> None:
        fields = told_fields(inline.model, apart_from=inline.link_fields())
        mine = self._posted_form(rows, row, form_class, records[0])
        now = form_class(instance=part)
        removed = _("You marked this row for deletion.") if row and "DELETE" in row.values else ""
        for change in net_changes(records, fields):
            typed = removed or (_typed_otherwise(mine, change) if mine else "")
            self.conflict.lines.append(Line(part_label(inline, records[0]), change, typed))
            if row and not typed and change.name in now.fields:
                row.values[change.name] = _as_posted(now[change.name])

    def _posted_form(self, rows, row, form_class, before):
        if row is None:
            return None
        return form_class(self.posted, prefix=f"{rows.prefix}-{row.index}", instance=row_of(before))


def _typed_otherwise(form, change: Change) -> str:
    """What the clerk typed into a field that somebody else changed too; empty where it is the same or untouched."""
    if change.name not in form.fields or change.name not in form.changed_data:
        return ""
    if change.name in form.errors:
        return str(form[change.name].value()) or UNKNOWN  # emptied: typed otherwise too
    typed = in_words(form.instance, form._meta.model._meta.get_field(change.name))
    return "" if typed == change.new else typed


def _put(data, name: str, bound_field) -> None:
    values = _as_posted(bound_field)
    if values:
        data.setlist(name, values)
    else:
        data.pop(name, None)


def _as_posted(bound_field) -> list[str]:
    """What a browser would send for a field that nobody touched."""
    widget, value = bound_field.field.widget, bound_field.value()
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if widget.check_test(value) else []
    shown = widget.format_value(value)
    if isinstance(shown, list | tuple):
        return [str(item) for item in shown]
    return ["" if shown is None else str(shown)]
