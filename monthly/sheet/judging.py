"""One typed row against what the database has by now: what it changes, what is wrong, who changed the same cell."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from liangzhou.history.changes import person
from liangzhou.money import LARGEST_WAN, plain
from monthly.slips import OF_ANOTHER_AMOUNT, Severity, Slip, slips, wants_new_reason

from .amounts import Pair, pair_of, read, settle
from .rows import Row
from .typed import TEXTS, Typed, digest, stored, was_of


@dataclass(frozen=True)
class Mode:
    """How a month takes changes: `corrects` once a locked version sums it, `locked` while it is locked."""

    corrects: bool = False
    locked: bool = False

    def __str__(self):
        return f"{int(self.corrects)}{int(self.locked)}"


@dataclass
class Judged:
    """One row of a form. `shown` are the texts of its cells, `amount`, `plan` and the texts what it would become."""

    row: Row
    mode: Mode
    shown: dict[str, str]
    amount: Decimal | None
    plan: Decimal | None
    changed: set[str] = field(default_factory=set)  # "amount", "plan", "site", "problem", "reason"
    slips: list[Slip] = field(default_factory=list)
    brought: int = 0  # cells that only somebody else changed: they are up to date now

    @property
    def is_wrong(self) -> bool:
        """Whether something of it blocks."""
        return any(one.severity == Severity.ERROR for one in self.slips)

    def refuse(self, code: str, cell: str, sentence: str) -> None:
        """Note what blocks."""
        self.slips.append(Slip(code, Severity.ERROR, cell, sentence))

    @property
    def is_reason_of_amount(self) -> bool:
        """Whether a reason was typed that is the amount's, although that may stay: a changed plan has its own."""
        return "reason" in self.changed and not self.changed & {"amount", "plan"}

    @property
    def reason_of_plan(self) -> str:
        """The reason typed beside a plan that changed; a first plan has none, where the amount explains it."""
        is_its = "reason" in self.changed and (self.row.plan is not None or "amount" not in self.changed)
        return self.shown["reason"] if is_its else ""

    @property
    def difference(self) -> Decimal:
        """What a correction of the month's amount would say."""
        return (self.amount or Decimal(0)) - (self.row.amount or Decimal(0))

    @property
    def entry_amount(self) -> Decimal | None:
        """What the month's own row would say, where corrections stand beside it."""
        return None if self.amount is None else self.amount - sum((one.amount for one in self.row.corrections), 0)


def judge(row: Row, typed: Typed, mode: Mode) -> Judged:
    """What a typed row means. Errors and conflicts are among its slips; nothing is written."""
    texts = stored(row, corrects=mode.corrects)
    was = typed.was or was_of(row, corrects=mode.corrects)
    plan = row.plan.value if row.plan else None
    judged = Judged(row, mode, dict(texts), row.amount, plan)
    _amount(judged, typed, was)
    _plan(judged, typed, was)
    for name in TEXTS:
        _text(judged, name, typed.cells.get(name), getattr(was, name), texts[name])
    _rules(judged)
    return judged


def _read(judged: Judged, typed: Typed, name: str, default: Decimal | None) -> Decimal | None:
    """The amount in a cell; what cannot be read is noted. Raises ValidationError then."""
    text = typed.cells.get(name)
    if text is None:
        return default
    try:
        return read(text)
    except ValidationError as error:
        judged.refuse("unreadable", name, " ".join(error.messages))
        raise


def _amount(judged: Judged, typed: Typed, was) -> None:
    row, stood = judged.row, pair_of(was.month, was.before)
    texts = {name: typed.cells[name] for name in ("month", "cumulative") if name in typed.cells}
    try:
        pair = Pair(_read(judged, typed, "month", stood.month), _read(judged, typed, "cumulative", stood.cumulative))
        amount = settle(pair, stood, was.before)
    except ValidationError as error:
        judged.shown |= texts
        if not judged.slips:
            judged.refuse(error.code, "cumulative", " ".join(error.messages))
        return
    if amount == was.month:
        judged.brought += row.amount != was.month
        return
    judged.amount = amount
    if amount == row.amount:
        return
    judged.changed.add("amount")
    judged.shown |= {"month": plain(amount), "cumulative": plain(pair_of(amount, row.before).cumulative)}
    if row.amount != was.month:
        _conflict(judged, "month", _newest(row.records), plain(row.amount), plain(amount))
    elif row.before != was.before and pair.cumulative != stood.cumulative:
        sentence = _("The months before come to %(now)s by now, no longer %(was)s: look at the cumulative again.")
        told = {"now": plain(row.before) or "—", "was": plain(was.before) or "—"}
        judged.refuse("conflict", "cumulative", sentence % told)


