"""The history page of a record: every save, who made it, what it changed in the record and its parts."""

from dataclasses import dataclass, field
from datetime import datetime

from liangzhou.changes import (
    Line,
    changes_between,
    contents,
    part_histories,
    part_label,
    person,
    told_fields,
    whole_row,
)


@dataclass
class Entry:
    """One save. `kind` is +, ~ or -, as django-simple-history has it."""

    kind: str
    who: str
    when: datetime
    lines: list[Line] = field(default_factory=list)


def entries(model, page: list, *, older, newer, inlines: list, whole) -> list[Entry]:
    """The saves of one page, newest first.

    `page` are historical records of the record `whole`; `older` and `newer` are the ones next to
    the page, None where there is none.
    """
    fields = told_fields(model)
    found = []
    for past, previous in zip(page, [*page[1:], older], strict=True):
        changed = past.history_type == "~" and previous is not None
        changes = changes_between(previous, past, fields) if changed else contents(past, fields)
        lines = [Line("", change) for change in changes]
        found.append(Entry(past.history_type, person(past.history_user), past.history_date, lines))
    for when, lines in _part_lines(inlines, whole):
        # A part is saved after its record, in the same moment: it belongs to the newest save that is not later.
        if newer is None or when < newer.history_date:
            entry = next((entry for entry in found if entry.when <= when), None)
            if entry:
                entry.lines.extend(lines)
    return found


def _part_lines(inlines: list, whole):
    """Every change of a part: when, and its lines."""
    for inline in inlines:
        fields = told_fields(inline.model, apart_from=inline.link_fields())
        for records in part_histories(inline, whole).values():
            for older, past in zip([None, *records], records, strict=False):
                if older is None or past.history_type == "-":
                    yield past.history_date, [whole_row(inline, past)]
                else:
                    where = part_label(inline, past)
                    yield past.history_date, [Line(where, change) for change in changes_between(older, past, fields)]
