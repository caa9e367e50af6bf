"""A form of the sheet as a browser without JavaScript sends it."""

from django.urls import reverse

from liangzhou.months import Month
from monthly.sheet import rows
from monthly.sheet.saving import mode_of, save
from monthly.sheet.tabs import tab_of
from monthly.sheet.typed import PREFIX, read, stored, was_of

MAY = Month(2025, 5)
TODAY = Month(2025, 6)


def address(month=MAY, query=""):
    return reverse("admin:monthly_sheet", args=[month]) + query


class Form:
    """What somebody sees of some projects, typed into cell by cell: form.type(project, month="12")."""

    def __init__(self, by, *projects, month=MAY, series="other_provinces"):
        self.by, self.month, self.tab = by, month, tab_of(series)
        self.mode = mode_of(month, None if not _row(month) else _row(month))
        self.data = {"mode": str(self.mode)}
        self.opened = self.rows(*projects)
        for row in self.opened:
            key, texts = row.project.pk, stored(row, corrects=self.mode.corrects)
            self.data |= {f"{prefix}-{key}": texts[name] for name, prefix in PREFIX.items()}
            self.data[f"was-{key}"] = str(was_of(row, corrects=self.mode.corrects))

    def rows(self, *projects):
        return rows.load(list(projects), self.month, self.tab, today=TODAY, user=self.by, among=list(projects))

    def type(self, project, **cells):
        self.data |= {f"{PREFIX[name]}-{project.pk}": text for name, text in cells.items()}
        return self

    def save(self):
        return save(read(self.data), month=self.month, tab=self.tab, opened_as=self.data["mode"], by=self.by)

    def wrong(self):
        """Saves; (code, cell) of what blocks, of all rows."""
        outcome = self.save()
        return [(one.code, one.cell) for row in outcome.rows for one in row.slips if one.severity == "error"]


def _row(month):
    from monthly.models import ReportingMonth

    return ReportingMonth.objects.filter(month=month.first).first()
