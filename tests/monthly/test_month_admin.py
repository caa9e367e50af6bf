"""The pages of months: who opens them, what they say, what the acts do."""

from decimal import Decimal as D

import pytest
import time_machine
from django.urls import reverse

from liangzhou.months import Month
from monthly import locking, month_compare
from monthly.models import MonthVersion, ReportingMonth
from projects.stages import Stage
from tests.factories import (
    AnnualTargetFactory,
    FundingRecordFactory,
    IndustryChainFactory,
    ProjectFactory,
    UserFactory,
)
from tests.role_world import FOREIGN, ROLES, Side, give, person
from tests.unrendered import Unrendered

pytestmark = pytest.mark.django_db
MAY = Month(2025, 5)
READERS = {"editor", "publisher", "leader", "auditor", "task_force", "place_clerk"}
LIMITED = ("task_force", "place_clerk")


def url(page, *args):
    return reverse(f"admin:monthly_{page}", args=[MAY, *args])


@pytest.fixture
def editor():
    return UserFactory(roles=["editor"])


def building(**how):
    return ProjectFactory(stage=Stage.BUILDING, **how)


def entered(project=None, amount="100", **how):
    return FundingRecordFactory(project=project or building(), amount=D(amount), **how)


@pytest.mark.parametrize("role", ROLES)
def test_role_opens_its_pages_of_months_and_no_others(role):
    entered()
    locking.lock(MAY, by=UserFactory())
    client = Unrendered()
    client.force_login(person(role))
    may = {
        url("month"): READERS,
        url("compare"): READERS,
        reverse("admin:monthly_reportingmonth_changelist"): READERS,
        reverse("admin:monthly_reportingmonth_change", args=[ReportingMonth.objects.get(month=MAY.first).pk]): READERS,
        reverse("admin:monthly_reportingmonth_add"): {"editor"},
        url("lock"): {"editor"},
        url("unlock"): {"editor"},
        url("publish", 1): {"publisher"},
        url("withdraw", 1): {"publisher"},
    }

    opened = {address for address in may if client.get(address).status_code in (200, 302)}
    posted = {address for address in may if client.post(address, {}).status_code in (200, 302)}

    wanted = {address for address, roles in may.items() if role in roles}
    assert opened == wanted
    assert posted - {url("month"), url("compare")} <= wanted
    assert MonthVersion.objects.public().exists() is (role == "publisher")


@pytest.mark.parametrize("role", LIMITED)
def test_limited_clerk_reads_own_numbers_and_no_foreign_name(client, role):
    somebody = person(role)
    own, foreign = Side("自己", by=somebody), Side(FOREIGN)
    give(somebody, role, own)
    for side in (own, foreign):
        side.project.stage = Stage.BUILDING
        side.project.save()
        side.project.funding_records.all().delete()
        entered(side.project, "70")
    locking.lock(MAY, by=UserFactory())
    for side in (own, foreign):
        entered(side.project, "3", kind="correction", reason=f"{side.project.name}更正")
    client.force_login(somebody)

    page, compared = client.get(url("month")), client.get(url("compare"))

    for answer in (page, compared):
        assert FOREIGN not in answer.content.decode()
        assert (len(answer.context["changes"].rows), answer.context["changes"].hidden) == (1, 1)
    assert [row[3].value for row in page.context["table"].rows[:2]] == [D(70), D(73)]
    assert (page.context["filled"].total, page.context["warnings"]) == (1, [])


def test_month_says_what_is_filled_what_stops_it_and_what_deserves_a_look(client, editor):
    chain = IndustryChainFactory(name="奶产业")
    entered(building(chain=chain, total_investment=D(50)))
    building(chain=chain), building()
    ProjectFactory(stage=Stage.AT_CAPACITY), ProjectFactory(stage=Stage.LEAD)
    entered(building(), month=Month(2025, 2).first)
    client.force_login(editor)

    page = client.get(url("month"))

    assert (page.context["filled"].done, page.context["filled"].total) == (1, 4)
    assert ("奶产业", 2, 1) in [(one.label, one.total, one.done) for one in page.context["groups"][0][1]]
    assert ["2025年2月" in sentence for sentence in page.context["problems"]] == [True]
    assert len(page.context["warnings"]) == 3  # not filled, more than the total investment, without any date
    assert client.get(url("lock")).context["act"].stopped_by == page.context["problems"]


