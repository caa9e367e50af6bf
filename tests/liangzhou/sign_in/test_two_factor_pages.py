"""The pages of the second factor, as the staff go through them."""

import base64
import re

import pytest
import time_machine
from django.contrib import admin
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from liangzhou.audit import AuditEntry
from liangzhou.sign_in import two_factor
from liangzhou.sign_in.two_factor_pages import _few_left
from tests.factories import PASSWORD, UserFactory
from tests.signing_in import CODE, KEY, SET_UP, code, is_open, signed_in, verified, with_phone

pytestmark = pytest.mark.django_db

STATE, RENEW, OFF = "/admin/second-factor/", "/admin/second-factor/recovery-codes/", "/admin/second-factor/off/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-03-01 09:00:00+08:00", tick=False) as clock:
        yield clock


def problems(answer):
    return {name: list(errors) for name, errors in answer.context["form"].errors.items()}


def key_on(page):
    [shown] = re.findall(r'<code id="key">([A-Z2-7 ]+)</code>', page.content.decode())
    return base64.b32decode(shown.replace(" ", "")).hex()


def codes_on(page):
    return re.findall(r"<li><code>([a-z2-9-]+)</code></li>", page.content.decode())


# The code


def test_code_opens_the_admin_under_another_key():
    user = UserFactory()
    with_phone(user)
    client = signed_in(user)
    before = client.session.session_key

    answer = client.post(CODE, {"code": code()})

    assert (answer.status_code, answer["Location"], is_open(client)) == (302, "/admin/", True)
    assert client.session.session_key != before
    client.cookies["sessionid"] = before
    assert is_open(client) == "/admin/login/?next=/admin/"


def test_wrong_code_opens_nothing():
    user = UserFactory()
    with_phone(user)
    client = signed_in(user)

    answer = client.post(CODE, {"code": "000000"})
    waiting = client.post(CODE, {"code": code()})

    assert problems(answer) == {"code": [two_factor._wrong()]}
    assert list(problems(waiting)) == ["code"]
    assert re.findall(r"\d+", problems(waiting)["code"][0]) == ["1"]
    assert is_open(client) == f"{CODE}?next=/admin/"


@pytest.mark.parametrize("typed", ["", "\0", "\0" + "1" * 5, "x" * 100_000, "１２３", "<script>", "\u202e123456"])
def test_hostile_codes_are_refused_in_words(typed):
    user = UserFactory()
    with_phone(user)

    answer = signed_in(user).post(CODE, {"code": typed})

    assert (answer.status_code, list(problems(answer))) == (200, ["code"])


def test_few_recovery_codes_are_told():
    user = UserFactory()
    codes = with_phone(user)

    told = []
    for text in codes[:8]:
        client = signed_in(user)
        client.post(CODE, {"code": text})
        told.append([str(message) for message in client.get("/admin/").context["messages"]])

    assert told == [[]] * 6 + [[_few_left(3)], [_few_left(2)]]


def test_code_is_asked_once_in_a_session():
    user = UserFactory()
    with_phone(user)
    client = verified(user)

    assert client.get(CODE)["Location"] == "/admin/"


def test_code_of_one_session_opens_no_other():
    user = UserFactory()
    with_phone(user)
    other = signed_in(user)

    assert is_open(verified(user)) is True
    assert is_open(other) == f"{CODE}?next=/admin/"


# Setting up


def test_setting_up_gives_recovery_codes_and_goes_on():
    user = UserFactory()
    client = signed_in(user)
    page = client.get(f"{SET_UP}?next=/admin/projects/project/")

    answer = client.post(f"{SET_UP}?next=/admin/projects/project/", {"code": code(key_on(page))})

    codes = codes_on(answer)
    assert (len(codes), two_factor.is_on(user), is_open(client)) == (10, True, True)
    assert 'href="/admin/projects/project/"' in answer.content.decode()
    assert codes_on(client.get(STATE)) == []
    assert is_open(signed_in(user)) == f"{CODE}?next=/admin/"


