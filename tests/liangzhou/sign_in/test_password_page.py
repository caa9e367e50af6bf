"""Choosing one's own password: what is asked, and which sessions end."""

import pytest
from axes.models import AccessAttempt

from liangzhou import accounts
from liangzhou.accounts import Account
from liangzhou.audit import AuditEntry
from tests.factories import PASSWORD, UserFactory
from tests.signing_in import PASSWORD_PAGE, is_open, signed_in, verified, with_phone

pytestmark = pytest.mark.django_db

NEW = "Ochre-and-Jade-620602"


def change(client, old=PASSWORD, new=NEW, again=None, goal=""):
    fields = {"old_password": old, "new_password1": new, "new_password2": again or new, "next": goal}
    return client.post(PASSWORD_PAGE, fields)


def refused(answer):
    return {name: [error.code for error in errors.as_data()] for name, errors in answer.context["form"].errors.items()}


def test_own_session_goes_on_under_another_key_and_others_end():
    user = UserFactory()
    own, elsewhere, colleague = signed_in(user), signed_in(user), signed_in(UserFactory())
    before = own.session.session_key

    answer = change(own)

    assert answer["Location"] == "/admin/password_change/done/"
    assert [is_open(own), is_open(elsewhere), is_open(colleague)] == [True, "/admin/login/?next=/admin/", True]
    assert own.session.session_key != before
    assert is_open(signed_in(user, password=NEW)) is True


def test_second_factor_is_not_asked_again():
    user = UserFactory()
    with_phone(user)
    client = verified(user)

    change(client)

    assert is_open(client) is True


def test_due_password_opens_the_admin_and_leads_on():
    user = UserFactory()
    accounts.require_new_password(user)
    client = signed_in(user)

    answer = change(client, goal="/admin/projects/project/")

    assert (answer["Location"], is_open(client)) == ("/admin/projects/project/", True)
    assert Account.objects.get(user=user).must_change_password is False


def test_page_says_why_a_password_is_due(settings):
    settings.PASSWORD_EXPIRY_DAYS = 90
    user, fine = UserFactory(), UserFactory()
    accounts.require_new_password(user)

    assert 'class="why"' in signed_in(user).get(PASSWORD_PAGE).content.decode()
    assert 'class="why"' not in signed_in(fine).get(PASSWORD_PAGE).content.decode()


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"new": PASSWORD}, {"new_password1": ["password_unchanged"]}),
        ({"old": "wrong"}, {"old_password": ["password_incorrect"]}),
        ({"new": "jadeochre1"}, {"new_password2": ["password_too_uniform"]}),
        ({"again": NEW + "x"}, {"new_password2": ["password_mismatch"]}),
        ({"old": "\0"}, {"old_password": ["null_characters_not_allowed"]}),
    ],
)
def test_what_is_refused(fields, codes):
    user = UserFactory()
    accounts.require_new_password(user)
    client = signed_in(user)

    assert refused(change(client, **fields)) == codes
    assert is_open(client) == f"{PASSWORD_PAGE}?next=/admin/"


def test_old_password_cannot_be_guessed_from_an_open_session():
    user = UserFactory()
    client = signed_in(user)

    answers = [change(client, old=f"wrong{n}").status_code for n in range(6)]

    assert answers == [200] * 4 + [429] * 2
    assert change(client).status_code == 429
    kept = "".join(AccessAttempt.objects.values_list("post_data", flat=True))
    assert ("wrong" in kept, NEW in kept) == (False, False)


def test_change_is_in_the_audit_trail_and_the_password_is_not():
    user = UserFactory(username="wang")
    change(signed_in(user))

    [entry] = AuditEntry.objects.filter(action="password")
    assert (entry.actor, entry.target, entry.result, entry.details) == ("wang", "wang", "done", {})


def test_password_chosen_by_somebody_else_ends_all_sessions():
    user, administrator = UserFactory(), UserFactory(is_superuser=True)
    theirs, acting = signed_in(user), signed_in(administrator)

    acting.post(
        f"/admin/auth/user/{user.pk}/password/", {"password1": NEW, "password2": NEW, "usable_password": "true"}
    )

    assert [is_open(theirs), is_open(acting)] == ["/admin/login/?next=/admin/", True]
    assert is_open(signed_in(user, password=NEW)) == f"{PASSWORD_PAGE}?next=/admin/"
