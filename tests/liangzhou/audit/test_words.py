import pytest
from django.utils import translation

from liangzhou.audit import words as audit_words


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({"rows": 3, "own_word": "x"}, "Rows: 3; Own_word: x"),
        ({"by_another": True, "reason": "", "note": None}, "By somebody else: yes; Reason: —; Note: —"),
        ({"filters": {"阶段": ["开工", "在建"]}}, "Filters: 阶段: 开工、在建"),
        ({"roles": {"from": [], "to": ["审计员"]}}, "Roles: before: —; after: 审计员"),
        ({"method": "app", "reason": "app"}, "Way: authenticator app; Reason: app"),
        ({"change": 7}, "Change: 7"),
        ({}, ""), ([1, 2], "1、2"), (None, "—"),
    ],
)  # fmt: skip
def test_details_are_told_in_words(details, told):
    assert audit_words.in_one_line(details) == told


def test_only_the_mark_of_an_unknown_name_is_translated():
    assert audit_words.who("reset") == "reset"
    with translation.override("zh-hans"):
        assert audit_words.who("(unknown name)") == translation.gettext("(unknown name)")