def test_month_is_locked_opened_and_locked_again_from_its_pages(client, editor):
    record = entered()
    client.force_login(editor)

    first = client.post(url("lock"), {})
    without_reason = client.post(url("lock"), {"reason": ""})
    nothing_new = client.post(url("lock"), {"reason": "再锁一次"})
    opened = client.post(url("unlock"), {"reason": "漏报"})
    entered(record.project, "5", kind="correction", reason="补报")
    again = client.post(url("lock"), {"reason": "补报完成"})

    assert [answer.status_code for answer in (first, without_reason, nothing_new, opened, again)] == [
        302, 200, 200, 302, 302,
    ]  # fmt: skip
    assert "reason" in without_reason.context["form"].errors
    assert nothing_new.context["form"].non_field_errors()
    assert nothing_new.context["form"]["reason"].value() == "再锁一次"
    assert list(MonthVersion.objects.order_by("number").values_list("number", "reason")) == [(1, ""), (2, "补报完成")]


def test_version_is_published_by_somebody_else_and_withdrawn_with_a_reason(client, editor):
    record = entered()
    locking.lock(MAY, by=editor)
    entered(record.project, "5", kind="correction", reason="补报")
    publisher = UserFactory(roles=["publisher"])
    client.force_login(publisher)

    asked = client.get(url("publish", 1)).context
    published = client.post(url("publish", 1), {})
    twice = client.post(url("publish", 1), {})
    without_reason = client.post(url("withdraw", 1), {"reason": " "})
    version = MonthVersion.objects.get()
    was_public = version.is_public
    withdrawn = client.post(url("withdraw", 1), {"reason": "数字有误"})

    assert [answer.status_code for answer in (published, twice, without_reason, withdrawn)] == [302, 200, 200, 302]
    assert (asked["table"].rows[0][3].value, len(asked["act"].warnings)) == (D(100), 1)  # what came later is not in it
    version.refresh_from_db()
    assert (was_public, version.is_public, version.withdrawal_reason) == (True, False, "数字有误")


def test_who_locked_is_told_why_not_to_publish(client):
    both = UserFactory(roles=["editor", "publisher"])
    locking.lock(MAY, by=both)
    client.force_login(both)

    page = client.get(url("month"))

    assert page.context["versions"][0]["refusal"]
    assert client.post(url("publish", 1), {}).context["form"].non_field_errors()
    assert MonthVersion.objects.public().count() == 0


def test_versions_side_by_side_say_what_changed_and_by_which_rows(client, editor):
    dairy, energy = IndustryChainFactory(name="奶产业"), IndustryChainFactory(name="新能源")
    first, second = building(chain=dairy), building(chain=energy)
    entered(first, "100"), entered(second, "40")
    locking.lock(MAY, by=editor)
    entered(first, "-7.5", kind="correction", reason="银行回单更正")
    second.chain = dairy
    second.save()
    locking.lock(MAY, by=editor, reason="更正")
    client.force_login(editor)

    page = client.get(url("compare"), {"from": "1", "to": "2"})

    funds = page.context["tables"][0]
    assert [(row[0].text, row[4].value, row[5].value, row[6].value) for row in funds.rows] == [
        ("奶产业", D(100), D("132.5"), D("32.50")),
        ("新能源", D(40), None, D("-40.00")),
    ]
    assert [cell.value for cell in funds.total[4:7]] == [D(140), D("132.5"), D("-7.50")]
    assert [row["reason"] for row in page.context["changes"].rows] == ["银行回单更正"]
    assert page.context["projects"] == [{"name": second.name, "changes": ["新能源 → 奶产业"]}]


@pytest.mark.parametrize("query", ["from=9", "to=x", "to=99999999999999999999", "from=-1"])
def test_version_that_there_is_not_is_not_found(client, editor, query):
    locking.lock(MAY, by=editor)
    client.force_login(editor)

    assert client.get(f"{url('compare')}?{query}").status_code == 404


@pytest.mark.parametrize(
    "path", ["1948-05/", "1949-05/", "2025-13/", "2025-05/9/publish/", "2025-05/99999999/withdraw/"]
)
def test_silly_addresses_are_not_found(client, path):
    client.force_login(UserFactory(is_superuser=True))

    assert client.get(f"/admin/monthly/reportingmonth/{path}").status_code == 404


def test_month_without_anything_is_open_and_empty(client, editor):
    client.force_login(editor)

    page = client.get(reverse("admin:monthly_month", args=[Month(2097, 1)]))

    assert (page.status_code, page.context["versions"], page.context["changes"]) == (200, [], None)


def test_month_is_opened_before_anything_is_entered(client, editor):
    client.force_login(editor)
    address = reverse("admin:monthly_reportingmonth_add")

    wrong = client.post(address, {"month": "五月"})
    added = client.post(address, {"month": "2025年5月", "note": "提前开表"})

    assert "month" in wrong.context["form"].errors
    assert added.url == url("month")
    row = ReportingMonth.objects.get(month=MAY.first)
    assert (row.note, row.created_by) == ("提前开表", editor)


