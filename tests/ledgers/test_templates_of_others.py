"""Names of other people's ledger templates, which those who are limited do not read."""

import pytest
from django.test import Client

from ledgers import imports
from ledgers.headings import signature as signature_of
from tests.factories import IndustryChainFactory, LedgerTemplateFactory, UserFactory
from tests.ledgers.desk import address
from tests.ledgers.sheets import csv_file

pytestmark = pytest.mark.django_db


def test_limited_person_reads_no_name_of_a_template_of_others(tmp_path):
    person = UserFactory(roles=["task_force"], chains=[IndustryChainFactory()])
    templates = "/admin/ledgers/ledgertemplate/"
    heads = ["工程名", "项目名称"]
    signature = signature_of(heads)
    template = LedgerTemplateFactory(
        name="FOREIGN", signature=signature, meanings={}, created_by=UserFactory(roles=["editor"])
    )
    found = imports.start(csv_file(tmp_path / "a.csv", [heads, ["x", "牧场项目"]]), "a.csv", by=person)
    pages = [templates, f"{templates}{template.pk}/change/", f"{templates}{template.pk}/history/", address(found)]

    def reads(who):
        client = Client()
        client.force_login(who)
        return ["FOREIGN" in client.get(page, follow=True).content.decode() for page in pages]

    assert (reads(person), found.template) == ([False, False, False, False], template)
    assert reads(UserFactory(roles=["editor"])) == [True, True, True, True]
