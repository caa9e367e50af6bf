"""Loading the article: its figures, once each, and nothing of the staff's touched."""

import re
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from enterprises.models import Enterprise, EnterpriseFact, Place
from liangzhou.models import Qualifier
from projects import article
from projects.actions import facts_of, unmet, waived
from projects.models import (
    IndustryChain,
    Measure,
    Mechanism,
    Milestone,
    Opportunity,
    Project,
    ProjectParty,
    ReportedIndicator,
    StageChange,
)
from projects.stages import Stage
from sources.models import Citation, Source
from tests.factories import EnterpriseFactory, PlaceFactory, ProjectFactory
from tests.kept_rows import kept_rows

pytestmark = pytest.mark.django_db

COUNTS = {
    Source: 2, Place: 52, Enterprise: 7, EnterpriseFact: 4, IndustryChain: 5, Project: 4, StageChange: 4, Milestone: 3,
    Measure: 7, ProjectParty: 1, ReportedIndicator: 16, Mechanism: 17, Opportunity: 4, Citation: 129,
}  # fmt: skip
FIRST_RUN = """\
Sources: 2 new, 0 kept
Places: 52 new, 0 kept
Companies: 7 new, 0 kept
Facts: 4 new, 0 kept
Industry chains: 5 new, 0 kept
Projects: 4 new, 0 kept
Changes of stage: 4 new, 0 kept
Milestones: 3 new, 0 kept
Capacity and other measures: 7 new, 0 kept
Parties: 1 new, 0 kept
Reported indicators: 16 new, 0 kept
Mechanisms: 17 new, 0 kept
Opportunities: 4 new, 0 kept
Cited sentences: 129 new, 0 kept
The article is loaded: 255 new, 0 kept.
"""


