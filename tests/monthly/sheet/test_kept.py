"""What is kept of a sheet that came after its sender had been signed out for doing nothing."""

import pytest
import time_machine

from monthly.sheet.lines import labels
from tests.factories import ProjectFactory, UserFactory
from tests.monthly.sheet.form import address
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


def test_changed_cells_of_a_late_sheet_are_listed_by_project_and_column():
    seen, other = ProjectFactory(name="储能电站", published=False), ProjectFactory(name="看不见", published=False)
    same = ProjectFactory(chain=seen.chain)
    user = UserFactory(roles=["task_force"], chains=[seen.chain])
    form = {
        f"was-{same.pk}": "100|12.5|900|||",
        f"m-{same.pk}": "12.5",
        f"c-{same.pk}": "112.5",
        f"t-{same.pk}": "900",
        f"p-{same.pk}": "",
        f"was-{seen.pk}": "100|||||",
        f"m-{seen.pk}": "<b>13</b>",
        f"c-{seen.pk}": "113",
        f"r-{seen.pk}": "补报",
        f"was-{other.pk}": "1e999999|||||",
        f"m-{other.pk}": "7",
        "was-999999": "|||||",
        "m-999999": "8",
    }
    with time_machine.travel("2026-03-01 09:00:00+08:00", tick=False) as clock:
        client = signed_in(user)
        clock.shift(31 * 60)
        answer = client.post(address(), form)

    table = answer.context["table"]
    assert answer.status_code == 403
    assert table.head[1:] == list(labels().values())
    assert table.rows == [
        [f"{seen.code} 储能电站", "<b>13</b>", "113", "", "", "", "补报"],
        [str(other.pk), "7", "", "", "", "", ""],
        ["999999", "8", "", "", "", "", ""],
    ]
    assert ("<td>&lt;b&gt;13&lt;/b&gt;</td>" in answer.content.decode(), answer.context["texts"]) == (True, [])
