"""What the fixtures hold: every fact has its sentence, and the figures are the article's."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from liangzhou.money import plain, typed_form
from liangzhou.periods import PartialDate
from projects import article

FIXTURES = article.read()
CITED = [
    "enterprises.place",
    "enterprises.enterprise",
    "projects.industrychain",
    "projects.project",
    "projects.reportedindicator",
    "projects.mechanism",
    "projects.opportunity",
]
SOURCE = "liangzhou-xin-gaodi"
MILESTONES = {"landed": "落地", "started": "开工", "producing": "投产"}
PROJECT_FACTS = {
    "name": "名称", "stage": "阶段", "summary": "简介", "chain": "产业链", "place": "地点", "enterprise": "企业",
    "total_investment": "总投资", "land_area": "占地面积",
}  # fmt: skip


def keyed(label):
    return [(article.key_of(label, fields), fields) for fields in FIXTURES[label]]


def citations(label, key):
    return [fields for fields in FIXTURES["sources.citation"] if fields["target"] == [label, key]]


def supported(label, key):
    """The facts that the sentences about a record support."""
    return {fact for citation in citations(label, key) for fact in citation["supports"].split("、") if fact}


def quotes(label, key, fact=None):
    return [c["quote"] for c in citations(label, key) if fact is None or fact in c["supports"].split("、")]


def numbers(texts):
    return set(re.findall(r"\d+(?:\.\d+)?", " ".join(texts)))


def parts(label, of, key):
    """The fixture records that belong to one project or company."""
    return [fields for fields in FIXTURES[label] if fields[of] == [key]]


def test_keys_are_unique_and_fit_the_history_row():
    for label in FIXTURES:
        keys = [key for key, _ in keyed(label)]
        assert [key for key, count in Counter(keys).items() if count > 1] == []
        assert [key for key in keys if len(article.REASON + key) > 100] == []


def test_every_record_is_cited():
    uncited = [(label, key) for label in CITED for key, _ in keyed(label) if not citations(label, key)]

    assert uncited == []


def test_every_citation_names_a_record_and_a_source_of_the_fixtures():
    records = {(label, key) for label in CITED for key, _ in keyed(label)}
    sources = {key for key, _ in keyed("sources.source")}

    assert {tuple(c["target"]) for c in FIXTURES["sources.citation"]} == records
    assert {c["source"][0] for c in FIXTURES["sources.citation"]} == sources


def test_every_fact_of_a_project_is_supported_and_nothing_else():
    for key, fields in keyed("projects.project"):
        facts = {zh for name, zh in PROJECT_FACTS.items() if fields.get(name)}
        facts |= {m["name"] for m in parts("projects.measure", "project", key)}
        facts |= {MILESTONES[m["kind"]] for m in parts("projects.milestone", "project", key)}
        facts |= {"参与方" for _ in parts("projects.projectparty", "project", key)}

        assert supported("projects.project", key) == facts


def test_every_fact_of_a_company_is_supported_and_nothing_else():
    for key, _ in keyed("enterprises.enterprise"):
        facts = {"名称", "简介"} | {f["name"] for f in parts("enterprises.enterprisefact", "enterprise", key)}

        assert supported("enterprises.enterprise", key) == facts


def test_every_fact_of_a_chain_is_supported_and_nothing_else():
    for key, fields in keyed("projects.industrychain"):
        facts = {"名称", "产业集群", "简介"} | ({"重点产业链"} if fields.get("is_key_chain") else set())

        assert supported("projects.industrychain", key) == facts


def test_names_stand_in_their_sentences():
    named = [label for label in CITED if label not in ("projects.reportedindicator", "projects.mechanism")]
    records = [(label, *record) for label in named for record in keyed(label)]

    unfounded = [f["name"] for label, key, f in records if f["name"] not in "".join(quotes(label, key))]

    assert unfounded == []


def test_measures_stand_in_the_sentence_that_supports_them():
    for label, of, target in (
        ("projects.measure", "project", "projects.project"),
        ("enterprises.enterprisefact", "enterprise", "enterprises.enterprise"),
    ):
        for fields in FIXTURES[label]:
            sentences = quotes(target, fields[of][0], fields["name"])
            stated = fields["value"] in numbers(sentences) if "value" in fields else fields["text"] in sentences[0]
            assert stated, fields


def test_amounts_and_land_stand_in_the_sentence_that_supports_them():
    for key, fields in keyed("projects.project"):
        if "total_investment" in fields:
            amount = typed_form(Decimal(fields["total_investment"]))
            assert [q for q in quotes("projects.project", key, "总投资") if f"总投资{amount}" in q], fields
        if "land_area" in fields:
            assert [q for q in quotes("projects.project", key, "占地面积") if f"{fields['land_area']}亩" in q], fields


def test_milestone_dates_stand_in_the_sentence_that_supports_them():
    for fields in FIXTURES["projects.milestone"]:
        reached = PartialDate(date.fromisoformat(fields["actual"]), fields["actual_precision"]).chinese
        sentence = "".join(quotes("projects.project", fields["project"][0], MILESTONES[fields["kind"]]))

        assert reached in sentence or reached.removeprefix("2025年") in sentence


def test_indicators_stand_in_their_sentences():
    for key, fields in keyed("projects.reportedindicator"):
        stated = numbers(quotes("projects.reportedindicator", key))

        assert {fields["value"], fields.get("growth", fields["value"])} <= stated


@pytest.mark.parametrize(("qualifier", "printed"), [("over", "余"), ("reached", "达"), ("forecast", "预计")])
def test_a_qualifier_of_an_indicator_stands_in_its_sentence(qualifier, printed):
    qualified = [(key, f) for key, f in keyed("projects.reportedindicator") if f.get("qualifier") == qualifier]

    assert qualified
    assert [key for key, _ in qualified if printed not in "".join(quotes("projects.reportedindicator", key))] == []


def test_township_level_units_are_the_fifty_of_the_code_list():
    units = [fields for fields in FIXTURES["enterprises.place"] if "code" in fields]

    assert Counter(fields["kind"] for fields in units) == {"subdistrict": 9, "town": 37, "other": 4}
    assert len({fields["code"] for fields in units}) == len({fields["name"] for fields in units}) == 50
    for fields in units:
        (row,) = quotes("enterprises.place", fields["slug"])
        assert row == f'{fields["code"]},"{fields["name"]}",620602,62,6206'


def test_parks_come_from_the_article_without_a_code():
    parks = [fields for fields in FIXTURES["enterprises.place"] if fields["kind"] == "park"]

    assert [(fields["name"], fields.get("code")) for fields in parks] == [
        ("武威黄羊工业园", None),
        ("九墩滩光伏治沙示范园区", None),
    ]
    assert {c["source"][0] for f in parks for c in citations("enterprises.place", f["slug"])} == {SOURCE}


def test_numbers_in_texts_come_from_their_sentences():
    """A summary says no figure that its own sentences do not print; the year of 今年 is the source's note."""
    for label in ("projects.project", "projects.industrychain", "projects.mechanism", "enterprises.enterprise"):
        for key, fields in keyed(label):
            said = numbers([fields.get("summary", ""), fields.get("kept", "")])
            assert said - {"2025"} <= numbers(quotes(label, key)), key


def test_plain_numbers_are_written_as_the_article_prints_them():
    values = [fields["value"] for _, fields in keyed("projects.reportedindicator")]

    assert [plain(Decimal(value)) for value in values] == values


def test_reasons_of_the_log_quote_the_sentences_of_their_project():
    for fields in FIXTURES["projects.stagechange"]:
        (said,) = re.findall("“(.+)”", fields["reason"])

        assert said in "".join(quotes("projects.project", fields["project"][0]))
