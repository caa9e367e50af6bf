"""Writing a confirmed ledger: all of it in one transaction, as one batch of changes, or nothing."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from enterprises.models import Enterprise, Place
from ledgers import matching, readings, rights, trail
from ledgers.columns import LANGUAGE
from ledgers.decisions import to_be_written, written_by
from ledgers.matching import Said
from ledgers.models import LedgerImport, LedgerRow
from ledgers.parts import write_parts
from ledgers.reach import Reach
from liangzhou import permissions
from liangzhou.batches import ChangeBatch, change_batch
from projects import duplicates
from projects.models import IndustryChain, NotTheSame, Project, StageChange, Unit

AT_ONCE = 500
ATTEMPTS = 3  # somebody else may be given the same new codes in the same moment

State, Outcome, Decision = LedgerImport.State, LedgerRow.Outcome, LedgerRow.Decision
NEW, UPDATE = "new", "update"


class Refused(Exception):
    """Nothing was written; the sentence says why."""


def confirm(ledger_import: LedgerImport, *, by, seen: str = "") -> ChangeBatch | None:
    """Write every row that is to be written, with history, in one batch; None where nothing is to be.

    `seen` is what a second person was shown, by `rights.as_decided`; asked only where one is needed.
    Raises Refused where rows are wrong and not left out, where `by` may not confirm it, or where the ledger
    moved on since the check: then the rows are to be checked again.
    """
    try:
        return _try_to_confirm(ledger_import, by, seen)
    except Busy:
        raise
    except Refused as refused:
        trail.refused(ledger_import, by=by, why=str(refused))
        raise


def _try_to_confirm(ledger_import: LedgerImport, by, seen: str) -> ChangeBatch | None:
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic(), translation.override(LANGUAGE):
                return _confirm(ledger_import, by, seen)
        except Moved as moved:
            _back_to_checking(ledger_import)
            raise Refused(str(moved)) from moved
        except IntegrityError as error:
            if attempt == ATTEMPTS - 1:
                _back_to_checking(ledger_import)
                raise Refused(_("The ledger was changed while this was written. Look at the preview again.")) from error
        except DatabaseError as error:
            raise Busy(_("The ledger is busy. Please try again in a moment.")) from error
    raise AssertionError("unreachable")


class NeedsSecondPerson(Refused):
    """It changes what is published, and somebody else must agree to that; it can wait for them."""


class Busy(Refused):
    """The database did not answer in time."""


class Moved(Exception):
    """The ledger is not as it was when the rows were checked."""


def _confirm(ledger_import: LedgerImport, by, seen: str) -> ChangeBatch | None:
    found = LedgerImport.objects.select_for_update().get(pk=ledger_import.pk)
    if found.state != State.READY:
        raise Refused(_("This import is not waiting to be confirmed (any more)."))
    if found.counts.get("wrong") and not found.leave_out_wrong:
        raise Refused(_("Some rows are wrong: mend the file and bring it in again, or leave these rows out."))
    _refuse_wrong_decisions(found)
    author = _author(found, by, seen)
    if why := rights.why_not_write(found, author):
        raise Refused(why)
    rows = to_be_written(found)
    count = rows.count()
    batch = _write_all(found, rows, by=by, author=author) if count else None
    found.state, found.batch = State.WRITTEN, batch
    found.save()
    trail.written(found, by=by, rows=count)
    ledger_import.refresh_from_db()
    return batch


def _author(found: LedgerImport, by, seen: str):
    """In whose name it is written: who confirms it, or, where that is the second person, who brought it in."""
    reviewed = rights.waits_for_review(found)
    if why := permissions.why_not_confirm(by, found, reviewed=reviewed):
        raise NeedsSecondPerson(why) if reviewed else Refused(why)
    if reviewed and seen != rights.as_decided(found):
        raise Refused(_("Somebody changed this import since you looked at it. Look at the preview again."))
    return found.by if reviewed else by


def _write_all(found: LedgerImport, rows: models.QuerySet, *, by, author) -> ChangeBatch:
    with change_batch(ChangeBatch.Kind.IMPORT, by=by, label=found.file_name) as batch:
        _enter_companies(found, author)
        # All of them first, in the order of everybody else: two who write many never wait for one another
        targets = rows.filter(project__isnull=False).order_by().values("project")
        list(Project.objects.select_for_update().filter(pk__in=targets).order_by("pk").values_list("pk"))
        created, last = set(), 0
        while chunk := list(rows.filter(pk__gt=last)[:AT_ONCE]):  # no open cursor that a failure would leave behind
            created |= _write(chunk, author, created)
            last = chunk[-1].pk
        _refuse_circles(batch)
    return batch


def _refuse_wrong_decisions(found: LedgerImport) -> None:
    for row in found.rows.filter(outcome=Outcome.DUPLICATE).exclude(decision=Decision.LEAVE):
        wrong = row.values.get("wrong", {}).get(row.decision, "")
        if wrong or row.decision not in row.values:
            sentence = _("Row %(row)s cannot be written as you decided. %(why)s")
            raise Refused(sentence % {"row": row.number, "why": wrong})


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
        values = written_by(row)
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


def _write(rows: list[LedgerRow], by, entered: set[int]) -> set[int]:
    """Write some rows: projects first, then their parts and the log of their stages.

    Returns the keys of the projects that it entered; `entered` are those of the rows before.
    """
    fresh = [row for row in rows if _is_new(row)]
    kept = [row for row in rows if not _is_new(row)]
    _refuse_twins(fresh, entered, by)
    references = _References(rows, by)
    projects = _locked(kept, by)
    pairs = [(projects[row.project_id], written_by(row)) for row in kept]
    stages = {id(project): project.stage for project, _values_of in pairs}
    now, touched = timezone.now(), {"updated_by", "updated_at", "version"}
    for project, values in pairs:
        touched |= references.put(project, values)
        _refuse_foreign(project, by)
        project.stamp(by)
        project.updated_at = now
    if pairs:
        changed = [project for project, _values_of in pairs]
        bulk_update_with_history(changed, Project, sorted(touched), batch_size=100, default_user=by, default_date=now)
    created = _create([written_by(row) for row in fresh], references, by, now)
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


def _refuse_foreign(project: Project, by) -> None:
    """What somebody may write was asked when the rows were checked; it may have become less, or another person's."""
    if permissions.why_not_own(by, project):
        raise Moved(_("“%(name)s” is not yours. Look at the preview again.") % {"name": project.name})


