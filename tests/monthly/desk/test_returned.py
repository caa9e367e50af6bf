"""What came back for correction."""

import pytest
from django.utils import timezone

from monthly.desk.returned import addresses, returned
from tests.factories import EnterpriseFactory, ProjectFactory, WaitingChangeFactory
from tests.monthly.desk.cast import TODAY, a_clerk, told

pytestmark = pytest.mark.django_db


def test_returned_records_are_told_to_who_submitted_them_with_what_is_wrong():
    clerk, project = a_clerk()
    at = timezone.now()
    back = {"published": False, "review": "returned", "review_note": "总投资与备案不一致", "submitted_at": at}
    mine = ProjectFactory(place=project.place, submitted_by=clerk, **back)
    EnterpriseFactory(**back)

    [matter] = returned(clerk, on=TODAY)

    assert (matter.kind, matter.subject) == ("returned", f"projects.project:{mine.pk}:{at.isoformat()}")
    assert (matter.text, matter.note) == (mine.name, "总投资与备案不一致")
    assert matter.url == f"/admin/projects/project/{mine.pk}/change/"


@pytest.mark.parametrize("waits", [True, False])
def test_returned_changes_are_told_where_changes_wait(settings, waits):
    settings.REVIEW_CHANGES = waits
    clerk, project = a_clerk()
    change = WaitingChangeFactory(target=project, submitted_by=clerk, state="returned", note="请附合同")

    assert told(returned(clerk, on=TODAY)) == ([("returned", f"change:{change.pk}")] if waits else [])


def test_lists_are_those_to_which_the_first_page_leads():
    assert "/admin/projects/project/?publishing=to_mend" in addresses()
    assert addresses()[-1] == "/admin/liangzhou/waitingchange/?state__exact=returned"
