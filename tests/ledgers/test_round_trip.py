from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from enterprises.models import Enterprise
from ledgers import workbook
from liangzhou.models import Qualifier
from liangzhou.periods import Precision
from projects import article
from projects.models import Milestone, Project
from projects.stages import Stage, Status
from tests.factories import (
    CreditShareFactory,
    EnterpriseFactory,
    MeasureFactory,
    MilestoneFactory,
    ProjectFactory,
    ProjectPartyFactory,
    UnitFactory,
)
from tests.ledgers.sheets import checked, counts, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def awkward():
    """Projects whose every field is filled, empty, long, or looks like something else."""
    company = EnterpriseFactory(name="武威(凉州)新能源有限公司", credit_code="91110000600037341L")
    full = ProjectFactory(
        name='=1+1 "储能", 二期\n第二行',
        official_code="2501-620602-04-01-123456",
        enterprise=company,
        total_investment=Decimal("12345678901.2345"),
        investment_qualifier=Qualifier.ABOUT,
        land_area=Decimal("0.01"),
        stage=Stage.PRODUCING,
        status=Status.PAUSED,
        status_reason="等待电网接入",
        summary="-第一行\r\n第二行\t制表\x0b完",
        internal_remark="'@quoted",
        published=False,
    )
    ProjectFactory(name="子项目", parent=full, stage=Stage.SIGNED)
    ProjectFactory(name="00123", stage=Stage.RESERVE, chain=None, place=None, enterprise=None, total_investment=None)
    ProjectFactory(name="未披露项目", total_investment=None, investment_undisclosed=True, land_area=None)
    for kind, precision in zip(Milestone.Kind, [*Precision, *Precision], strict=True):
        MilestoneFactory(
            project=full,
            kind=kind,
            planned=date(2024, 1, 1),
            planned_precision=precision,
            actual=date(2024, 1, 1),
            actual_precision=Precision.DAY,
        )
    CreditShareFactory(project=full, unit=UnitFactory(name="区商务局"), percent=Decimal("66.67"))
    CreditShareFactory(project=full, unit=UnitFactory(name="黄羊镇人民政府"), percent=Decimal("33.33"))
    MeasureFactory(project=full, name="装机功率")
    ProjectPartyFactory(project=full, enterprise=EnterpriseFactory(name="示范合作有限公司"))
    return full


@pytest.mark.parametrize("name", ["ledger.xlsx", "ledger.csv"])
def test_every_record_comes_back_unchanged(awkward, tmp_path, name):
    call_command("export_ledger", tmp_path / name, verbosity=0)

    found = checked(tmp_path / name)

    assert problems(found) == []
    assert counts(found) == {"unchanged": Project.objects.count()}


def test_every_record_comes_back_unchanged_in_gb18030(awkward, tmp_path):
    call_command("export_ledger", tmp_path / "ledger.csv", encoding="gb18030", verbosity=0)

    found = checked(tmp_path / "ledger.csv")

    assert "凉州".encode("gb18030") in (tmp_path / "ledger.csv").read_bytes()
    assert problems(found) == []
    assert counts(found) == {"unchanged": Project.objects.count()}


@pytest.mark.parametrize("url", ["/projects/export.csv", "/projects/export.xlsx", "/en/projects/export.csv"])
def test_public_exports_come_back_unchanged(awkward, tmp_path, client, url):
    answer = client.get(url)
    path = tmp_path / url.rpartition("/")[2]
    path.write_bytes(b"".join(answer.streaming_content))

    found = checked(path)

    assert problems(found) == []
    assert counts(found) == {"unchanged": Project.objects.public().count()}


def test_article_comes_back_unchanged(tmp_path):
    article.load()
    workbook.ledger_workbook(Project.objects.all(), tmp_path / "a.xlsx")

    assert counts(checked(tmp_path / "a.xlsx")) == {"unchanged": 4}


@pytest.mark.parametrize("name", ["ledger.xlsx", "ledger.csv"])
def test_text_that_a_cell_cannot_hold_comes_back_unchanged(tmp_path, name):
    project = ProjectFactory(stage=Stage.LEAD, published=False)
    Project.objects.filter(pk=project.pk).update(summary="很长的简介" * 7_000)  # without the pinyin of all of it
    call_command("export_ledger", tmp_path / name, verbosity=0)

    assert counts(checked(tmp_path / name)) == {"unchanged": 1}


def test_exporting_changes_nothing(awkward, tmp_path):
    before = list(Project.objects.order_by("pk").values())

    workbook.ledger_workbook(Project.objects.all(), tmp_path / "a.xlsx")

    assert list(Project.objects.order_by("pk").values()) == before
    assert Enterprise.objects.filter(name="武威(凉州)新能源有限公司").count() == 1