def test_key_stays_while_the_page_is_read_again_and_is_never_the_same_twice():
    client, other = signed_in(UserFactory()), signed_in(UserFactory())
    page = client.get(SET_UP)

    assert key_on(client.get(SET_UP)) == key_on(client.post(SET_UP, {"code": "000000"})) == key_on(page)
    assert key_on(other.get(SET_UP)) != key_on(page)


def test_wrong_first_code_sets_nothing_up():
    user = UserFactory()
    client = signed_in(user)
    client.get(SET_UP)

    answer = client.post(SET_UP, {"code": "000000"})

    assert (list(problems(answer)), two_factor.is_on(user)) == (["code"], False)


def test_picture_holds_the_key_and_no_style_of_its_own():
    user = UserFactory(username="wang")
    page = signed_in(user).get(SET_UP)

    size, dark = two_factor.squares(two_factor.address_of(user, key_on(page)))
    html = page.content.decode()
    assert f'<path d="{dark}" fill="#000"/>' in html
    assert f'viewBox="0 0 {size} {size}"' in html
    assert "style=" not in html


def test_cookie_alone_binds_no_phone(clock):
    user = UserFactory()
    client = signed_in(user)
    client.get("/admin/")
    clock.shift(11 * 60)  # the password was typed a while ago
    key = key_on(client.get(SET_UP))

    refused = [client.post(SET_UP, {"code": code(key)} | more) for more in ({}, {"password": "wrong"})]
    taken = client.post(SET_UP, {"code": code(key), "password": PASSWORD})

    assert [list(problems(answer)) for answer in refused] == [["password"], ["password"]]
    assert len(codes_on(taken)) == 10


def test_new_phone_takes_the_place_of_the_old_one(clock):
    user = UserFactory()
    codes = with_phone(user)
    client, other, thief = verified(user), signed_in(user), signed_in(user)
    clock.shift(30)
    other.post(CODE, {"code": code()})
    thief.post(CODE, {"code": codes[0]})
    assert [is_open(other), is_open(thief)] == [True, True]

    clock.shift(30)
    key = key_on(client.get(SET_UP))
    client.post(SET_UP, {"code": code(key), "present": code()})

    asked = f"{CODE}?next=/admin/"
    assert TOTPDevice.objects.get(user=user).key == key
    assert [is_open(client), is_open(other), is_open(thief)] == [True, asked, asked]


@pytest.mark.parametrize("present", [{}, {"present": "000000"}, {"present": "abcdefghjk"}])
def test_stolen_cookie_does_not_replace_a_phone(present):
    user = UserFactory()
    with_phone(user)
    client = verified(user)  # a moment ago: the password is not asked
    key = key_on(client.get(SET_UP))

    answer = client.post(SET_UP, {"code": code(key)} | present)

    assert (list(problems(answer)), TOTPDevice.objects.get(user=user).key) == (["present"], KEY)


def test_recovery_code_replaces_a_lost_phone_and_is_not_used_up_by_a_slip():
    user = UserFactory()
    [first, second, *_others] = with_phone(user)
    client = signed_in(user)
    client.post(CODE, {"code": first})
    key = key_on(client.get(SET_UP))

    slipped = client.post(SET_UP, {"code": "000000", "present": second})
    taken = client.post(SET_UP, {"code": code(key), "present": second})

    assert (list(problems(slipped)), len(codes_on(taken)), is_open(client)) == (["code"], 10, True)


# Recovery codes, switching off


def test_new_recovery_codes_need_a_code(clock):
    user = UserFactory()
    [old, *_others] = with_phone(user)
    client = verified(user)
    clock.shift(30)

    refused = client.post(RENEW, {"code": "000000"})
    clock.shift(30)
    made = codes_on(client.post(RENEW, {"code": code()}))

    assert (codes_on(refused), len(made), old in made) == ([], 10, False)


