"""Forgetting a person: the row, its history, the log of the admin; the trail says that, not whom."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict

from enterprises.forgetting import Kept, forget, kept_of
from enterprises.models import Contact
from enterprises.models.contact import ERASED
from liangzhou.audit import Action, AuditEntry
from liangzhou.batches import ChangeBatch, change_batch, undo
from tests.factories import ContactFactory, UserFactory
from tests.liangzhou.history_desk import change

pytestmark = pytest.mark.django_db

PERSONAL = ("name", "post", "phone", "email", "note")
EMPTY = ("", "", "", "", "")


@pytest.fixture
def by():
    return UserFactory()


@pytest.fixture
def contact():
    made = ContactFactory(name="欧阳示例", phone="13812345678", email="o@example.com", note="周末勿扰")
    change(made, phone="13900000000", _change_reason="欧阳示例换号")
    return made


def test_everything_personal_goes_from_row_and_history(contact, by):
    assert forget(contact.pk, by=by, reason="本人要求") == Kept(True, 2)

    kept = Contact.objects.values_list(*PERSONAL).get()
    past = list(Contact.history.order_by("history_id").values_list(*PERSONAL, "history_change_reason"))
    assert (kept, past) == (EMPTY, [(*EMPTY, None), (*EMPTY, None), (*EMPTY, "本人要求")])
    assert (str(Contact.objects.get()), Contact.objects.get().enterprise) == (str(ERASED), contact.enterprise)


def test_again_it_does_nothing(contact, by):
    forget(contact.pk, by=by, reason="本人要求")
    before = model_to_dict(Contact.objects.get()), Contact.history.count(), AuditEntry.objects.count()
    assert forget(contact.pk, by=by, reason="本人要求") == Kept(False, 0)
    assert (model_to_dict(Contact.objects.get()), Contact.history.count(), AuditEntry.objects.count()) == before


def test_trail_and_log_name_nobody(contact, by):
    kind = ContentType.objects.get_for_model(Contact)
    LogEntry.objects.create(user=by, content_type=kind, object_id=contact.pk, object_repr="欧**", action_flag=2)

    forget(contact.pk, by=by, reason="本人要求")

    entry = AuditEntry.objects.get(action=Action.PERSONAL_FORGOTTEN)
    assert (entry.actor, entry.target_id, entry.target) == (by.username, str(contact.pk), str(ERASED))
    assert entry.details == {"reason": "本人要求", "saves": 2}
    assert LogEntry.objects.get().object_repr == str(ERASED)


def test_deleted_contact_is_forgotten_in_its_history(contact, by):
    pk = contact.pk
    contact.delete()
    assert forget(pk, by=by, reason="本人要求") == Kept(False, 3)
    assert set(Contact.history.values_list(*PERSONAL)) == {EMPTY}
    assert AuditEntry.objects.get().target_id == str(pk)


def test_taking_a_batch_back_brings_nothing_personal_back(contact, by):
    with change_batch(ChangeBatch.Kind.DELETE, by=by) as batch:
        pk = contact.pk
        contact.delete()
    forget(pk, by=by, reason="本人要求")
    undo.undo(batch, by=by, reason="误删")
    assert Contact.objects.values_list(*PERSONAL).get() == EMPTY


def test_contacts_of_others_stay(contact, by):
    other = ContactFactory(name="李示例")
    forget(contact.pk, by=by, reason="本人要求")
    assert (Contact.objects.get(pk=other.pk).name, other.history.get().name) == ("李示例", "李示例")


@pytest.mark.parametrize("reason", ["欧阳示例要求", "号码13812345678作废", "旧号13900000000", "O@EXAMPLE.COM"])
def test_reason_that_holds_what_is_erased_is_refused(contact, by, reason):
    with pytest.raises(ValidationError):
        forget(contact.pk, by=by, reason=reason)
    assert (Contact.objects.get().name, AuditEntry.objects.count()) == ("欧阳示例", 0)


def test_contact_that_never_was_is_told(by):
    with pytest.raises(ValidationError):
        kept_of(999)