@time_machine.travel("2025-06-05 12:00+08:00", tick=False)
def test_list_leads_to_months_that_nobody_has_opened_yet(client, editor):
    entered(month=Month(2025, 2).first)
    locking.lock(Month(2025, 2), by=editor)
    entered(month=Month(2025, 3).first)
    client.force_login(editor)

    page = client.get(reverse("admin:monthly_reportingmonth_changelist"))

    assert [str(row) for row in page.context["cl"].result_list] == [
        "2025年2月"
    ]  # and no January that only stands for its year
    assert [label for label, _url in page.context["more_months"]] == ["2025年5月", "2025年3月"]


def test_list_asks_as_often_for_many_months(client, editor, django_assert_num_queries):
    client.force_login(editor)
    address = reverse("admin:monthly_reportingmonth_changelist")
    counts = []
    for number in (1, 2, 3):
        month = Month(2025, number)
        entered(month=month.first)
        locking.lock(month, by=editor)
        entered(month=month.first, kind="correction", reason="更正")
        if number == 1:
            client.get(address)
            with django_assert_num_queries(11) as asked:
                client.get(address)
    with django_assert_num_queries(len(asked)):
        page = client.get(address)

    shown = [
        (str(row), row.newest_number, row.filled_projects, row.changed_funds) for row in page.context["cl"].result_list
    ]
    counts = [("2025年3月", 1, 2, 1), ("2025年2月", 1, 2, 1), ("2025年1月", 1, 2, 1)]
    assert shown == counts


def test_month_says_that_projects_were_sorted_differently_since(client, editor):
    record = entered()
    locking.lock(MAY, by=editor)
    client.force_login(editor)
    before = client.get(url("month")).context
    record.project.chain = IndustryChainFactory(name="奶产业")
    record.project.save()

    after = client.get(url("month")).context

    assert (before["moved"], len(before["table"].rows), len(after["table"].rows)) == ("", 3, 6)
    assert (len(after["changes"].rows), "1" in after["moved"]) == (0, True)


def test_month_that_only_another_version_sums_says_so(client, editor):
    client.force_login(editor)
    page = reverse("admin:monthly_month", args=[Month(2024, 3)])
    before = client.get(page).context["state"]
    locking.lock(MAY, by=editor)

    after = client.get(page).context["state"]

    assert (before["look"], after["look"], before["sentence"] == after["sentence"]) == ("draft", "draft", False)


def test_reason_of_a_second_locking_is_said_to_be_public_and_shown_before_publishing(client, editor):
    record = entered()
    locking.lock(MAY, by=editor)
    client.force_login(editor)
    first_words = client.get(url("unlock")).context["form"].fields["reason"].help_text
    words = client.get(url("lock")).context["form"].fields["reason"].help_text
    entered(record.project, "5", kind="correction", reason="补报")
    locking.lock(MAY, by=editor, reason="银行回单更正")
    client.force_login(UserFactory(roles=["publisher"]))

    meaning = client.get(url("publish", 2)).context["act"].meaning

    assert words != first_words
    assert ["银行回单更正" in sentence for sentence in meaning] == [False, True]


def test_open_months_before_it_are_named_before_publishing_and_later_ones_before_withdrawing(client, editor):
    publisher = UserFactory(roles=["publisher"])
    entered(month=Month(2025, 4).first)
    for month in (Month(2025, 4), MAY):
        version = locking.lock(month, by=editor)
    locking.unlock(Month(2025, 4), by=editor, reason="补报")
    client.force_login(publisher)

    warned = client.get(url("publish", 1)).context["act"].warnings
    alone = client.get(url("withdraw", 1)).context["act"].meaning
    locking.publish(version, by=publisher)
    client.force_login(publisher)
    april = reverse("admin:monthly_withdraw", args=[Month(2025, 4), 1])

    assert ["2025年4月" in sentence for sentence in warned] == [True]
    assert len(alone) == 1
    assert ["2025年5月" in sentence for sentence in client.get(april).context["act"].meaning] == [False, True]


def test_versions_side_by_side_show_targets_and_how_many_projects_are_left_out(client, editor, monkeypatch):
    monkeypatch.setattr(month_compare, "LISTED", 1)
    target = AnnualTargetFactory(value=D(1_000))
    first, second = building(), building()
    locking.lock(MAY, by=editor)
    for project in (first, second):
        project.name += "二期"
        project.save()
    target.value = D(900)
    target.save()
    client.force_login(editor)

    page = client.get(url("compare"))

    assert [cell.value for cell in page.context["targets"].rows[0][1:]] == [D(1000), D(900), D("-100.00")]
    assert (len(page.context["projects"]), page.context["more_projects"]) == (1, 1)
