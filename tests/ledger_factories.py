"""Factories of the ledgers that were brought in; tests take them from factories.py."""

import factory
from factory.django import DjangoModelFactory

from ledgers.models import LedgerImport, LedgerRow, LedgerTemplate


class LedgerTemplateFactory(DjangoModelFactory):
    class Meta:
        model = LedgerTemplate

    name = "发改局月报表"
    signature = factory.Sequence(lambda n: f"{n:064x}")
    meanings = {"工程名": "name"}


class LedgerImportFactory(DjangoModelFactory):
    class Meta:
        model = LedgerImport

    file_name = "招商台账.xlsx"
    sha256 = "0" * 64
    size = 2048


class LedgerRowFactory(DjangoModelFactory):
    class Meta:
        model = LedgerRow

    ledger_import = factory.SubFactory(LedgerImportFactory)
    number = factory.Sequence(lambda n: n + 2)
    cells = ["300MW独立储能电站项目"]
    name = "300MW独立储能电站项目"
