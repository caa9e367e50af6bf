"""Projects entered before stages had requirements: what each lacks is let through, and the log says so."""

import calendar
from datetime import date

from django.db import migrations

STAGES = ["reserve", "lead", "negotiating", "signed", "landed", "started", "building", "producing", "at_capacity"]
REASON = "录入于阶段条件启用之前"


def last_day(day: date, precision: str) -> date:
    """The last day of the year, month or ten days that begin on a day."""
    month_end = calendar.monthrange(day.year, day.month)[1]
    if precision == "year":
        return date(day.year, 12, 31)
    if precision == "month":
        return day.replace(day=month_end)
    if precision == "ten_days":
        return day.replace(day=month_end if day.day == 21 else day.day + 9)
    return day


def lacking(project, dates: dict) -> list[str]:
    """The names of what a project lacks; `dates` has the first and last day of each milestone reached."""

    def before(later: str, earlier: str) -> bool:
        return later in dates and earlier in dates and dates[later][1] < dates[earlier][0]

    order = STAGES.index(project.stage)
    signed, landed, started, producing = (
        order >= STAGES.index(s) for s in ("signed", "landed", "started", "producing")
    )
    company, amount = project.enterprise, project.total_investment
    found = {
        "enterprise": signed and company is None,
        "signed": signed and "signed" not in dates,
        "investment": signed and amount is None and not project.investment_undisclosed,
        "place": landed and project.place_id is None,
        "registered": landed and not (company and company.credit_code),
        "started": (started or "producing" in dates) and "started" not in dates,
        "producing": producing and "producing" not in dates,
        "start_before_signing": before("started", "signed"),
        "production_before_start": before("producing", "started"),
        "statistics_too_small": "registered" in dates and amount is not None and amount < 500,
        "statistics_before_start": before("registered", "started"),
    }
    return [name for name, lacks in found.items() if lacks]


def let_through(apps, schema_editor):
    Project, Milestone, StageChange = (
        apps.get_model("projects", name) for name in ("Project", "Milestone", "StageChange")
    )
    dates: dict[int, dict] = {}
    reached = Milestone.objects.filter(actual__isnull=False)
    for project, kind, actual, precision in reached.values_list("project", "kind", "actual", "actual_precision"):
        dates.setdefault(project, {})[kind] = (actual, last_day(actual, precision))
    rows = []
    for project in Project.objects.select_related("enterprise").order_by("pk"):
        names = " ".join(lacking(project, dates.get(project.pk, {})))
        if names:
            stage = project.stage
            rows.append(StageChange(project=project, from_stage=stage, to_stage=stage, reason=REASON, overridden=names))
    StageChange.objects.bulk_create(rows, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0002_history_batches"), ("projects", "0004_name_keys")]

    operations = [migrations.RunPython(let_through, migrations.RunPython.noop)]
