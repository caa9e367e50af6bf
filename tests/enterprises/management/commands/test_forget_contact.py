"""`manage.py forget_contact`: what it says, and what it refuses."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from enterprises.models import Contact
from tests.factories import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db


def run(key, *options, reason="本人要求", by="clerk"):
    out = StringIO()
    call_command("forget_contact", str(key), "--reason", reason, "--by", by, *options, stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def contact():
    UserFactory(username="clerk")
    return ContactFactory(name="欧阳示例")


def test_it_erases_and_says_what(contact):
    said = [run(contact.pk, "--check"), run(contact.pk), run(contact.pk), run(contact.pk, "--check")]
    assert (Contact.objects.get().name, len(set(said[:3])), said[2]) == ("", 3, said[3])
    assert [str(contact.pk) in sentence and "欧" not in sentence for sentence in said] == [True] * 4


def test_check_writes_nothing(contact):
    run(contact.pk, "--check")
    assert (Contact.objects.get().name, Contact.history.count()) == ("欧阳示例", 1)


@pytest.mark.parametrize("given", [{"reason": " "}, {"reason": "长" * 101}, {"reason": "\x00"}, {"by": "nobody"},
                                   {"by": "\x00"}, {"reason": "欧阳示例"}])  # fmt: skip
def test_what_cannot_be_is_told(contact, given):
    with pytest.raises(CommandError):
        run(contact.pk, **given)
    assert Contact.objects.get().name == "欧阳示例"


@pytest.mark.parametrize("key", [0, 999, 10**30])
def test_contact_that_never_was_is_told(contact, key):
    with pytest.raises(CommandError):
        run(key)


def test_account_that_was_closed_decides_nothing(contact):
    UserFactory(username="gone", is_active=False)
    with pytest.raises(CommandError):
        run(contact.pk, by="gone")