def _plan(judged: Judged, typed: Typed, was) -> None:
    plan, text = judged.row.plan, typed.cells.get("plan")
    now = plan.value if plan else None
    try:
        value = _read(judged, typed, "plan", was.plan)
    except ValidationError:
        judged.shown["plan"] = text
        return
    if value == was.plan:
        judged.brought += now != was.plan
        return
    judged.shown["plan"] = text
    if value == now:
        return
    judged.plan = value
    judged.changed.add("plan")
    if now != was.plan:
        _conflict(judged, "plan", plan, plain(now), text)
    elif value is None:
        judged.refuse("emptied", "plan", _("A target that was set is not taken away: write 0."))
    elif value < 0:
        judged.refuse("negative", "plan", _("An amount cannot be negative."))


def _text(judged: Judged, name: str, text: str | None, was: str, now: str) -> None:
    if text is None or digest(text) == was:
        judged.brought += text is not None and digest(now) != was
        return
    judged.shown[name] = text
    if text == now:
        return
    judged.changed.add(name)
    if digest(now) != was:
        record = judged.row.entry if name == "reason" else judged.row.report
        _conflict(judged, name, record, now, text)
    elif len(text) > TEXTS[name]:
        judged.refuse("long", name, _("At most %(most)d characters.") % {"most": TEXTS[name]})


def _conflict(judged: Judged, cell: str, record, now: str, typed: str) -> None:
    told = {"now": now or "—", "typed": typed or "—"}
    if record is None:
        sentence = _("Somebody emptied it meanwhile; you typed %(typed)s. Save again to write yours.")
    else:
        told |= {"who": person(record.updated_by), "when": _clock(record.updated_at)}
        sentence = _("%(who)s saved %(now)s at %(when)s; you typed %(typed)s. Save again to write yours.")
    judged.refuse("conflict", cell, sentence % told)


def _newest(records: list):
    return max(records, key=lambda one: one.updated_at, default=None)


def _clock(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else f"{local:%m-%d %H:%M}"


# What the changes must keep to


def _rules(judged: Judged) -> None:
    row = judged.row
    if "amount" in judged.changed:
        _amount_rules(judged)
    else:
        judged.slips += row.slips()
        _reason_rules(judged)
    if "plan" in judged.changed and row.plan is not None and not judged.reason_of_plan:
        judged.refuse("reason", "reason", _("The target was changed: say why."))
    for name in ("site", "problem"):
        if name not in judged.changed:
            continue
        if judged.mode.locked:
            judged.refuse("locked", name, _("The month is locked: only its amounts can be corrected."))
        elif row.month > row.today and judged.shown[name]:
            judged.refuse("future", name, _("This month has not begun yet."))


def _reason_rules(judged: Judged) -> None:
    """A reason that is typed, or taken away, beside an amount that stays."""
    if not judged.is_reason_of_amount:
        return
    given = judged.shown["reason"]
    if given and (judged.mode.corrects or judged.amount is None):
        judged.refuse("lonely", "reason", _("A reason stands beside an amount that you type: type it, too."))
    elif not given and judged.row.entry and (_is_doubtful(judged.slips) or judged.entry_amount < 0):
        judged.refuse("reason", "reason", _("Say why it is right all the same, or change it."))


def _amount_rules(judged: Judged) -> None:
    row, reason = judged.row, judged.shown["reason"]
    if judged.amount is None:
        if judged.mode.corrects or row.corrections:
            judged.refuse("emptied", "month", _("An amount that was reported is not taken away: write 0."))
        return
    found = slips(row.figures(judged.amount))
    judged.slips += found
    if abs(judged.difference if judged.mode.corrects else judged.entry_amount) > LARGEST_WAN:
        judged.refuse("large", "month", _("This amount is too large. Check whether 万元 and 亿元 were mixed up."))
    if not reason and judged.mode.corrects:
        judged.refuse("reason", "reason", _("A locked version sums this month: say why its amount is corrected."))
    elif not reason and (_is_doubtful(found) or judged.entry_amount < 0):
        judged.refuse("reason", "reason", _("Say why it is right all the same, or change it."))
    elif "reason" not in judged.changed and wants_new_reason(found, judged.amount, row.slips(), row.amount):
        judged.refuse("reason", "reason", str(OF_ANOTHER_AMOUNT))


def _is_doubtful(found: list[Slip]) -> bool:
    return any(one.severity == Severity.WARNING for one in found)
