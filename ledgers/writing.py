"""Writing a confirmed ledger: all of it in one transaction, as one batch of changes, or nothing."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from enterprises.models import Enterprise, Place
from ledgers import matching, readings
from ledgers.columns import LANGUAGE
from ledgers.matching import Said
from ledgers.models import LedgerImport, LedgerRow
from ledgers.parts import write_parts
from liangzhou.batches import ChangeBatch, change_batch
from projects import duplicates
from projects.models import IndustryChain, NotTheSame, Project, StageChange, Unit

AT_ONCE = 500
ATTEMPTS = 3  # somebody else may be given the same new codes in the same moment

State, Outcome, Decision = LedgerImport.State, LedgerRow.Outcome, LedgerRow.Decision
NEW, UPDATE = "new", "update"


class Refused(Exception):
    """Nothing was written; the sentence says why."""


def confirm(ledger_import: LedgerImport, *, by) -> ChangeBatch | None:
    """Write every row that is to be written, with history, in one batch; None where nothing is to be.

    Raises Refused where rows are wrong and not left out, or where the ledger moved on since the
    check: then the rows are to be checked again.
    """
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic(), translation.override(LANGUAGE):
                return _confirm(ledger_import, by)
        except Moved as moved:
            _back_to_checking(ledger_import)
            raise Refused(str(moved)) from moved
        except IntegrityError as error:
            if attempt == ATTEMPTS - 1:
                _back_to_checking(ledger_import)
                raise Refused(_("The ledger was changed while this was written. Look at the preview again.")) from error
        except DatabaseError as error:
            raise Refused(_("The ledger is busy. Please try again in a moment.")) from error
    raise AssertionError("unreachable")


class Moved(Exception):
    """The ledger is not as it was when the rows were checked."""


def _confirm(ledger_import: LedgerImport, by) -> ChangeBatch | None:
    found = LedgerImport.objects.select_for_update().get(pk=ledger_import.pk)
    if found.state != State.READY:
        raise Refused(_("This import is not waiting to be confirmed (any more)."))
    if found.counts.get("wrong") and not found.leave_out_wrong:
        raise Refused(_("Some rows are wrong: mend the file and bring it in again, or leave these rows out."))
    _refuse_wrong_decisions(found)
    _refuse_without_rights(found, by)
    rows = to_be_written(found)
    if not rows.exists():
        found.state = State.WRITTEN
        found.save()
        return None
    with change_batch(ChangeBatch.Kind.IMPORT, by=by, label=found.file_name) as batch:
        _enter_companies(found, by)
        # All of them first, in the order of everybody else: two who write many never wait for one another
        targets = rows.filter(project__isnull=False).order_by().values("project")
        list(Project.objects.select_for_update().filter(pk__in=targets).order_by("pk").values_list("pk"))
        created, last = set(), 0
        while chunk := list(rows.filter(pk__gt=last)[:AT_ONCE]):  # no open cursor that a failure would leave behind
            created |= _write(chunk, by, created)
            last = chunk[-1].pk
        _refuse_circles(batch)
        found.state, found.batch = State.WRITTEN, batch
        found.save()
    ledger_import.refresh_from_db()
    return batch


def to_be_written(ledger_import: LedgerImport) -> models.QuerySet:
    """The rows that confirming writes: new, changed, and those that the clerk decided so."""
    wanted = (
        models.Q(outcome__in=[Outcome.NEW, Outcome.CHANGED])
        | models.Q(outcome=Outcome.CONFLICT, decision=Decision.TAKE)
        | models.Q(outcome=Outcome.DUPLICATE, decision__in=[Decision.SAME, Decision.OTHER])
    )
    return ledger_import.rows.filter(wanted).order_by("pk")


def _refuse_wrong_decisions(found: LedgerImport) -> None:
    for row in found.rows.filter(outcome=Outcome.DUPLICATE).exclude(decision=Decision.LEAVE):
        wrong = row.values.get("wrong", {}).get(row.decision, "")
        if wrong or row.decision not in row.values:
            sentence = _("Row %(row)s cannot be written as you decided. %(why)s")
            raise Refused(sentence % {"row": row.number, "why": wrong})


def _refuse_without_rights(found: LedgerImport, by) -> None:
    """A file opens nobody a way to records that are not theirs to enter or change; the command asks no rights."""
    if by is None or by.is_superuser:
        return
    if found.enter_companies and not by.has_perms(["enterprises.add_enterprise", "projects.add_unit"]):
        raise Refused(_("You may not enter companies and units: take that option back, or ask somebody who may."))
    if not by.has_perm("enterprises.change_enterprise") and _fills_codes(found):
        raise Refused(
            _("The file gives companies credit codes that they do not have yet, and you may not change companies.")
        )
    _refuse_parts_without_rights(found, by)


def _refuse_parts_without_rights(found: LedgerImport, by) -> None:
    """Milestones and shares of the credit are records of their own, with rights of their own."""
    parts = {
        "milestone": (readings.milestone_kinds().keys(), _("The file changes dates of milestones, and you may not.")),
        "creditshare": (
            {"units"},
            _("The file changes which units a project is credited to, and you may not."),
        ),
    }
    for model, (columns, sentence) in parts.items():
        allowed = by.has_perms([f"projects.add_{model}", f"projects.change_{model}"])
        if not allowed and _writes(found, columns):
            raise Refused(sentence)


def _writes(found: LedgerImport, columns) -> bool:
    """Whether a row would write one of these columns."""
    rows = to_be_written(found)  # read in a function of its own, which closes the cursor before anything is refused
    return any(columns & _values(row).keys() for row in rows.iterator(chunk_size=AT_ONCE))


def _fills_codes(found: LedgerImport) -> bool:
    """Whether a company that is there would be given its credit code."""
    known = set(Enterprise.objects.exclude(credit_code=None).values_list("credit_code", flat=True))
    without = set(map(readings.company_key, Enterprise.objects.filter(credit_code=None).values_list("name", flat=True)))
    rows = to_be_written(found).select_related("project__enterprise")
    for row in rows.iterator(chunk_size=AT_ONCE):
        values, company = _values(row), row.project.enterprise if row.project else None
        name = values.get("enterprise") or (company.name if company else "")
        code = values.get("credit_code")
        if code and code not in known and readings.company_key(name) in without:
            return True
    return False


def _back_to_checking(ledger_import: LedgerImport) -> None:
    from ledgers.imports import recheck

    with transaction.atomic():
        found = LedgerImport.objects.select_for_update().get(pk=ledger_import.pk)
        if found.state == State.READY:
            recheck(found)
    ledger_import.refresh_from_db()


def _enter_companies(found: LedgerImport, by) -> None:
    """Enter the companies and units that are not known, where the clerk said so; unpublished."""
    wanted, units = {}, set()
    for row in to_be_written(found).iterator(chunk_size=AT_ONCE):
        values = _values(row)
        if values.get("enterprise"):
            wanted[readings.company_key(values["enterprise"])] = (values["enterprise"], values.get("credit_code", ""))
        units |= {name for name, _percent in readings.split_shares(values.get("units", ""))}
    known = {readings.company_key(n) for n in Enterprise.objects.values_list("name", flat=True)}
    new = [pair for key, pair in wanted.items() if key not in known]
    unknown = units - set(Unit.objects.values_list("name", flat=True))
    if (new or unknown) and not found.enter_companies:
        raise Moved(_("A company or unit of the file is not in the system any more. Look at the preview again."))
    for name, code in new:  # one by one: each is given its code
        _save(Enterprise(name=name, credit_code=code or None), by)
    for name in sorted(unknown):
        _save(Unit(name=name), by)


def _save(row, by) -> None:
    row.stamp(by)
    row._history_user = by
    row.save()


def _values(row: LedgerRow) -> dict:
    """What a row writes, as it was decided."""
    which = {Outcome.CONFLICT: "take", Outcome.DUPLICATE: row.decision}.get(row.outcome, "write")
    return row.values[which]


def _write(rows: list[LedgerRow], by, entered: set[int]) -> set[int]:
    """Write some rows: projects first, then their parts and the log of their stages.

    Returns the keys of the projects that it entered; `entered` are those of the rows before.
    """
    fresh = [row for row in rows if _is_new(row)]
    kept = [row for row in rows if not _is_new(row)]
    _refuse_twins(fresh, entered)
    references = _References(rows)
    projects = _locked(kept)
    pairs = [(projects[row.project_id], _values(row)) for row in kept]
    stages = {id(project): project.stage for project, _values_of in pairs}
    now, touched = timezone.now(), {"updated_by", "updated_at", "version"}
    for project, values in pairs:
        touched |= references.put(project, values)
        project.stamp(by)
        project.updated_at = now
    if pairs:
        changed = [project for project, _values_of in pairs]
        bulk_update_with_history(changed, Project, sorted(touched), batch_size=100, default_user=by, default_date=now)
    created = _create([_values(row) for row in fresh], references, by, now)
    references.codes_of_companies([*pairs, *created], by)
    write_parts([*pairs, *created], by=by, now=now)
    _log_stages([*pairs, *created], stages, by)
    _keep_apart(fresh, created, by)
    return {project.pk for project, _values_of in created}


def _refuse_circles(batch: ChangeBatch) -> None:
    """Two rows, each right alone, may make each of two projects a phase of the other."""
    written = Project.history.filter(history_batch=batch).values("id")
    for project in Project.objects.filter(pk__in=written, parent__isnull=False).select_related("parent"):
        if project.is_above(project.parent):
            raise Moved(_("“%(name)s” would become a phase of itself. Mend the file.") % {"name": project.name})


def _is_new(row: LedgerRow) -> bool:
    return row.outcome == Outcome.NEW or (row.outcome == Outcome.DUPLICATE and row.decision == Decision.OTHER)


def _refuse_twins(fresh: list[LedgerRow], entered: set[int]) -> None:
    """A project that somebody entered since the check, when none was like it, must not be entered twice."""
    said = [Said(row, values=_values(row)) for row in fresh if row.outcome == Outcome.NEW]
    if said:
        around = matching.Surroundings(said, enter_companies=True)
        twins = duplicates.candidates([matching.sketch(one, around) for one in said], wide=True)
        for candidate in (candidate for found in twins.values() for candidate in found):
            if candidate.project not in entered:
                words = {"name": candidate.name}
                raise Moved(_("“%(name)s” was entered meanwhile. Look at the preview again.") % words)


def _locked(rows: list[LedgerRow]) -> dict[int, Project]:
    """The projects of these rows, locked, and as they were when the rows were checked."""
    pks = [row.project_id for row in rows]
    found = {project.pk: project for project in Project.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
    for row in rows:
        project = found.get(row.project_id)
        if project is None or project.version != row.version:
            name = project.name if project else row.name
            raise Moved(_("“%(name)s” was changed meanwhile. Look at the preview again.") % {"name": name})
    return found


def _create(all_values: list[dict], references: "_References", by, now) -> list[tuple[Project, dict]]:
    if not all_values:
        return []
    number = int(Project.next_code().removeprefix(Project.CODE_PREFIX))
    projects = []
    for offset, values in enumerate(all_values):
        project = Project(code=f"{Project.CODE_PREFIX}{number + offset:0{Project.CODE_DIGITS}d}")
        references.put(project, values)
        project.stamp(by)
        projects.append(project)
    created = bulk_create_with_history(projects, Project, batch_size=100, default_user=by, default_date=now)
    return list(zip(created, all_values, strict=True))


def _keep_apart(fresh: list[LedgerRow], created: list, by) -> None:
    """Remember of whom the clerk said that they are two projects, so that nobody is asked again."""
    pairs = zip(fresh, created, strict=True)
    for row, (project, _values_of) in pairs:
        if row.outcome == Outcome.DUPLICATE and row.project_id:
            first, second = sorted((row.project_id, project.pk))
            _save(NotTheSame(project_a_id=first, project_b_id=second), by)


def _log_stages(pairs: list, before: dict, by) -> None:
    """Who brought each project to its stage, why, and what was let through."""
    log = []
    for project, values in pairs:
        old = before.get(id(project), "")
        overridden = values.get("_overridden", [])
        if old != project.stage or overridden:
            change = StageChange(
                project=project,
                from_stage=old,
                to_stage=project.stage,
                reason=values.get("_reason", ""),
                overridden=" ".join(overridden),
            )
            log.append(change)
    StageChange.log_many(log, by=by)


class _References:
    """The records that the rows name, and how values are put into a project."""

    PLAIN = ("name", "stage", "status", "status_reason", "investment_qualifier", "investment_undisclosed")
    TEXTS = ("summary", "internal_remark")
    NUMBERS = ("total_investment", "land_area")

    def __init__(self, rows: list[LedgerRow]):
        values = [_values(row) for row in rows]
        self.chains = {c.name: c for c in IndustryChain.objects.all()}
        self.places = {p.name: p for p in Place.objects.all()}
        self.companies = matching.companies_named(values)
        codes = {v["parent"] for v in values if v.get("parent")}
        self.parents = {p.code: p for p in Project.objects.filter(code__in=codes)} if codes else {}

    def put(self, project: Project, values: dict) -> set[str]:
        """Put values into a project; returns the names of the fields. Raises Moved where a record is gone."""
        touched = set()
        for name, value in values.items():
            if name in self.PLAIN or name in self.TEXTS:
                setattr(project, name, value)
            elif name in self.NUMBERS:
                setattr(project, name, Decimal(value) if value else None)
            elif name == "official_code":
                project.official_code = value or None
            elif name in ("chain", "place", "enterprise", "parent"):
                setattr(project, name, self._named(name, value))
            else:
                continue
            touched.add(name)
        return touched

    def _named(self, name: str, value: str):
        if not value:
            return None
        known = {"chain": self.chains, "place": self.places, "parent": self.parents, "enterprise": self.companies}[name]
        key = readings.company_key(value) if name == "enterprise" else value
        if key not in known:
            raise Moved(_("“%(name)s” is not in the system any more. Look at the preview again.") % {"name": value})
        return known[key]

    def codes_of_companies(self, pairs: list, by) -> None:
        """Fill in the credit codes that companies did not have yet."""
        for project, values in pairs:
            code, company = values.get("credit_code"), project.enterprise
            if not (code and company) or company.credit_code == code:
                continue
            company = Enterprise.objects.select_for_update().get(pk=company.pk)
            if company.credit_code not in (None, code):
                raise Moved(_("“%(name)s” was changed meanwhile. Look at the preview again.") % {"name": company.name})
            if not company.credit_code:
                company.credit_code = code
                try:
                    company.clean()
                except ValidationError as error:
                    raise Moved(" ".join(error.messages)) from error
                _save(company, by)