def load_article():
    """Run the command in English; returns what it printed and what it complained of."""
    out, err = StringIO(), StringIO()
    with translation.override("en"):
        call_command("load_article", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """What the command printed and complained of; the article stays for all tests that follow."""
    with kept_rows(django_db_blocker):
        yield load_article()


def rows():
    """Everything that the article's tables and their histories hold."""
    return {model: (list(model._base_manager.order_by("pk").values()), model.history.count()) for model in COUNTS}


def left_out(outcomes):
    return {outcome.model: [key for key, _ in outcome.left_out] for outcome in outcomes if outcome.left_out}


# Before the article is there


def test_a_code_that_staff_already_use_is_left_out_with_what_hangs_on_it():
    other = EnterpriseFactory(code="QY000002", name="另一家公司")

    out, err = load_article()

    assert err.splitlines()[0] == "Left out: company QY000002. Company with this Code already exists."
    assert "Left out: project LZ000002. It belongs to the company QY000002 of the article, which is not there." in err
    assert (other.facts.count(), other.projects.count(), other.citations.count()) == (0, 0, 0)
    assert sorted(Project.objects.values_list("code", flat=True)) == ["LZ000001", "LZ000003", "LZ000004"]


def test_a_place_that_staff_already_entered_is_not_doubled():
    PlaceFactory(name="黄羊镇", kind=Place.Kind.TOWN)

    outcomes = article.load()

    assert left_out(outcomes) == {Place: ["huangyang-zhen"], Citation: ["enterprises.place huangyang-zhen 1"]}
    assert Place.objects.filter(name="黄羊镇").count() == 1


# The article


def test_load_article_says_what_it_loaded(loaded):
    assert loaded == (FIRST_RUN, "")
    assert {model: model._base_manager.count() for model in COUNTS} == COUNTS


@pytest.mark.usefixtures("loaded")
class TestWhatIsLoaded:
    def test_load_article_publishes_everything(self):
        published = [
            model.objects.public().count() for model in (Project, Enterprise, ReportedIndicator, Mechanism, Opportunity)
        ]

        assert published == [4, 7, 16, 17, 4]

    def test_projects_carry_the_figures_of_the_article(self):
        projects = Project.objects.order_by("code").values_list(
            "code", "name", "stage", "total_investment", "land_area", "chain__slug", "place__name", "enterprise__name"
        )

        assert list(projects) == [
            ("LZ000001", "武威市凉州区300MW/1200MWh独立储能电站项目", Stage.STARTED, Decimal(130_000), Decimal(100),
             "new-energy-equipment", "九墩滩光伏治沙示范园区", "武威华景领航电力有限公司"),
            ("LZ000002", "年产8600吨系列乳制品精深加工项目", Stage.PRODUCING, Decimal(13_100), None,
             "dairy", None, "甘肃博贞原生物乳业有限公司"),
            ("LZ000003", "雅洁食品项目", Stage.LANDED, None, None, None, None, "甘肃雅洁食品有限公司"),
            ("LZ000004", "稻盛云(武威)智算中心项目", Stage.BUILDING, None, None, "digital", None, None),
        ]  # fmt: skip

    def test_projects_know_their_latest_milestone(self):
        latest = Project.objects.order_by("code").values_list(
            "latest_milestone", "latest_milestone_date", "latest_milestone_year"
        )

        assert list(latest) == [
            (Milestone.Kind.STARTED, date(2025, 5, 21), 2025),
            (Milestone.Kind.PRODUCING, date(2024, 8, 1), 2024),
            (Milestone.Kind.LANDED, date(2024, 10, 1), 2024),
            (None, None, None),
        ]
        assert [milestone.date.chinese for milestone in Milestone.objects.order_by("project__code")] == [
            "2025年5月下旬", "2024年8月", "2024年10月",
        ]  # fmt: skip

    def test_projects_are_found_by_words_and_pinyin(self):
        assert [p.code for p in Project.objects.search("300MW 储能")] == ["LZ000001"]
        assert [p.code for p in Project.objects.search_with_pinyin("yajie")] == ["LZ000003"]

    def test_measures_and_facts_carry_their_units_and_qualifiers(self):
        measures = Measure.objects.order_by("project__code", "position").values_list(
            "project__code", "name", "value", "unit", "qualifier"
        )
        facts = EnterpriseFact.objects.order_by("id").values_list(
            "enterprise__code", "name", "value", "unit", "qualifier", "text"
        )

        assert list(measures) == [
            ("LZ000001", "储能功率", Decimal(300), "MW", Qualifier.EXACT),
            ("LZ000001", "储能容量", Decimal(1200), "MWh", Qualifier.EXACT),
            ("LZ000002", "乳制品年产能", Decimal(8600), "吨/年", Qualifier.EXACT),
            ("LZ000002", "日处理鲜奶能力", Decimal(500), "吨/日", Qualifier.REACHED),
            ("LZ000002", "新增就业岗位", Decimal(120), "个", Qualifier.EXACT),
            ("LZ000002", "产品附加值提升", Decimal(30), "%", Qualifier.AT_LEAST),
            ("LZ000004", "首个国产推理算力", Decimal(1000), "P", Qualifier.EXACT),
        ]
        assert list(facts) == [
            ("QY000002", "年处理鲜奶", Decimal(10), "万吨", Qualifier.OVER, ""),
            ("QY000002", "年产值", Decimal(9000), "万元", Qualifier.REACHED, ""),
            ("QY000002", "产品市场", None, "", Qualifier.EXACT, "华东、华南等地高端市场"),
            ("QY000005", "产品", None, "", Qualifier.EXACT, "电动三轮车"),
        ]

    def test_headline_indicators_are_the_figures_of_the_article(self):
        headlines = ReportedIndicator.objects.filter(headline=True).values_list(
            "value", "unit", "qualifier", "growth", "growth_qualifier", "period_start", "period_end"
        )
        january, may, june = date(2025, 1, 1), date(2025, 5, 1), date(2025, 6, 1)

        assert list(headlines) == [
            (Decimal(421), "项", Qualifier.EXACT, None, Qualifier.EXACT, january, may),
            (Decimal("352.04"), "亿元", Qualifier.EXACT, None, Qualifier.EXACT, january, may),
            (Decimal("88.57"), "亿元", Qualifier.EXACT, Decimal("38.01"), Qualifier.EXACT, january, may),
            (Decimal("113.36"), "亿元", Qualifier.FORECAST, Decimal(35), Qualifier.AT_LEAST, january, june),
        ]

    def test_other_indicators_are_the_figures_of_the_article(self):
        others = ReportedIndicator.objects.filter(headline=False).values_list(
            "slug", "value", "unit", "qualifier", "nature", "period_start"
        )

        assert list(others) == [
            ("key-chains", Decimal(8), "条", "exact", "stock", None),
            ("reserve-projects", Decimal(238), "项", "exact", "stock", None),
            ("reserve-investment", Decimal("1251.46"), "亿元", "exact", "stock", None),
            ("assisted-procedures", Decimal(153), "项", "exact", "flow", date(2025, 1, 1)),
            ("company-visits", Decimal(58), "家次", "exact", "flow", date(2025, 1, 1)),
            ("problems-solved", Decimal(30), "项", "over", "flow", date(2025, 1, 1)),
            ("company-satisfaction", Decimal(100), "%", "reached", "flow", date(2025, 1, 1)),
            ("feedback-handled", Decimal(12), "件", "exact", "flow", date(2025, 1, 1)),
            ("provincial-innovative-companies", Decimal(17), "户", "exact", "flow", date(2024, 1, 1)),
            ("specialised-smes", Decimal(12), "户", "exact", "flow", date(2024, 1, 1)),
            ("high-tech-companies", Decimal(55), "户", "reached", "stock", None),
            ("rd-active-share", Decimal("38.46"), "%", "reached", "stock", None),
        ]

    def test_only_an_exact_growth_implies_a_base(self):
        with_growth = ReportedIndicator.objects.filter(growth__isnull=False)

        assert {i.slug: i.implied_base for i in with_growth} == {
            "out-of-province-funds": Decimal("64.18"),
            "first-half-funds": None,
        }

    def test_chains_say_only_what_the_article_says(self):
        assert list(IndustryChain.objects.order_by("id").values_list("name", "is_key_chain", "cluster_tier")) == [
            ("特色农产品及食品加工", True, "ten_billion"),
            ("奶产业", True, "ten_billion"),
            ("新能源及装备制造", None, "ten_billion"),
            ("新材料", None, "emerging"),
            ("数字产业", None, "emerging"),
        ]

    def test_mechanisms_are_the_seventeen_of_the_article(self):
        assert list(Mechanism.objects.values_list("name", flat=True)) == [
            "一条链、一专班、一图谱、一方案", "一把手工程", "帮办代办", "一对一指导", "包抓联", "六必访", "白名单",
            "并联审批", "容缺受理", "一网通办、全程网办", "秒批", "政策落实监督", "奖补", "优化营商环境全面提升年行动",
            "强科技行动", "专家顾问", "招商引智活动",
        ]  # fmt: skip

    def test_sources_say_what_is_not_known(self):
        source = Source.objects.get(kind=Source.Kind.ARTICLE)

        assert (source.title, source.authors) == ("凉州聚力打造县域经济发展新高地", "金奉乾 曾继孔 王润")
        assert (source.publisher, source.dated, source.url) == ("", None, "")

    def test_sentences_of_a_record_come_in_their_order(self):
        project = Project.objects.get(code="LZ000001")

        assert [citation.labels for citation in project.citations.all()] == [
            ["名称", "阶段", "开工", "储能功率", "储能容量", "简介"],
            ["地点", "总投资", "占地面积"],
            ["简介"],
            ["企业", "产业链"],
        ]

    def test_no_project_lacks_what_was_not_let_through_with_a_reason(self):
        projects = Project.objects.order_by("code")
        names = waived(projects)

        assert [unmet(project, facts_of(project), names[project.pk]) for project in projects] == [[]] * 4
        for project in projects:
            lacking = {gap.name for gap in unmet(project, facts_of(project), ())}
            change = project.stage_changes.get()
            assert (change.to_stage, set(change.overridden.split())) == (project.stage, lacking)
            assert change.reason

    def test_history_says_what_put_a_record_there(self):
        row = Measure.history.get(name="储能功率")

        assert (row.history_type, row.history_change_reason) == ("+", "load_article: LZ000001 储能功率")


def test_load_article_again_changes_nothing(loaded, django_assert_num_queries):
    before = rows()

    # Django's look at the migrations, a savepoint, the lock, and one for each kind
    with django_assert_num_queries(2 + 2 + 1 + len(COUNTS)):
        again = load_article()

    assert again == (re.sub(r"(\d+) new, 0 kept", r"0 new, \1 kept", FIRST_RUN), "")
    assert rows() == before


def test_what_staff_edited_or_renamed_stays(loaded):
    project = Project.objects.get(code="LZ000001")
    project.name, project.total_investment = "独立储能电站", None
    project.save()
    Mechanism.objects.filter(slug="bao-zhua-lian").update(slug="baozhualian")
    Measure.objects.filter(name="储能功率").update(name="功率")
    before = rows()

    out, err = load_article()

    assert (out.splitlines()[-1], err) == ("The article is loaded: 0 new, 255 kept.", "")
    assert rows() == before


def test_log_of_stages_arrives_where_the_article_was_loaded_before_there_was_one(loaded):
    StageChange.objects.all().delete()
    StageChange.history.all().delete()

    out, err = load_article()

    assert (out.splitlines()[-1], err) == ("The article is loaded: 4 new, 251 kept.", "")
    assert StageChange.objects.count() == 4


def without_loaded_log():
    """As if the article had been loaded before there was a log."""
    StageChange.objects.all().delete()
    StageChange.history.all().delete()


def test_project_that_has_a_log_already_keeps_that(loaded):
    without_loaded_log()
    project = Project.objects.get(code="LZ000002")
    StageChange.objects.create(project=project, from_stage="producing", to_stage="producing", reason="之前")

    out, err = load_article()

    assert (out.splitlines()[-1], err) == ("The article is loaded: 3 new, 252 kept.", "")
    assert [change.reason for change in project.stage_changes.all()] == ["之前"]


def test_log_of_a_project_that_staff_deleted_is_not_asked_for(loaded):
    Project.objects.filter(code="LZ000001").delete()
    without_loaded_log()

    for new in (3, 0):
        out, err = load_article()
        assert f"Changes of stage: {new} new, {3 - new} kept, 1 deleted by staff and left so" in out.splitlines()
        assert err == ""


def test_what_staff_deleted_stays_deleted(loaded):
    Project.objects.filter(code="LZ000002").delete()

    out, err = load_article()

    assert [line for line in out.splitlines() if "deleted" in line] == [
        "Projects: 0 new, 3 kept, 1 deleted by staff and left so",
        "Changes of stage: 0 new, 3 kept, 1 deleted by staff and left so",
        "Milestones: 0 new, 2 kept, 1 deleted by staff and left so",
        "Capacity and other measures: 0 new, 3 kept, 4 deleted by staff and left so",
        "Cited sentences: 0 new, 126 kept, 3 deleted by staff and left so",
    ]
    assert err == ""
    assert sorted(Project.objects.values_list("code", flat=True)) == ["LZ000001", "LZ000003", "LZ000004"]


def test_a_project_of_staff_under_the_code_of_a_deleted_one_gets_nothing_of_it(loaded):
    Project.objects.filter(code="LZ000004").delete()
    Measure.history.filter(name="首个国产推理算力").delete()  # as if a later release brought this measure
    project = ProjectFactory(code="LZ000004", name="另一个项目")

    outcomes = article.load()

    assert left_out(outcomes) == {Measure: ["LZ000004 首个国产推理算力"]}
    assert (project.measures.count(), project.parties.count(), project.citations.count()) == (0, 0, 0)


def test_a_record_that_a_later_release_brings_arrives(loaded):
    mechanism = Mechanism.objects.get(slug="miao-pi")
    sentences = list(mechanism.citations.values_list("pk", flat=True))
    mechanism.delete()
    Mechanism.history.filter(slug="miao-pi").delete()
    Citation.history.filter(id__in=sentences).delete()

    out, err = load_article()

    assert (out.splitlines()[-1], err) == ("The article is loaded: 2 new, 253 kept.", "")
    assert Mechanism.objects.get(slug="miao-pi").citations.count() == 1
