"""The definitions of the four rates and the thresholds of the lights that hold until a district sets its own."""

from datetime import date

from django.db import migrations

SINCE = date(2000, 1, 1)
RATES = (
    ("start", "started", "签约项目中已开工（含在建、投产、达产）的项目数 ÷ 签约项目数"),
    ("production", "producing", "签约项目中已投产（含达产）的项目数 ÷ 签约项目数"),
    ("funds", "", "签约以来到位资金 ÷ 合同金额（没有单列合同金额的，按总投资）；金额未披露的项目不计入"),
    ("performance", "", "（签约项目数 − 终止项目数） ÷ 签约项目数"),
)


def install(apps, schema_editor):
    definitions, thresholds = (apps.get_model("monthly", name) for name in ("RateDefinition", "LightThresholds"))
    for rate, stage, wording in RATES:
        definitions.objects.get_or_create(
            rate=rate, valid_from=SINCE, defaults={"numerator_stage": stage, "wording": wording}
        )
    thresholds.objects.get_or_create(valid_from=SINCE)


class Migration(migrations.Migration):
    dependencies = [("monthly", "0001_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop, elidable=False)]
