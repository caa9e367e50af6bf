"""What writing a ledger asks of people: rights on all that it enters or changes, and a second person where it waits."""

import hashlib
import json

from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from ledgers import readings
from ledgers.decisions import to_be_written, written_by
from ledgers.models import LedgerImport, LedgerTemplate
from liangzhou import permissions
from projects.models import CreditShare, Milestone, Project, Unit

AT_ONCE = 500


def template_seen(user, found: LedgerImport) -> LedgerTemplate | None:
    """The template by which a file was read; None where it is not theirs to read how others name their ledgers."""
    if found.template_id is None:
        return None
    return permissions.ledger_templates(user, LedgerTemplate.objects.filter(pk=found.template_id)).first()


def waits_for_review(found: LedgerImport) -> bool:
    """Whether an import, as it was decided, changes what is published while such changes wait for a second person."""
    if not permissions.waits_for_review(Project(published=True)):
        return False
    if to_be_written(found).filter(project__published=True).exists():
        return True
    return Enterprise.objects.filter(pk__in=_given_codes(found), published=True).exists()


def as_decided(found: LedgerImport) -> str:
    """What would be written, as 64 hexadecimal digits: the second person confirms what they saw and nothing else."""
    rows = to_be_written(found).values_list("pk", "outcome", "decision", "version")
    options = [found.leave_out_wrong, found.enter_companies, found.override_reason]
    digest = hashlib.sha256(json.dumps([options, [sheet["meanings"] for sheet in found.sheets]]).encode())
    for row in rows.iterator(chunk_size=10 * AT_ONCE):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def may_enter_companies(user) -> bool:
    """Whether the companies and units that a file names may be entered in somebody's name."""
    return permissions.may(user, "add", Enterprise) and permissions.may(user, "add", Unit)


def why_not_write(found: LedgerImport, author) -> str:
    """Why an import must not be written in somebody's name, in a sentence; empty where it may.

    A file opens nobody a way to records that are not theirs to enter or change. Whether each project is
    theirs is asked when it is written.
    """
    if not permissions.may_import(author):
        return _("Whoever brought this file in may not bring ledgers in any more.")
    if found.enter_companies and not may_enter_companies(author):
        return _("You may not enter companies and units: take that option back, or ask somebody who may.")
    if not _may_give_codes(found, author):
        return _("The file gives companies credit codes that they do not have yet, and you may not change companies.")
    return _why_not_parts(found, author)


def _why_not_parts(found: LedgerImport, author) -> str:
    """Milestones and shares of the credit are records of their own, with rights of their own."""
    parts = {
        Milestone: (readings.milestone_kinds().keys(), _("The file changes dates of milestones, and you may not.")),
        CreditShare: ({"units"}, _("The file changes which units a project is credited to, and you may not.")),
    }
    for model, (columns, sentence) in parts.items():
        allowed = permissions.may(author, "add", model) and permissions.may(author, "change", model)
        if not allowed and _writes(found, columns):
            return sentence
    return ""


def _writes(found: LedgerImport, columns) -> bool:
    """Whether a row would write one of these columns."""
    rows = to_be_written(found)  # read in a function of its own, which closes the cursor before anything is refused
    return any(columns & written_by(row).keys() for row in rows.iterator(chunk_size=AT_ONCE))


def _may_give_codes(found: LedgerImport, author) -> bool:
    """Whether the companies that would be given their credit codes are theirs to change."""
    if permissions.may(author, "change", Enterprise) and permissions.reaches_all(author, "change", Enterprise):
        return True
    given = _given_codes(found)
    return permissions.visible(author, Enterprise.objects.filter(pk__in=given), "change").count() == len(given)


def _given_codes(found: LedgerImport) -> set[int]:
    """The keys of the companies that are there and would be given their credit codes."""
    known = set(Enterprise.objects.exclude(credit_code=None).values_list("credit_code", flat=True))
    companies = Enterprise.objects.filter(credit_code=None).values_list("name", "pk")
    without = {readings.company_key(name): pk for name, pk in companies}
    given = set()
    for row in to_be_written(found).select_related("project__enterprise").iterator(chunk_size=AT_ONCE):
        values, company = written_by(row), row.project.enterprise if row.project else None
        key = readings.company_key(values.get("enterprise") or (company.name if company else ""))
        code = values.get("credit_code")
        if code and code not in known and key in without:
            given.add(without[key])
    return given
