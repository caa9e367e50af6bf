"""Codes of the second factor: what is taken, what is refused, what is kept."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from hypothesis import given
from hypothesis import strategies as st

from liangzhou.audit import AuditEntry
from liangzhou.sign_in import two_factor
from tests.factories import UserFactory
from tests.signing_in import CODE, KEY, code, is_open, signed_in, verified, with_phone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-03-01 09:00:00+08:00", tick=False) as clock:
        yield clock


def refusal(user, typed):
    """The sentence that refuses a code; empty where it is taken."""
    try:
        two_factor.verify(user, typed)
    except ValidationError as problem:
        return problem.messages[0]
    return ""


WRONG = two_factor._wrong


def full_width(text):
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def spaced(text):
    return f" {text[:3]} {text[3:]}\t"


def closed_up(text):
    return text.replace("-", "")


@pytest.mark.parametrize("spelling", [str, full_width, spaced])
def test_code_is_taken_as_people_type_it(spelling):
    user = UserFactory()
    with_phone(user)

    assert refusal(user, spelling(code())) == ""


@pytest.mark.parametrize("spelling", [str, str.upper, full_width, spaced, closed_up])
def test_recovery_code_is_taken_as_people_type_it(spelling):
    user = UserFactory()
    codes = with_phone(user)

    assert refusal(user, spelling(codes[3])) == ""
    assert two_factor.recovery_codes_left(user) == 9


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "\u0661\u0662\u0663\u0664\u0665\u0666", "x" * 60])
def test_what_is_no_code_is_refused_without_a_wait(typed, settings):
    user = UserFactory()
    with_phone(user)

    with pytest.raises(ValidationError):
        two_factor.verify(user, typed)

    assert refusal(user, code()) == ""


@given(st.text())
def test_any_text_is_made_plain(typed):
    assert set(two_factor.plain(typed)) & set(" \t\n-\0") == set()


def test_code_signs_in_once():
    user = UserFactory()
    with_phone(user)

    assert refusal(user, code()) == ""
    assert refusal(user, code()) == WRONG()


def test_codes_of_a_clock_that_is_off_by_one_are_taken_and_older_ones_are_not(clock):
    early, late, later = (UserFactory() for _n in range(3))
    for user in (early, late, later):
        with_phone(user)

    assert [refusal(early, code(later=30)), refusal(late, code(later=-30)), refusal(later, code(later=-90))] == [
        "",
        "",
        WRONG(),
    ]


def test_recovery_code_signs_in_once():
    user = UserFactory()
    [recovery, *_others] = with_phone(user)

    assert refusal(user, recovery) == ""
    assert refusal(user, recovery) == WRONG()


def test_codes_of_somebody_else_are_wrong():
    user, other = UserFactory(), UserFactory()
    [recovery, *_others] = with_phone(other)
    TOTPDevice.objects.create(user=user, key="00" * 20)

    assert [refusal(user, code()), refusal(user, recovery)] == [WRONG(), WRONG()]
    assert refusal(other, recovery) == ""


def test_code_of_who_has_no_second_factor_is_wrong():
    assert refusal(UserFactory(), "123456") == WRONG()


def test_device_that_was_never_confirmed_does_not_count():
    user = UserFactory()
    TOTPDevice.objects.create(user=user, key=KEY, confirmed=False)

    assert (two_factor.is_on(user), refusal(user, code())) == (False, WRONG())


def test_each_wrong_code_doubles_the_wait(clock):
    user = UserFactory()
    with_phone(user)
    right = code()
    waits = []
    for _attempt in range(8):
        assert refusal(user, "000000") == WRONG()
        assert right != "000000"
        waits.append(int("".join(filter(str.isdecimal, refusal(user, right)))))
        clock.shift(waits[-1] * (60 if len(waits) > 6 else 1))

    assert waits == [1, 2, 4, 8, 16, 32, 2, 3]  # seconds, then minutes, rounded up
    assert refusal(user, code()) == ""
    assert TOTPDevice.objects.get(user=user).throttling_failure_count == 0


def test_wrong_codes_do_not_bar_the_recovery_codes():
    user = UserFactory()
    [recovery, *_others] = with_phone(user)
    refusal(user, "000000")

    assert refusal(user, recovery) == ""


def test_recovery_codes_are_ten_unlike_and_kept_unreadable():
    user = UserFactory()
    codes = with_phone(user)

    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert (len(set(codes)), len(kept), {len(text) for text in codes}) == (10, 10, {11})
    assert kept & {two_factor.plain(text) for text in codes} == set()


def test_new_recovery_codes_void_those_from_before():
    user = UserFactory()
    [old, *_others] = with_phone(user)

    [new, *_others] = two_factor.new_recovery_codes(user)

    assert [refusal(user, new), two_factor.recovery_codes_left(user), refusal(user, old)] == ["", 9, WRONG()]


def test_key_is_shown_as_apps_take_it():
    assert two_factor.shown_key(KEY) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert len({two_factor.new_key() for _n in range(3)}) == 3


def test_picture_holds_the_squares_of_the_code():
    size, dark = two_factor.squares("otpauth://totp/x?secret=GEZDGNBV")

    assert dark.startswith("M4 4h1v1h-1zM5 4h1v1h-1z")  # the corner, within the margin
    assert (size, set(dark)) == (size, set("Mhvz 0123456789-1"))
    assert 29 <= size <= 45


def test_setting_up_takes_the_place_of_the_phone_before():
    user = UserFactory()
    with_phone(user)
    new = two_factor.new_key()

    device, codes = two_factor.set_up(user, new, code(new))

    assert list(TOTPDevice.objects.filter(user=user)) == [device]
    assert [refusal(user, code()), refusal(user, codes[0])] == [WRONG(), ""]


def test_first_code_does_not_sign_in_once_more(clock):
    user = UserFactory()
    two_factor.set_up(user, KEY, code())

    assert refusal(user, code()) == WRONG()
    clock.shift(30)
    assert refusal(user, code()) == ""


@pytest.mark.parametrize("typed", ["000000", "", "abcdefghjk", "\u0661\u0662\u0663\u0664\u0665\u0666"])
def test_setting_up_needs_the_right_code(typed):
    user = UserFactory()

    with pytest.raises(ValidationError):
        two_factor.set_up(user, KEY, typed)

    assert two_factor.is_on(user) is False


def test_reset_takes_everything_away_and_ends_all_sessions():
    user, administrator = UserFactory(), UserFactory()
    with_phone(user)
    first, second, other = verified(user), signed_in(user), signed_in(administrator)

    two_factor.reset(user, by=administrator)

    assert (two_factor.is_on(user), two_factor.recovery_codes_left(user)) == (False, 0)
    assert [client.get("/admin/").status_code for client in (first, second, other)] == [302, 302, 200]


def test_every_act_is_in_the_audit_trail(clock):
    user, administrator = UserFactory(username="wang"), UserFactory(username="li")
    two_factor.set_up(user, KEY, code())
    refusal(user, "000000")
    refusal(user, "000000")
    clock.shift(60)
    refusal(user, code())
    refusal(user, two_factor.new_recovery_codes(user)[0])
    two_factor.turn_off(user)
    two_factor.reset(user, by=administrator)

    told = AuditEntry.objects.order_by("number").values_list("actor", "action", "result", "details")
    assert list(told) == [
        ("wang", "factor_changed", "done", {"change": "set up"}),
        ("wang", "second_factor", "failed", {"method": "app"}),
        ("wang", "second_factor", "refused", {"method": "app"}),
        ("wang", "second_factor", "done", {"method": "app"}),
        ("wang", "factor_changed", "done", {"change": "new recovery codes"}),
        ("wang", "second_factor", "done", {"method": "recovery code"}),
        ("wang", "factor_changed", "done", {"change": "switched off"}),
        ("li", "factor_changed", "done", {"change": "reset"}),
    ]


def test_wait_after_wrong_codes_ends_growing(clock):
    user = UserFactory()
    with_phone(user, throttling_failure_count=40, throttling_failure_timestamp=timezone.now())
    longest = 2 ** (two_factor.MOST_FAILURES - 1)

    assert refusal(user, code()) == two_factor._wait(timezone.now() + timedelta(seconds=longest))
    clock.shift(longest)
    assert refusal(user, "000000") == WRONG()
    assert refusal(user, code()) == two_factor._wait(timezone.now() + timedelta(seconds=longest))


def test_session_by_a_recovery_code_is_asked_again_after_new_ones():
    user = UserFactory()
    [recovery, *_others] = with_phone(user)
    client = signed_in(user)
    client.post(CODE, {"code": recovery})
    before = is_open(client)

    two_factor.new_recovery_codes(user)

    assert (before, is_open(client)) == (True, f"{CODE}?next=/admin/")
