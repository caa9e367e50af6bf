"""What the tests of the import's pages share: a clerk's client, imports in each state, addresses."""

from django.contrib.messages import get_messages
from django.test import Client

from ledgers.models import LedgerImport
from tests.factories import LedgerImportFactory, LedgerRowFactory, UserFactory

IMPORTING = ["projects.add_project", "projects.change_project"]
LIST = "/admin/ledgers/ledgerimport/"
SHEET = {
    "name": "台账",
    "used": True,
    "heading_row": 1,
    "headings": ["序号", "项目名称", "包抓领导", "总投资"],
    "meanings": ["ignored", "name", "", "total_investment"],
    "units": ["", "", "", "亿元"],
    "samples": [["1"], ["冷链物流项目"], ["李区长", "王主任"], ["1.3"]],
}
READ = SHEET | {"meanings": ["ignored", "name", "leave", "total_investment"]}
ANY_DECISION = {"write": {}, "take": {}, "same": {}, "other": {}}


def signed_in(permissions=IMPORTING):
    """The client of somebody with these rights."""
    client = Client()
    client.force_login(UserFactory(permissions=permissions))
    return client


def address(found, page="change"):
    """Where a page of an import is."""
    return f"{LIST}{found.pk}/{page}/"


def told(response):
    """The messages that the next page shows."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def ready(*outcomes, **options):
    """An import that waits to be confirmed, with one row of each of these kinds."""
    counts = {outcome: outcomes.count(outcome) for outcome in outcomes}
    options = {"state": LedgerImport.State.READY, "sheets": [READ], "counts": counts} | options
    found = LedgerImportFactory(**options)
    for outcome in outcomes:
        LedgerRowFactory(ledger_import=found, outcome=outcome, values=ANY_DECISION)
    return found
