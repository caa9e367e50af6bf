"""Every cell of the exports of companies."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from enterprises.columns import enterprise_columns
from enterprises.models import Enterprise, Province, Qualification
from liangzhou.models import Qualifier
from tests.answers import body, csv_records, csv_rows, page_of, xlsx_rows
from tests.factories import (
    CitationFactory,
    EnterpriseFactFactory,
    EnterpriseFactory,
    PlaceFactory,
    QualificationFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

HEADERS = [
    "编号", "名称", "简称", "统一社会信用代码", "企业类型", "来源省份", "地点", "资质认定", "企业情况", "简介",
    "出处原文", "公开时间", "最近更新",
]  # fmt: skip


def whole_company():
    with time_machine.travel(datetime(2025, 6, 2, 20, 30, tzinfo=UTC), tick=False):
        company = EnterpriseFactory(
            code="QY000101", name="博贞乳业", short_name="博贞", credit_code="916206020000000010",
            credit_code_reason="内部原因", origin_province=Province.GANSU, place=PlaceFactory(name="黄羊镇"),
            summary="简介。", internal_remark="内部备注", created_by=UserFactory(username="wang-x"),
        )  # fmt: skip
        QualificationFactory(enterprise=company, kind=Qualification.Kind.OTHER, name="陇原老字号",
                             granted_on=date(2025, 1, 1), valid_to=None)  # fmt: skip
        QualificationFactory(enterprise=company)
        EnterpriseFactFactory(enterprise=company, name="年处理鲜奶", position=1)
        EnterpriseFactFactory(enterprise=company, name="产品市场", value=None, unit="", text="华东", position=2)
        EnterpriseFactFactory(enterprise=company, name="年产值", value=Decimal("9000.5"), unit="万元",
                              qualifier=Qualifier.REACHED)  # fmt: skip
        source = SourceFactory(title="新高地")
        CitationFactory(target=company, quote="后一句。", source=source, position=2)
        CitationFactory(target=company, quote="前一句。", source=source, position=1)


def test_csv_holds_every_public_column_and_nothing_internal(client):
    whole_company()

    response = client.get("/enterprises/export.csv")

    semicolon = "\uff1b"
    assert csv_rows(response) == [
        HEADERS,
        [
            "QY000101", "博贞乳业", "博贞", "\t916206020000000010", "有限责任公司", "甘肃省", "黄羊镇",
            semicolon.join(["高新技术企业", "陇原老字号"]),
            semicolon.join(["年产值 达 9000.5 万元", "年处理鲜奶 超 10 万吨", "产品市场 华东"]), "简介。",
            semicolon.join(["前一句。\uff08新高地\uff09", "后一句。\uff08新高地\uff09"]),
            "2025-06-03 04:30:00", "2025-06-03 04:30:00",
        ],
    ]  # fmt: skip
    text = body(response).decode()
    assert [word for word in ("内部", "wang-x") if word in text] == []


def test_xlsx_holds_the_same_cells_and_codes_as_text(client):
    whole_company()

    (record,) = csv_records(client.get("/enterprises/export.csv"))
    header, row = xlsx_rows(client.get("/enterprises/export.xlsx"))

    assert header == HEADERS
    assert row[3] == "916206020000000010"
    assert row[-2:] == [datetime(2025, 6, 3, 4, 30)] * 2  # noqa: DTZ001 - a cell has no zone
    assert [*row[:3], *row[4:-2]] == [*list(record.values())[:3], *list(record.values())[4:-2]]


def test_company_of_which_only_the_name_is_known_has_empty_cells(client):
    Enterprise(name="某公司", published=True).save()

    (record,) = csv_records(client.get("/enterprises/export.csv"))
    assert sorted(header for header, cell in record.items() if cell) == sorted(["编号", "名称", "公开时间", "最近更新"])
    row = page_of(client.get("/enterprises/")).one("tbody").one("tr")
    assert row.texts("td") == ["—", "—", "—", "—"]


def test_every_column_that_can_be_sorted_by_sorts_both_ways(client):
    whole_company()
    Enterprise(name="某公司", published=True).save()

    for name in [column.name for column in enterprise_columns() if column.sort is not None]:
        forth, back = (csv_rows(client.get("/enterprises/export.csv", {"o": o}))[1:] for o in (name, f"-{name}"))
        assert sorted(forth) == sorted(back)
        assert len(forth) == 2
