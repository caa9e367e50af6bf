"""Locking a month, opening it again, publishing and withdrawing a version: each asks first, and is done by POST."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from liangzhou import permissions
from liangzhou.forms import ReasonForm
from liangzhou.months import Month

from . import locking, month_checks
from .models import MonthVersion, ReportingMonth
from .month_pages import address, moved_since, page, said, state_of, table_of, versions_of


class PublicReasonForm(ReasonForm):
    """Why a month is locked again, which stands beside its figures."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = gettext_lazy("The public reads this reason once the version is published.")


@dataclass(frozen=True)
class Act:
    """One act: what it is called and means, what it asks for, what it does, and what is said then."""

    right: str
    title: str
    button: str
    meaning: list[str]
    do: Callable  # of the reason
    done: str
    form: type[forms.Form] = ReasonForm
    stopped_by: list[str] | tuple = ()
    warnings: list[str] | tuple = ()
    version: MonthVersion | None = None  # whose figures are shown beside; None is as of now


def lock(model_admin, request, month: Month):
    """Freezes the month as its next version."""
    versions, today = versions_of(month), timezone.localdate()
    following = versions[0].number + 1 if versions else 1
    meaning = [
        _("All figures of the month are kept as they are now, as version %(number)d.") % {"number": following},
        _("From then on amounts are only corrected, by new rows with a reason."),
        _("The public sees it once somebody else has published it."),
    ]
    words = {"month": month.label, "number": following}
    return _ask(
        model_admin,
        request,
        month,
        lambda: Act(
            right="lock",
            title=_("Lock %(month)s again") % words if versions else _("Lock %(month)s") % words,
            button=_("Lock as version %(number)d") % words,
            meaning=meaning,
            do=lambda reason: locking.lock(month, by=request.user, reason=reason),
            done=_("%(month)s is locked as version %(number)d.") % words,
            form=PublicReasonForm if versions else forms.Form,
            stopped_by=month_checks.blocking(month, today=today),
            warnings=month_checks.warnings(month, today=today),
        ),
    )


def unlock(model_admin, request, month: Month):
    """Opens the month again."""
    row = ReportingMonth.objects.filter(month=month.first).first()
    is_locked = row is not None and row.is_locked
    words = {"month": month.label}
    meaning = [
        _("The month appears again among those that are to be filled, and is locked again later as the next version."),
        _("Its versions stay as they are. Amounts are still only corrected, by new rows with a reason."),
    ]
    return _ask(
        model_admin,
        request,
        month,
        lambda: Act(
            right="lock",
            title=_("Open %(month)s again") % words,
            button=_("Open again"),
            meaning=meaning,
            do=lambda reason: locking.unlock(month, by=request.user, reason=reason),
            done=_("%(month)s is open again.") % words,
            stopped_by=[] if is_locked else [_("The month is open.")],
        ),
    )


def publish(model_admin, request, month: Month, number: int):
    """Shows a version to the public."""
    version = _version(month, number)
    words = {"month": month.label, "number": version.number}
    refusal = locking.why_not_publish(version, by=request.user)
    meaning = [_("The public pages show the sums of this version from now on, and the months up to it.")]
    public = locking.version_on(month, public=True)
    if public is not None and public != version:
        meaning.append(_("Version %(number)d stays to be read as an earlier version.") % {"number": public.number})
    if version.reason:
        meaning.append(_("The public reads why it was locked again: %(reason)s") % {"reason": version.reason})
    return _ask(
        model_admin,
        request,
        month,
        lambda: Act(
            right="publish",
            title=_("Publish %(month)s, version %(number)d") % words,
            button=_("Publish"),
            meaning=meaning,
            do=lambda reason: locking.publish(version, by=request.user),
            done=_("%(month)s, version %(number)d is public.") % words,
            form=forms.Form,
            stopped_by=[refusal] if refusal else [],
            warnings=[*_not_in_it(request.user, version), *_opened_before(month)],
            version=version,
        ),
    )


def withdraw(model_admin, request, month: Month, number: int):
    """Takes a version from the public."""
    version = _version(month, number)
    words = {"month": month.label, "number": version.number}
    before = (
        MonthVersion.objects.public().filter(month=version.month).exclude(pk=version.pk).order_by("-number").first()
    )
    meaning = [
        _("The public sees version %(number)d again.") % {"number": before.number}
        if before
        else _("The public sees no figures of this month any more."),
        *_still_summed(month),
    ]
    return _ask(
        model_admin,
        request,
        month,
        lambda: Act(
            right="publish",
            title=_("Withdraw %(month)s, version %(number)d") % words,
            button=_("Withdraw"),
            meaning=meaning,
            do=lambda reason: locking.withdraw(version, by=request.user, reason=reason),
            done=_("%(month)s, version %(number)d was withdrawn.") % words,
            stopped_by=[] if version.is_public else [_("This version is not public.")],
            version=version,
        ),
    )


def _still_summed(month: Month) -> list[str]:
    """That the public goes on reading the amounts of a month in later ones."""
    public = MonthVersion.objects.public().filter(month__gt=month.first, month__year__lte=month.year + 1)
    days = sorted(set(public.values_list("month", flat=True)))
    later = [Month.of(day).label for day in days if day.year == month.year or day.month >= month.number]
    sentence = _("These public months sum its amounts and stay public: %(months)s.")
    return [sentence % {"months": "、".join(later)}] if later else []


def _opened_before(month: Month) -> list[str]:
    labels = [one.label for one in month_checks.months_open_before(month)]
    sentence = _("These months before it are open: %(months)s. Their amounts may still be corrected.")
    return [sentence % {"months": "、".join(labels)}] if labels else []


def _not_in_it(user, version: MonthVersion) -> list[str]:
    count = sum(rows.count() for rows in locking.rows_since(version))
    sentence = ngettext(
        "%(count)d row was entered since and is not in it.",
        "%(count)d rows were entered since and are not in it.",
        count,
    )
    if count:
        return [sentence % {"count": count}]
    moved = moved_since(user, version)
    return [moved] if moved else []


def _version(month: Month, number: int) -> MonthVersion:
    if number > 30_000:  # larger than any the column holds
        raise Http404
    rows = MonthVersion.objects.filter(month=month.first, number=number).select_related("reporting_month")
    version = rows.first()
    if version is None:
        raise Http404
    return version


def _ask(model_admin, request, month: Month, act_of: Callable[[], Act]):
    """The page that asks; what is posted is done, or said why it cannot be, with what was typed still there."""
    act = act_of()
    if not permissions.may(request.user, act.right, ReportingMonth):
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = act.form(posted)
    if posted is not None and form.is_valid():
        try:
            act.do(form.cleaned_data.get("reason", ""))
        except ValidationError as error:
            _add(form, error)
        else:
            said(request, act.done)
            return HttpResponseRedirect(address(month))
    row = ReportingMonth.objects.filter(month=month.first).first()
    state = state_of(month, row, versions_of(month))
    table = table_of(request, month, [act.version])
    context = {"act": act, "form": form, "state": state, "table": table, "back": address(month)}
    return page(model_admin, request, "month_act", month, act.title, **context)


def _add(form, error: ValidationError) -> None:
    problems = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for name, sentences in problems.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)
