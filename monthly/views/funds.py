"""The public page of a month's funds."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou import exports
from liangzhou.fieldsets import show_value
from liangzhou.listing import Notice
from liangzhou.months import Month
from liangzhou.views import Page
from monthly.bulletin import Bulletin
from monthly.models import MonthVersion
from monthly.published import Shelf, shelf
from monthly.views.asked import address_of, version_asked
from monthly.views.revised import revised
from projects.models import ReportedIndicator

MONTHS_SHOWN = 12


class Funds(Page):
    """A published month: headline figures, charts, tables, what was revised; apart from them what is reported."""

    title = gettext_lazy("Funds received")
    lead = gettext_lazy(
        "Money that has really arrived for investment projects, month by month, computed from the records of the "
        "bureau. Each number opens what it means and the projects behind it."
    )
    column_name = gettext_lazy("Funds received")
    template_name = "monthly/funds.html"

    def get_context_data(self, **kwargs):
        public = shelf()
        asked = "month" in self.request.GET or "version" in self.request.GET
        version = version_asked(self.request, public) if asked else public.newest
        own = self.of_version(version, public) if version else {}
        return super().get_context_data(reported=self.reported(), **own, **kwargs)

    def reported(self):
        """What sources report of projects and funds; never in one table with what is computed."""
        found = ReportedIndicator.objects.public().filter(theme=ReportedIndicator.Theme.INVESTMENT)
        return found.prefetch_related("citations__source")

    def of_version(self, version: MonthVersion, public: Shelf) -> dict:
        """What is printed of a published version."""
        bulletin = Bulletin(version)
        versions = public.of(bulletin.month)
        months = [month_link(one, one.month == version.month) for one in public.newest_of_months]
        return {
            "month": bulletin.month.label,
            "span": bulletin.month.span,
            "version": version,
            "as_of": show_value(timezone.localtime(version.locked_at).date()),
            "published": show_value(timezone.localtime(version.published_at).date()),
            "paragraph": bulletin.paragraph(),
            "cards": bulletin.cards(),
            "year_charts": bulletin.year_charts(),
            "group_charts": bulletin.group_charts(),
            "tables": [self.printed(table, address, version) for table, address in bulletin.all_tables()],
            "revised": revised(bulletin, public),
            "months": months[:MONTHS_SHOWN],
            "earlier_months": months[MONTHS_SHOWN:],
            "versions": [version_link(one, one.pk == version.pk) for one in versions] if len(versions) > 1 else [],
            "notices": [older_notice(version, versions[0])] if version.pk != versions[0].pk else [],
        }

    def printed(self, table, address, version: MonthVersion) -> dict:
        """A table with the addresses of its files."""
        asked = {"table": table.name, "month": Month.of(version.month), "version": version.number}
        files = [
            {"label": label, "url": f"{reverse('monthly:export', args=[name])}?{urlencode(asked)}"}
            for name, label in exports.FORMATS.items()
        ]
        return {
            "name": table.name,
            "title": table.title,
            "notes": table.notes,
            "exports": files,
            "listing": table.printed(address),
        }


def month_link(version: MonthVersion, current: bool) -> dict:
    """The newest version of a month, as a link."""
    return {
        "label": Month.of(version.month).label,
        "url": address_of(version, numbered=False),
        "current": current,
    }


def version_link(version: MonthVersion, current: bool) -> dict:
    """A version of the month, as a link."""
    words = {"number": version.number, "day": show_value(timezone.localtime(version.locked_at).date())}
    return {
        "label": _("Version %(number)s, as of %(day)s") % words,
        "url": address_of(version),
        "current": current,
    }


def older_notice(version: MonthVersion, newest: MonthVersion) -> Notice:
    """That a later version of the month was published."""
    words = {"number": version.number, "newest": newest.number}
    return Notice(_("This is version %(number)s of the month. Version %(newest)s was published later.") % words)