def test_who_renews_by_a_recovery_code_goes_on():
    user = UserFactory()
    [first, second, *_others] = with_phone(user)
    client, thief = signed_in(user), signed_in(user)
    client.post(CODE, {"code": first})

    made = codes_on(client.post(RENEW, {"code": second}))
    thief.post(CODE, {"code": made[0]})
    client.post(RENEW, {"code": made[1]})

    assert [is_open(client), is_open(thief)] == [True, f"{CODE}?next=/admin/"]


def test_switching_off_needs_password_and_code(clock):
    user = UserFactory()
    with_phone(user)
    client = verified(user)
    clock.shift(30)

    refused = client.post(OFF, {"code": code(), "password": "wrong"})
    still_on = two_factor.is_on(user)
    client.post(OFF, {"code": code(), "password": PASSWORD})

    assert (list(problems(refused)), still_on) == (["password"], True)
    assert (two_factor.is_on(user), is_open(client), is_open(signed_in(user))) == (False, True, True)


def test_required_second_factor_cannot_be_switched_off(clock, settings):
    settings.TWO_FACTOR_ROLES = ["editor"]
    user = UserFactory(roles=["editor"])
    with_phone(user)
    client = verified(user)
    clock.shift(30)

    answer = client.post(OFF, {"code": code(), "password": PASSWORD})

    assert (answer["Location"], two_factor.is_on(user)) == (STATE, True)
    assert OFF not in client.get(STATE).content.decode()


def test_who_has_none_is_led_to_the_state():
    client = signed_in(UserFactory())

    assert [client.get(page)["Location"] for page in (RENEW, OFF, CODE)] == [STATE, STATE, "/admin/"]
    assert SET_UP in client.get(STATE).content.decode()


# Reset by somebody else


def reset_page(user):
    return reverse("admin:second_factor_reset", kwargs={"key": user.pk})


@pytest.mark.parametrize(
    ("who", "status", "on"),
    [
        ({"roles": ["security"]}, 302, False),
        ({"is_superuser": True}, 302, False),
        ({"roles": ["administrator"]}, 403, True),
        ({"roles": ["editor", "publisher"]}, 403, True),
        ({"roles": ["auditor"]}, 403, True),
        ({}, 403, True),
    ],
)
def test_who_grants_roles_may_reset(who, status, on):
    user, acting = UserFactory(), UserFactory(**who)
    with_phone(user)
    client = signed_in(acting)

    asked = client.get(reset_page(user))
    answer = client.post(reset_page(user))

    assert (asked.status_code, answer.status_code, two_factor.is_on(user)) == (200 if not on else 403, status, on)
    assert (user.username in asked.content.decode()) is not on


def test_superuser_is_reset_by_superusers_alone():
    user = UserFactory(is_superuser=True)
    with_phone(user)

    refused = signed_in(UserFactory(roles=["security"])).post(reset_page(user))

    assert (refused.status_code, two_factor.is_on(user)) == (403, True)
    assert signed_in(UserFactory(is_superuser=True)).post(reset_page(user)).status_code == 302


def test_nobody_resets_their_own():
    user = UserFactory(roles=["security"])
    with_phone(user)

    assert (verified(user).post(reset_page(user)).status_code, two_factor.is_on(user)) == (403, True)


@pytest.mark.parametrize("key", [0, 999_999, 2**63, 10**30])
def test_reset_of_nobody_is_a_page_that_is_not_there(key):
    client = signed_in(UserFactory(roles=["security"]))

    assert client.post(f"/admin/second-factor/reset/{key}/").status_code == 404
    assert AuditEntry.objects.filter(action="factor_changed").count() == 0


# The admin shows nobody's key


def test_keys_are_in_no_list_of_the_admin():
    user = UserFactory(is_superuser=True)
    with_phone(user)
    client = verified(user)
    device = TOTPDevice.objects.get(user=user)

    assert {TOTPDevice, StaticDevice} & set(admin.site._registry) == set()
    paths = [f"/admin/otp_totp/totpdevice/{rest}" for rest in ("", f"{device.pk}/change/", f"{device.pk}/qrcode/")]
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    assert KEY not in client.get(STATE).content.decode()
