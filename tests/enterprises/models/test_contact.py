"""What of a contact is shown where it is masked."""

import pytest

from enterprises.models import Contact
from enterprises.models.contact import ERASED, masked_email, masked_name, masked_note, masked_phone


@pytest.mark.parametrize(
    ("name", "shown"), [("王强", "王*"), ("王小强", "王**"), ("欧阳小强强", "欧**"), ("王", "*"), ("", "")]
)
def test_names_show_their_first_character(name, shown):
    assert masked_name(name) == shown


@pytest.mark.parametrize(("phone", "shown"), [
    ("13812345678", "138****5678"), ("+86 138 1234 5678", "+86****5678"), ("0935-2212345", "093****2345"),
    ("2212345", "*******"), ("13812345678王强", "***********"), ("13812345678、13987654321", "***********"), ("", ""),
])  # fmt: skip
def test_phones_show_beginning_and_end_of_a_number_alone(phone, shown):
    assert masked_phone(phone) == shown


@pytest.mark.parametrize(("email", "shown"), [
    ("wang@example.com", "w***@example.com"), ("w@example.com", "***@example.com"), ("wang", "***"), ("", ""),
])  # fmt: skip
def test_emails_show_first_character_and_host(email, shown):
    assert masked_email(email) == shown


def test_notes_show_nothing():
    assert (masked_note("周末勿扰"), masked_note("")) == ("***", "")


def test_contact_without_a_name_was_erased():
    assert (str(Contact(name="")), Contact(name="").erased, Contact(name="王强").erased) == (str(ERASED), True, False)
    assert str(Contact(name="王强")) == "王*"
