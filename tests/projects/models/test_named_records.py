"""Chains, mechanisms and opportunities: records that are a name, an address and a text."""

import pytest

from projects.models import IndustryChain, Mechanism, Opportunity
from tests.factories import EnterpriseFactory, IndustryChainFactory, MechanismFactory, OpportunityFactory

pytestmark = pytest.mark.django_db

KINDS = [
    (IndustryChainFactory, "/chains/nai-chan-ye/"),
    (MechanismFactory, "/mechanisms/nai-chan-ye/"),
    (OpportunityFactory, "/opportunities/#nai-chan-ye"),
]


@pytest.mark.parametrize(("factory", "address"), KINDS)
def test_record_is_named_and_has_an_address(factory, address):
    record = factory(name="奶产业")

    assert (str(record), record.get_absolute_url()) == ("奶产业", address)
    assert type(record).objects.get_by_natural_key(*record.natural_key()) == record


@pytest.mark.parametrize("factory", [factory for factory, _ in KINDS])
def test_record_is_found_by_its_name_and_its_summary(factory):
    record = factory(name="奶产业", summary="鲜奶与乳制品")
    factory(name="别的", summary="")
    found = type(record).objects.search

    assert [list(found("奶产")), list(found("乳制")), list(found("光伏"))] == [[record], [record], []]


@pytest.mark.parametrize("factory", [MechanismFactory, OpportunityFactory])
def test_records_stand_in_their_order_and_only_published_ones_are_public(factory):
    second, first = factory(position=2), factory(position=1, published=False)
    model = type(first)

    assert list(model.objects.all()) == [first, second]
    assert list(model.objects.public()) == [second]


def test_chains_stand_as_they_were_entered_and_are_always_public():
    chains = [IndustryChainFactory(name=name) for name in ("新能源", "奶产业")]

    assert list(IndustryChain.objects.all()) == chains
    assert not hasattr(chains[0], "published")


@pytest.mark.parametrize(
    ("factory", "tie", "tied_to"),
    [
        (IndustryChainFactory, "anchor_enterprise", EnterpriseFactory),
        (OpportunityFactory, "chain", IndustryChainFactory),
    ],
)
def test_record_outlives_what_it_is_tied_to(factory, tie, tied_to):
    other = tied_to()
    record = factory(**{tie: other})

    other.delete()

    record.refresh_from_db()
    assert getattr(record, tie) is None


def test_labels_of_the_kinds_are_chinese():
    assert [str(label) for label in Mechanism.Theme.labels] == ["招商引资", "企业服务", "审批服务", "政策与创新"]
    assert str(Opportunity._meta.verbose_name) == "招商机会"
