"""The history page of a record: every save, who made it, what it changed in the record and its parts."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from liangzhou.history.changes import Line, changes_between, contents, fetch_related, person, told_fields
from liangzhou.history.versions import TOGETHER, PartChange, Story

FROM_ARTICLE = "load_article:"  # how the reason begins of what the article's loader wrote


@dataclass
class Entry:
    """One save, or something else in the life of a record, which then has a title.

    `kind` is +, ~ or -, as django-simple-history has it; `key` that of the historical record of a
    save of the record itself, None for what cannot be gone back to.
    """

    kind: str
    who: str
    when: datetime
    lines: list[Line] = field(default_factory=list)
    title: str = ""
    reason: str = ""
    batch: object = None
    batch_named: bool = False  # whether the reader may know what the batch is called
    key: int | None = None
    restore_url: str = ""
    chosen: str = ""  # "from" or "to": what is compared where the reader chooses nothing


def entries(page: list, *, older, newer, story: Story, events: list[Entry] = ()) -> list[Entry]:
    """The saves of one page and what else happened meanwhile, newest first.

    `page` are historical records of the record that `story` is of; `older` and `newer` are the ones
    next to the page, None where there is none. `events` are of its whole life.
    """
    found = _saves(story, page, older)
    alone = [change for change in story.changes if change.save is None]
    for entry in [*_apart(alone), *events]:
        if (newer is None or entry.when < newer.history_date) and (
            older is None or entry.when >= page[-1].history_date
        ):
            found.append(entry)
    return sorted(found, key=lambda entry: entry.when, reverse=True)


def _saves(story: Story, page: list, older) -> list[Entry]:
    fields = told_fields(story.model)
    fetch_related([*page, older] if older else page, fields)
    of_save: dict[int, list[Line]] = {}
    shown = {past.history_id for past in page}
    for change in story.changes:
        if change.save is not None and story.saves[change.save].key in shown:
            of_save.setdefault(story.saves[change.save].key, []).extend(change.lines)
    found = []
    for past, previous in zip(page, [*page[1:], older], strict=True):
        changed = past.history_type == "~" and previous is not None
        changes = changes_between(previous, past, fields) if changed else contents(past, fields)
        entry = entry_of(past)
        entry.lines = [Line("", change) for change in changes] + of_save.get(past.history_id, [])
        entry.key = past.history_id
        found.append(entry)
    return found


def _apart(changes: list[PartChange]) -> list[Entry]:
    """Changes of parts that no save of the record came with; those of one act are one entry."""
    found: list[Entry] = []
    acts: list[tuple] = []
    for change in sorted(changes, key=lambda change: change.past.history_id):
        past = change.past
        act = (past.history_user_id, past.history_batch_id)
        if not (found and acts[-1] == act and past.history_date - found[-1].when < TOGETHER):
            found.append(entry_of(past, kind="~"))
            acts.append(act)
        found[-1].lines.extend(change.lines)
    return found


def entry_of(past, kind: str = "") -> Entry:
    """What one historical record tells apart from the values."""
    return Entry(
        kind or past.history_type,
        person(past.history_user),
        past.history_date,
        reason=reason_in_words(past),
        batch=past.history_batch,
    )


def reason_in_words(past) -> str:
    """Why a record was saved, where it is known."""
    reason = past.history_change_reason or ""
    if reason.startswith(FROM_ARTICLE):
        return _("Loaded from the article.")
    if reason == "publishing:submit":
        return _("Submitted for publishing.")
    if reason == "publishing:give_back":
        return _("Returned: %(note)s") % {"note": past.review_note}
    return reason or (past.history_batch.reason if past.history_batch else "")
