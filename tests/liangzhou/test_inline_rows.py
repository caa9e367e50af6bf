"""The rows of an inline as they were posted."""

import pytest
from django.forms import inlineformset_factory
from django.http import QueryDict

from liangzhou.inline_rows import InlineRows, Row
from projects.models import Measure, Project

FormSet = inlineformset_factory(Project, Measure, fields=("name", "value"))


def posted(*rows, initial=0, **more):
    data = QueryDict(mutable=True)
    data.update({"measures-TOTAL_FORMS": str(len(rows)), "measures-INITIAL_FORMS": str(initial), "name": "电站"})
    for index, row in enumerate(rows):
        data.update({f"measures-{index}-{name}": value for name, value in row.items()})
    data.update(more)
    return data


def test_rows_are_read_into_kept_and_added():
    rows = InlineRows(FormSet, posted({"id": "7", "name": "功率"}, {"id": "", "name": "容量"}, initial=1))
    assert [(row.pk, row.index, row.values["name"]) for row in rows.kept + rows.added] == [
        ("7", 0, ["功率"]),
        ("", 1, ["容量"]),
    ]


def test_writing_what_was_read_changes_nothing():
    data = posted({"id": "7", "name": "功率"}, {"id": "", "name": "容量"}, initial=1)
    before = data.copy()
    InlineRows(FormSet, data).write(data)
    assert data == before


def test_rows_are_numbered_anew():
    data = posted({"id": "7", "name": "功率"}, {"id": "8", "name": "容量"}, initial=2)
    rows = InlineRows(FormSet, data)
    rows.make_new(rows.kept[0])
    rows.kept.append(Row("9", None, {"id": ["9"], "name": ["占地"]}))
    rows.write(data)
    assert data.dict() == {
        "measures-TOTAL_FORMS": "3", "measures-INITIAL_FORMS": "2", "name": "电站",
        "measures-0-id": "8", "measures-0-name": "容量", "measures-1-id": "9", "measures-1-name": "占地",
        "measures-2-name": "功率",
    }  # fmt: skip


@pytest.mark.parametrize(("keys", "known", "left"), [
    (["7", "8"], {"7", "8"}, ["7", "8"]), (["7", "8"], {"8"}, ["8"]), (["7", "7"], {"7"}, ["7"]),
    (["", "x"], {"7"}, []),
])  # fmt: skip
def test_unknown_and_doubled_rows_are_dropped(keys, known, left):
    rows = InlineRows(FormSet, posted(*({"id": key} for key in keys), initial=len(keys)))
    assert rows.drop_unknown(known) == (left != keys)
    assert [row.pk for row in rows.kept] == left


@pytest.mark.parametrize("total", ["", "x", "\x00"])
def test_damaged_counts_are_unreadable(total):
    data = posted({"id": "7"}, initial=1)
    sound = InlineRows(FormSet, data).readable
    data["measures-TOTAL_FORMS"] = total
    assert (sound, InlineRows(FormSet, data).readable) == (True, False)


@pytest.mark.parametrize("name", ["measures-TOTAL_FORMS", "measures-INITIAL_FORMS"])
def test_negative_count_keeps_nothing(name):
    data = posted({"id": "7"}, {"id": "8"}, initial=1)
    data[name] = "-1"
    assert InlineRows(FormSet, data).kept == []


def test_enormous_counts_are_cut_to_what_django_reads():
    data = posted(initial=0)
    data["measures-TOTAL_FORMS"] = data["measures-INITIAL_FORMS"] = "999999999"
    assert len(InlineRows(FormSet, data).kept) == FormSet.absolute_max
