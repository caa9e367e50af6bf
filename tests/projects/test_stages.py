import pytest

from projects.models import Project
from projects.stages import PUBLIC_STAGES, Stage, Status, stage_order
from tests.factories import ProjectFactory

IN_ORDER = [
    "reserve", "lead", "negotiating", "signed", "landed", "started", "building", "producing", "at_capacity",
]  # fmt: skip


def test_stages_stand_in_the_order_of_a_project():
    assert sorted(Stage, key=lambda stage: stage.order) == IN_ORDER
    assert [stage.order for stage in Stage] == list(range(9))


def test_public_stages_begin_with_the_signing():
    assert list(PUBLIC_STAGES) == IN_ORDER[3:]


def test_labels_are_chinese():
    assert "、".join(str(label) for label in Stage.labels) == "储备、线索、在谈、签约、落地、开工、在建、投产、达产"
    assert "、".join(str(label) for label in Status.labels) == "正常、暂停、终止"


@pytest.mark.django_db
def test_stage_order_is_the_same_in_sql():
    for stage in reversed(Stage):
        ProjectFactory(stage=stage, published=False)

    rows = Project.objects.annotate(order=stage_order()).order_by("order").values_list("stage", "order")

    assert list(rows) == [(stage.value, stage.order) for stage in Stage]
