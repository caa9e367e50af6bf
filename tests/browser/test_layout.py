"""Long names keep to their places, on a desk, on a phone and in large type; and the tool that looks can fail."""

import pytest

from liangzhou.views import DISPLAY_COOKIE
from projects.models import Project
from tests.browser.conftest import DESK, PHONE
from tests.browser.layout import faults
from tests.factories import (
    CitationFactory,
    EnterpriseFactFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    MeasureFactory,
    MilestoneFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
    QualificationFactory,
)

CHINESE = "甘肃省武威市凉州区新能源装备制造产业园区年产八千六百吨系列乳制品精深加工及配套冷链物流综合应用示范项目"
LONGEST = (CHINESE * 4)[:200]
COMPANY = "凉州区河西走廊新能源装备制造与特色农产品精深加工产业集群投资建设运营管理服务集团有限责任公司" * 2
LATIN = "Gansu-Wuwei-Liangzhou-" * 4 + "InternationalRenewableEnergyInvestment" * 2  # has no place to break a line
BROKEN = """
<!doctype html><title>t</title><style>body { margin: 0 } div { width: 10em; line-height: 1.2 }</style>
<div style="white-space: nowrap">一二三四五六七八九十一二三四</div>
<div style="overflow: hidden; white-space: nowrap">甲乙丙丁戊己庚辛壬癸甲乙丙丁</div>
<div>下面</div><div style="margin-top: -1.2em">上面</div>
<div style="width: 200vw">宽</div>
"""


def test_faults_names_what_is_out_of_place(page):
    page.set_content(BROKEN)

    assert sorted(faults(page)) == [
        "cut off: 甲乙丙丁戊己庚辛壬癸甲乙丙丁",
        "lies on “下面”: 上面",
        "sticks out of its box: 一二三四五六七八九十一二三四",
        "sticks out of its box: 甲乙丙丁戊己庚辛壬癸甲乙丙丁",
        "the page scrolls sideways: 2732 > 1366",
    ]


@pytest.fixture(scope="module")
def long_names(database):
    """Addresses of pages on which every name is as long as it may be."""
    chain = IndustryChainFactory(name=CHINESE[:40] + "链", slug="long")
    place = PlaceFactory(name=CHINESE[:45] + "园区", slug="long")
    company = EnterpriseFactory(name=COMPANY, summary=LONGEST, place=place)
    foreign = EnterpriseFactory(name=LATIN[:120])
    project = ProjectFactory(
        name=LONGEST, chain=chain, place=place, enterprise=company, summary=LONGEST * 3, total_investment="99999999999"
    )
    ProjectFactory(name=LATIN, chain=chain, place=place, enterprise=foreign)
    ProjectPartyFactory(project=project, enterprise=foreign, note=LONGEST)
    MeasureFactory(project=project, name=CHINESE[:40], value="99999999999.25", unit="万千瓦时/年")
    MilestoneFactory(project=project, note=LONGEST)
    CitationFactory(target=project, quote=LONGEST * 3, supports="名称、" * 30)
    EnterpriseFactFactory(enterprise=company, name=CHINESE[:40], text=LONGEST[:150])
    QualificationFactory(enterprise=company, name=CHINESE[:60], batch=CHINESE[:40])
    return ["/", "/projects/", project.get_absolute_url(), "/enterprises/", company.get_absolute_url(),
            chain.get_absolute_url(), place.get_absolute_url(), "/search/?q=凉州"]  # fmt: skip


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("classes", ["none", "large"])
def test_long_names_keep_to_their_places(open_page, live_server, long_names, viewport, classes):
    page = open_page(viewport)
    page.context.add_cookies([{"name": DISPLAY_COOKIE, "value": classes, "url": live_server.url}])
    found = {}
    for address in long_names:
        page.goto(address)
        if faults(page):
            found[address] = faults(page)

    assert found == {}


def test_long_names_keep_to_their_places_in_the_admin(sign_in, clerk, long_names):
    page = sign_in(clerk)
    project = Project.objects.get(name=LONGEST)
    found = {}
    for address in ("projects/project/", f"projects/project/{project.pk}/change/", "enterprises/enterprise/"):
        page.goto(f"/admin/{address}")
        if faults(page):
            found[address] = faults(page)

    assert found == {}
    page.goto("/admin/projects/project/")
    assert all(cell.bounding_box()["width"] >= 220 for cell in page.locator("th.field-name").all())