def _refuse_twins(fresh: list[LedgerRow], entered: set[int], by) -> None:
    """A project that somebody entered since the check, when none was like it, must not be entered twice."""
    said = [Said(row, values=written_by(row)) for row in fresh if row.outcome == Outcome.NEW]
    if said:
        around = matching.Surroundings(said, enter_companies=True, reach=Reach(by))
        twins = duplicates.candidates([matching.sketch(one, around) for one in said], wide=True)
        for one in said:
            if any(candidate.project not in entered for candidate in twins.get(one.row.pk, ())):
                words = {"name": one.row.name}  # what the file says: the other may be somebody else's
                raise Moved(_("“%(name)s” was entered meanwhile. Look at the preview again.") % words)


def _locked(rows: list[LedgerRow], by) -> dict[int, Project]:
    """The projects of these rows, locked, and as they were when the rows were checked."""
    pks = [row.project_id for row in rows]
    found = {project.pk: project for project in Project.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
    for row in rows:
        project = found.get(row.project_id)
        if project and permissions.why_not_own(by, project):  # first, and without its name
            words = {"row": row.number}
            raise Moved(_("Row %(row)s is of a project that is not yours. Look at the preview again.") % words)
        if project is None or project.version != row.version:
            raise Moved(_("“%(name)s” was changed meanwhile. Look at the preview again.") % {"name": row.name})
    return found


def _create(all_values: list[dict], references: "_References", by, now) -> list[tuple[Project, dict]]:
    if not all_values:
        return []
    number = int(Project.next_code().removeprefix(Project.CODE_PREFIX))
    projects = []
    for offset, values in enumerate(all_values):
        project = Project(code=f"{Project.CODE_PREFIX}{number + offset:0{Project.CODE_DIGITS}d}")
        references.put(project, values)
        _refuse_foreign(project, by)
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

    def __init__(self, rows: list[LedgerRow], by):
        """What `by` may not see cannot be named in their name."""
        values, reach = [written_by(row) for row in rows], Reach(by)
        self.chains = {c.name: c for c in IndustryChain.objects.all()}
        self.places = {p.name: p for p in Place.objects.all()}
        named = matching.companies_named(values)
        unseen = reach.unseen(named.values())
        self.companies = {key: company for key, company in named.items() if company.pk not in unseen}
        codes = {v["parent"] for v in values if v.get("parent")}
        parents = {p.code: p for p in Project.objects.filter(code__in=codes)} if codes else {}
        self.parents = {code: parents[code] for code in parents.keys() - reach.unseen_parents(parents)}

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
