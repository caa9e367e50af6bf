"""A record with its parts as they stood at one moment, and what differs between two moments."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from liangzhou.history.changes import (
    Line,
    changes_between,
    contents,
    fetch_related,
    part_label,
    row_of,
    told_fields,
    whole_row,
)

TOGETHER = timedelta(minutes=1)  # parts are saved after their record, in the same act


@dataclass(frozen=True)
class Save:
    """One save of the record itself. `kind` is +, ~ or -; `key` is that of its historical record."""

    key: int
    kind: str
    when: datetime
    who: int | None
    batch: int | None


@dataclass(frozen=True)
class PartChange:
    """One change of one part: what it was and became, None where it was not the record's.

    `past` is the historical record of the change, `save` the place of the save it belongs to among
    the record's saves, None where it happened alone.
    """

    inline: object
    before: object | None
    after: object | None
    past: object
    save: int | None

    @property
    def lines(self) -> list[Line]:
        """What changed, in words."""
        if self.before is None:
            return [whole_row(self.inline, self.after)]
        if self.after is None:
            gone = "" if self.past.history_type == "-" else _("moved to another record")
            return [whole_row(self.inline, self.past if not gone else self.before, gone=gone)]
        fields = part_fields(self.inline)
        where = part_label(self.inline, self.after)
        return [Line(where, change) for change in changes_between(self.before, self.after, fields)]


@dataclass
class Version:
    """A record and its parts at one moment; `row` is None where there was none. Rows may be historical records."""

    row: object | None
    parts: list[tuple[object, dict]] = field(default_factory=list)  # (inline, key of the part -> its row)


class Story:
    """All that ever happened to one record and its parts, oldest first.

    `may_tell` is asked for each state of each part, as a function of its inline and its row: a part that may
    not be told is as if it were not the record's.
    """

    def __init__(self, model, pk, inlines: list, *, may_tell: Callable = lambda inline, part: True):
        self.model, self.inlines, self.may_tell = model, inlines, may_tell
        self.records = model.history.filter(**{model._meta.pk.attname: pk})
        columns = ("history_id", "history_type", "history_date", "history_user_id", "history_batch_id")
        self.saves = [Save(*row) for row in self.records.order_by("history_id").values_list(*columns)]
        self._dates = [save.when for save in self.saves]
        self._of_batch = {save.batch: place for place, save in enumerate(self.saves) if save.batch}
        self.changes: list[PartChange] = []
        for inline in inlines if self.saves else ():
            self._read(inline, model(pk=pk))

    def _read(self, inline, whole) -> None:
        history, key = inline.model.history, inline.opts.pk.attname
        linked = history.filter(**inline.link_to(whole))
        keys = set(linked.values_list("history_id", flat=True))
        records = history.filter(**{f"{key}__in": linked.values(key)}).select_related("history_user", "history_batch")
        records = list(records.order_by("history_id"))
        fetch_related(records, part_fields(inline))
        latest: dict = {}
        for past in records:
            part = getattr(past, key)
            before = latest.get(part)
            theirs = past.history_id in keys and past.history_type != "-"
            after = past if theirs and self.may_tell(inline, row_of(past)) else None
            latest[part] = after
            if before is not None or after is not None:
                self.changes.append(PartChange(inline, before, after, past, self._save_of(past)))

    def _save_of(self, past) -> int | None:
        """The place of the save that a part was changed with."""
        if past.history_batch_id:
            return self._of_batch.get(past.history_batch_id)
        place = bisect_right(self._dates, past.history_date) - 1
        following = self.saves[place + 1] if place + 1 < len(self.saves) else None
        if past.history_type == "-" and following and following.kind == "-" and self._together(following, past):
            return place + 1  # parts go before their record does
        return place if place >= 0 and self._together(self.saves[place], past) else None

    def _together(self, save: Save, past) -> bool:
        close = abs(save.when - past.history_date) < TOGETHER
        return close and save.who == past.history_user_id and save.batch is None

    def after(self, key: int) -> Version:
        """The record as one of its saves, with all that was saved together, left it."""
        place = next(place for place, save in enumerate(self.saves) if save.key == key)
        until = self.saves[place + 1].when if place + 1 < len(self.saves) else None

        def happened(change: PartChange) -> bool:
            if change.save is not None:
                return change.save <= place
            return until is None or change.past.history_date < until

        return self._version(key, happened)

    def at(self, moment: datetime) -> Version:
        """The record as it stood just before a moment."""
        keys = [save.key for save in self.saves if save.when < moment]
        return self._version(keys[-1] if keys else None, lambda change: change.past.history_date < moment)

    def _version(self, key: int | None, happened) -> Version:
        row = (
            self.records.select_related("history_user", "history_batch").get(history_id=key)
            if key is not None
            else None
        )
        parts: dict = {inline: {} for inline in self.inlines}
        for change in filter(happened, self.changes):
            part = getattr(change.past, change.inline.opts.pk.attname)
            parts[change.inline].pop(part, None)
            if change.after is not None:
                parts[change.inline][part] = change.after
        gone = row is None or row.history_type == "-"
        return Version(None if gone else row, [(inline, {} if gone else rows) for inline, rows in parts.items()])


def part_fields(inline) -> list:
    """The fields of a part that people type."""
    return told_fields(inline.model, apart_from=inline.link_fields())


def current(obj, inlines: list) -> Version:
    """A record and its parts as they are."""
    found = []
    for inline in inlines:
        names = [one.name for one in part_fields(inline) if one.is_relation]
        rows = inline.model._base_manager.filter(**inline.link_to(obj)).select_related(*names).order_by("pk")
        found.append((inline, {row.pk: row for row in rows}))
    return Version(obj, found)


def own_difference(model, old: Version, new: Version, *, apart_from: tuple[str, ...] = ()) -> list[Line]:
    """What differs in the record's own fields. Where it was not there at all, all that it says."""
    fields = told_fields(model, apart_from)
    fetch_related([row for row in (old.row, new.row) if hasattr(row, "instance_type")], fields)
    if old.row is not None and new.row is not None:
        changes = changes_between(old.row, new.row, fields)
    else:
        changes = contents(new.row or old.row, fields) if new.row or old.row else []
    return [Line("", change) for change in changes]


def parts_difference(old: Version, new: Version) -> list[Line]:
    """What differs in the parts."""
    lines = []
    for (inline, then), (_inline, later) in zip(old.parts, new.parts, strict=True):
        for key in [*then, *(key for key in later if key not in then)]:
            before, after = then.get(key), later.get(key)
            if before is None:
                lines.append(whole_row(inline, after))
            elif after is None:
                lines.append(whole_row(inline, before, gone=_("deleted")))
            else:
                changes = changes_between(before, after, part_fields(inline))
                lines += [Line(part_label(inline, after), change) for change in changes]
    return lines


def as_row(row):
    """A row of the present, or the row that a historical record remembers."""
    return row_of(row) if hasattr(row, "instance_type") else row
