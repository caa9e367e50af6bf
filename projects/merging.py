"""Two rows for one project become one: what would move, and the merge itself, which loses nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou import audit, permissions
from liangzhou.batches import ChangeBatch, change_batch
from liangzhou.fieldsets import show_value
from liangzhou.waiting.guards import why_not_around, why_not_take_away
from sources.models import Citation

from .actions import facts_of, log_stage, unmet, waived
from .merge_parts import (
    ABOVE,
    KEEP,
    OTHER,
    Difference,
    clashes,
    credit_shares,
    field_differences,
    field_groups,
    label_of,
    part_fields,
    said,
    state,
    values,
)
from .models import FormerCode, Project, StageChange
from .stages import labels

MOVED = (
    "milestones",
    "measures",
    "parties",
    "citations",
    "credit_shares",
    "stage_changes",
    "phases",
    "former_codes",
    "instructions",
    "assignments",
)


class Refused(Exception):
    """The merge cannot be, and nothing was written; `sentences` say why. `stale`: a row was changed meanwhile."""

    def __init__(self, *sentences: str, stale: bool = False):
        super().__init__(" ".join(sentences))
        self.sentences = sentences
        self.stale = stale


@dataclass
class Preview:
    """What a merge would do; nothing is written by making one."""

    fields: list[Difference] = field(default_factory=list)
    parts: list[Difference] = field(default_factory=list)
    moves: list[tuple[str, list[str]]] = field(default_factory=list)  # what, and which
    noted: list[str] = field(default_factory=list)  # what is written into the remark, beside what is not chosen
    refused: list[str] = field(default_factory=list)


def preview(keep: Project, other: Project, *, by=None) -> Preview:
    """What merging `other` into `keep` would do, and why `by` must not."""
    clashing = clashes(keep, other)
    parts = [difference for clash in clashing if (difference := clash.difference())]
    _stays, dropped = credit_shares(keep, other)
    theirs = {clash.theirs for clash in clashing} | set(dropped)
    moves = []
    for accessor in (*MOVED, *(name for above in ABOVE for name in above.accessors)):
        manager = getattr(other, accessor)
        rows = [row for row in manager.all() if row not in theirs]
        if rows:
            moves.append((str(capfirst(manager.model._meta.verbose_name_plural)), [str(row) for row in rows]))
    differences = field_differences(keep, other)
    taken = {difference.name for difference in differences if difference.default == OTHER}
    parent = other.parent_id if "parent" in taken else keep.parent_id
    refused = [] if keep.pk != other.pk else [_same_sentence()]
    if _is_own_phase(keep, other, parent):
        refused.append(_own_phase_sentence(keep, other))
    refused += _public(keep, other, by)
    return Preview(differences, parts, moves, [str(share) for share in dropped], refused)


def merge(
    keep: Project,
    other: Project,
    *,
    choices: Mapping[str, str],
    by,
    reason: str,
    versions: tuple[int, int] | None = None,
) -> ChangeBatch:
    """Merge `other` into `keep` as one batch that can be taken back; returns the batch.

    `choices` say KEEP or OTHER for the differences of the preview, by name; those not named take
    their default. `versions` are the row versions of both as they were shown. Raises Refused.
    """
    if keep.pk == other.pk:
        raise Refused(_same_sentence())
    label = f"{other.code} {other} → {keep.code} {keep}"
    with change_batch(ChangeBatch.Kind.MERGE, by=by, label=label, reason=reason) as batch:
        rows = _locked(keep, other)
        if len(rows) < 2:
            raise Refused(_("One of the two projects is not there any more."), stale=True)
        keep, other = rows[keep.pk], rows[other.pk]
        if versions is not None and versions != (keep.version, other.version):
            raise Refused(
                _("One of the two projects was changed meanwhile. Nothing was merged. Look at them again."), stale=True
            )
        _Merge(keep, other, choices, by, reason).run()
        _tell_audit(keep, other, by=by, batch=batch)
    return batch


def _locked(keep: Project, other: Project) -> dict[int, Project]:
    """The two as they are now, by key, locked after what the writers of their parts lock first."""
    for above in ABOVE:
        above.hold(keep, other)
    rows = Project.objects.select_for_update().filter(pk__in=[keep.pk, other.pk]).order_by("pk")
    return {row.pk: row for row in rows}


def _tell_audit(keep: Project, other: Project, *, by, batch: ChangeBatch) -> None:
    audit.record(audit.Action.MERGE, by=by, target=keep, other=other.code, batch=batch.pk)
    if other.published:
        audit.record(audit.Action.WITHDRAW, by=by, target=other, batch=batch.pk)


class _Merge:
    """One merge while it is written."""

    def __init__(self, keep: Project, other: Project, choices: Mapping[str, str], by, reason: str):
        self.keep, self.other, self.choices, self.by, self.reason = keep, other, choices, by, reason
        self.notes: list[str] = []
        self.old_stage = keep.stage
        self.takes_stage = keep.stage != other.stage and choices.get("stage") == OTHER
        self.gaps = self._gaps(keep) | (self._gaps(other) if self.takes_stage else set())

    def run(self) -> None:
        if public := _public(self.keep, self.other, self.by):
            raise Refused(*public)
        self._take_fields()
        self._settle_clashes()
        self._settle_credit()
        self._move_citations()
        for accessor in ("milestones", "measures", "parties", "former_codes", "instructions", "assignments"):
            for part in getattr(self.other, accessor).all():
                part.project = self.keep
                self.write(part)
        for above in ABOVE:
            above.move(self)
        self._move_log()
        for child in self.other.phases.exclude(pk=self.keep.pk):
            child.parent = self.keep
            self.write(child)
        self._remove_other()
        self._write_keep()
        self._ask_stage()

    def _taken(self, difference: Difference) -> str:
        chosen = self.choices.get(difference.name)
        return chosen if chosen in (KEEP, OTHER) else difference.default

    def _take_fields(self) -> None:
        if self.keep.parent_id == self.other.pk:  # it refers to what goes, whatever is chosen
            raise Refused(_own_phase_sentence(self.keep, self.other))
        groups = {group[0]: group for group in field_groups()}
        for difference in field_differences(self.keep, self.other):
            if self._taken(difference) == OTHER:
                self._note_field(difference.label, difference.kept)
                group = groups[difference.name]
                for name, value in zip(group, values(self.other, group), strict=True):
                    setattr(self.keep, Project._meta.get_field(name).attname, value)
            else:
                self._note_field(difference.label, difference.other)
        if _is_own_phase(self.keep, self.other, self.keep.parent_id):
            raise Refused(_own_phase_sentence(self.keep, self.other))

    def _note_field(self, label: str, value: str) -> None:
        if value != "—":
            self.notes.append(_("%(label)s: %(value)s") % {"label": label, "value": value})

    def _settle_clashes(self) -> None:
        """Of each part that both have, one stays; what the other one says is noted."""
        for clash in clashes(self.keep, self.other):
            difference = clash.difference()
            theirs = difference is not None and self._taken(difference) == OTHER
            lost = clash.mine if theirs else clash.theirs
            if difference is not None:
                self.note_part(lost)
            self.delete(lost)

    def note_part(self, part) -> None:
        """Note in the remark what a part says that does not stay."""
        kind = capfirst(part._meta.verbose_name)
        words = {"kind": kind, "label": label_of(part), "value": said(part)}
        self.notes.append(_("%(kind)s %(label)s: %(value)s") % words)

    def _settle_credit(self) -> None:
        stays, dropped = credit_shares(self.keep, self.other)
        own = {share.unit_id: share for share in self.keep.credit_shares.all()}
        for share in dropped:
            if own.get(share.unit_id) is None or own[share.unit_id].percent != share.percent:
                self.note_part(share)
            self.delete(share)
        for unit, share in stays.items():
            if share.project_id != self.keep.pk:
                if unit in own:
                    self.note_part(own[unit])
                    self.delete(own[unit])
                share.project = self.keep
                self.write(share)

    def _move_citations(self) -> None:
        """The sentences of `other` come after those of `keep`; a sentence that both cite stays once."""
        mine = list(self.keep.citations.all())
        position = max((citation.position for citation in mine), default=-1)
        fields = part_fields(Citation)
        known = {tuple(state(citation, one) for one in fields) for citation in mine}
        for citation in self.other.citations.all():
            if tuple(state(citation, one) for one in fields) in known:
                self.delete(citation)
                continue
            position += 1
            citation.position, citation.object_id = position, self.keep.pk
            self.write(citation)

    def _move_log(self) -> None:
        """The changes of stage move; what they let through counts on only for the stage they led to.

        Otherwise the project that stays could pass the gates of later stages without a reason. What
        the merge itself brings with it, as dates that contradict each other, stays let through.
        """
        brought = self._gaps(self.keep) - self.gaps
        for change in self.other.stage_changes.all():
            names = change.overridden.split()
            staying = names if self.takes_stage else [name for name in names if name in brought]
            lapsed = [name for name in names if name not in staying]
            if lapsed:
                label = str(capfirst(StageChange._meta.get_field("overridden").verbose_name))
                self._note_field(label, "、".join(labels(" ".join(lapsed))))
            change.project, change.overridden = self.keep, " ".join(staying)
            self.write(change)

    def _remove_other(self) -> None:
        code = self.other.code
        self._remark()
        self.other = Project.objects.get(pk=self.other.pk)  # without parts that it was read with
        self.delete(self.other)
        former = FormerCode.objects.filter(code=code).first() or FormerCode(code=code)  # one may have been left
        former.project = self.keep
        self.write(former)

    def _remark(self) -> None:
        """What was not taken goes into the internal remark, below what is there."""
        words = {"code": self.other.code, "name": self.other.name, "day": show_value(timezone.localdate())}
        lines = [_("Merged from %(code)s %(name)s on %(day)s. What was not taken over:") % words, *self.notes]
        if not self.notes:
            lines = [_("Merged from %(code)s %(name)s on %(day)s.") % words]
        remarks = [self.keep.internal_remark, "\n".join(lines)]
        if self.other.internal_remark and self.other.internal_remark != self.keep.internal_remark:
            remarks.append(self.other.internal_remark)
        self.keep.internal_remark = "\n\n".join(remark for remark in remarks if remark)

    def _write_keep(self) -> None:
        rows = Project.objects.filter(pk=self.keep.pk)
        rows.refresh_latest_milestone()
        for name, value in rows.values(*Project.DERIVED).get().items():
            setattr(self.keep, name, value)
        try:
            self.keep.full_clean()
        except ValidationError as error:
            raise Refused(*error.messages) from error
        not_own = self.by and permissions.why_not_own(self.by, self.keep)
        if not_own:
            raise Refused(not_own)
        self.write(self.keep)

    def _ask_stage(self) -> None:
        """What the stage requires must be there, unless it was missing before already."""
        facts, let_through = facts_of(self.keep), waived([self.keep])[self.keep.pk]
        new = [gap for gap in unmet(self.keep, facts, let_through) if gap.name not in self.gaps]
        if new:
            raise Refused(*(str(gap.sentence) for gap in new))
        if self.keep.stage != self.old_stage:
            log_stage(self.keep, from_stage=self.old_stage, by=self.by, reason=self.reason)

    def _gaps(self, project: Project) -> set[str]:
        return {gap.name for gap in unmet(project, facts_of(project), ())}

    def write(self, row) -> None:
        """Save a row that was changed, so that taking the merge back finds how it was."""
        self._remember(row)
        row.stamp(self.by)
        row._history_user = self.by
        row.save()

    def _remember(self, row) -> None:
        """What a migration wrote has no history: its state before the merge is noted, so that undoing finds it."""
        model, history = type(row), type(row).history.filter(id=row.pk)
        if row.pk and not history.exists():
            model.history.bulk_history_create([model._base_manager.get(pk=row.pk)])
            history.update(history_batch=None)

    def delete(self, row) -> None:
        """Delete a row, so that taking the merge back finds it."""
        self._remember(row)
        row._history_user = self.by
        row.delete()


def _is_own_phase(keep: Project, other: Project, parent: int | None) -> bool:
    """Whether the merged project, as a phase of `parent`, would stand above itself."""
    seen = set()
    while parent is not None and parent not in seen:
        if parent in (keep.pk, other.pk):
            return True
        seen.add(parent)
        parent = Project.objects.filter(pk=parent).values_list("parent", flat=True).first()
    return False


def _own_phase_sentence(keep: Project, other: Project) -> str:
    words = {"keep": keep, "other": other}
    return (
        _(
            "“%(keep)s” is a phase of “%(other)s”: merged, it would be a phase of itself. "
            "Take it out of that project first, or keep the other of the two."
        )
        % words
    )


def _public(keep: Project, other: Project, by) -> list[str]:
    """Why neither may be merged while changes of what is public wait for review, nor `other` go from the public."""
    rows = [keep, other, *other.phases.all()] if settings.REVIEW_CHANGES else []
    sentences = [sentence for row in rows if (sentence := why_not_around(row))]
    not_given_up = why_not_take_away(by, other) if by is not None and not sentences else ""
    return [*sentences, not_given_up] if not_given_up else sentences


def _same_sentence() -> str:
    return _("This is one project already.")
