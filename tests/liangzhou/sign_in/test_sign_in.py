"""The lock-out of repeated failed sign-ins, and that refusals tell nothing."""

import re

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client, RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from liangzhou import errors
from liangzhou.sign_in import client_address, normalised_username
from tests.signing_in import with_phone

LOGIN = "/admin/login/"
PASSWORD = "a long enough passphrase"
CLERKS_ADDRESS, OTHER_ADDRESS = "192.0.2.1", "203.0.113.9"
LIMIT = 5


@pytest.fixture
def clerk(django_user_model, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # many attempts, quickly
    return django_user_model.objects.create_user("clerk", password=PASSWORD, is_staff=True)


def sign_in(password, username="clerk", address=CLERKS_ADDRESS, **environ):
    """The answer to one attempt in a browser of its own: 302 signed in, 200 refused, 429 locked."""
    return Client().post(LOGIN, {"username": username, "password": password}, REMOTE_ADDR=address, **environ)


def statuses(passwords, **how):
    return [sign_in(password, **how).status_code for password in passwords]


WRONG = ["wrong"]


@pytest.mark.django_db
@pytest.mark.usefixtures("clerk")
class TestLockOut:
    def test_right_password_is_refused_after_too_many_failures(self):
        assert statuses(WRONG * LIMIT) == [200] * (LIMIT - 1) + [429]
        assert statuses([PASSWORD]) == [429]

    def test_stranger_elsewhere_cannot_lock_the_clerk_out(self):
        assert statuses(WRONG * LIMIT, address=OTHER_ADDRESS)[-1] == 429
        assert statuses([PASSWORD], address=CLERKS_ADDRESS) == [302]

    def test_other_names_at_the_same_address_stay_open(self):
        assert statuses(WRONG * LIMIT, username="someone")[-1] == 429
        assert statuses([PASSWORD]) == [302]

    def test_unknown_name_is_locked_like_a_known_one(self):
        assert statuses(WRONG * LIMIT, username="nobody") == statuses(WRONG * LIMIT)

    def test_success_starts_the_count_anew(self):
        attempts = [*WRONG * (LIMIT - 1), PASSWORD, *WRONG * (LIMIT - 1), PASSWORD]

        assert statuses(attempts) == [*[200] * (LIMIT - 1), 302] * 2

    def test_spellings_of_a_name_count_together(self):
        spellings = ["clerk", "Clerk", "ＣＬＥＲＫ", " clerk ", "ｃlerk"]

        assert [sign_in("wrong", username=name).status_code for name in spellings] == [200, 200, 200, 200, 429]
        assert statuses([PASSWORD]) == [429]

    def test_browsers_of_other_names_count_together(self):
        attempts = [sign_in("wrong", HTTP_USER_AGENT=f"browser {n}").status_code for n in range(LIMIT)]

        assert attempts[-1] == 429

    def test_made_up_forwarded_addresses_count_together(self):
        attempts = [sign_in("wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}").status_code for n in range(LIMIT)]

        assert attempts[-1] == 429

    def test_made_up_forwarded_addresses_before_the_proxys_own_count_together(self, settings):
        settings.TRUSTED_PROXIES = 1

        attempts = [
            sign_in("wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}, {OTHER_ADDRESS}").status_code for n in range(LIMIT)
        ]

        assert attempts[-1] == 429
        assert sign_in(PASSWORD, HTTP_X_FORWARDED_FOR=CLERKS_ADDRESS).status_code == 302

    def test_lock_opens_by_itself_and_trying_on_does_not_lengthen_it(self):
        with time_machine.travel("2026-03-01 09:00:00+08:00", tick=False) as clock:
            statuses(WRONG * LIMIT)
            clock.move_to("2026-03-01 09:29:30+08:00")
            tried_on = sign_in(PASSWORD)
            clock.move_to("2026-03-01 09:30:01+08:00")
            after = sign_in(PASSWORD)

        assert (tried_on.status_code, tried_on["Retry-After"]) == (429, "30")
        assert after.status_code == 302

    def test_page_says_how_long_to_wait(self):
        with time_machine.travel("2026-03-01 09:00:00+08:00", tick=False) as clock:
            statuses(WRONG * LIMIT)
            clock.move_to("2026-03-01 09:10:30+08:00")
            response = sign_in(PASSWORD)

        page = response.content.decode()
        with translation.override("zh-hans"):
            assert f"<h1>{errors.PROBLEMS[429].title}</h1>" in page
        [sentence] = re.findall(r"</h1>\s*<p>(.*?)</p>", page)
        assert re.findall(r"\d+", sentence) == ["20"]  # 19 and a half minutes
        assert response["Retry-After"] == "1170"
        assert response["Cache-Control"] == "private, no-store"
        assert "clerk" not in page

    @pytest.mark.parametrize(
        ("username", "password"),
        [
            ("clerk\0", "wrong"), ("\0", "\0"), ("", "wrong"), ("x" * 151, "x" * 100_000), ("x" * 100_000, "wrong"),
            ("ﷺ" * 150, "wrong"), ("\u202eclerk", "wrong"), ("clerk", "\0"), ("clerk", "x" * 100_000),
            ("clerk", "\ud800".encode("utf-8", "surrogatepass")),
        ],
    )  # fmt: skip
    def test_hostile_names_and_passwords_are_refused_in_words(self, username, password):
        response = sign_in(password, username=username)

        assert response.status_code == 200
        assert 'class="errornote"' in response.content.decode()

    def test_null_in_the_name_does_not_sign_in_nor_unlock(self):
        statuses(WRONG * LIMIT)

        assert sign_in(PASSWORD, username="clerk\0").status_code == 200
        assert sign_in(PASSWORD).status_code == 429

    @pytest.mark.parametrize("name", ["clerk", "ｃｌｅｒｋ", " clerk "])
    def test_every_spelling_signs_in(self, name):
        assert sign_in(PASSWORD, username=name).status_code == 302

    def test_signing_in_under_a_full_width_name_starts_the_count_anew(self):
        statuses(WRONG * (LIMIT - 1))

        assert sign_in(PASSWORD, username="ｃｌｅｒｋ").status_code == 302
        assert statuses(WRONG) == [200]


@pytest.mark.django_db
@pytest.mark.usefixtures("clerk")
class TestAddress:
    """Many names, one password: the address is locked, but at a limit that an office does not meet."""

    @pytest.fixture(autouse=True)
    def _limit(self, settings):
        settings.SIGN_IN_ADDRESS_LIMIT = 20

    def spray(self, count, prefix="name"):
        return [sign_in("wrong", username=f"{prefix}{n}", address=OTHER_ADDRESS).status_code for n in range(count)]

    def test_address_is_locked_for_all_names_after_many_failures(self):
        assert self.spray(21) == [200] * 20 + [429]
        assert sign_in(PASSWORD, address=OTHER_ADDRESS).status_code == 429
        assert sign_in(PASSWORD, username="nobody", address=OTHER_ADDRESS).status_code == 429
        assert sign_in(PASSWORD, address=CLERKS_ADDRESS).status_code == 302

    def test_who_is_signed_in_there_goes_on(self):
        client = Client(REMOTE_ADDR=OTHER_ADDRESS)
        client.post(LOGIN, {"username": "clerk", "password": PASSWORD})
        self.spray(21)

        assert client.get("/admin/").status_code == 200

    def test_page_says_how_long_to_wait_until_enough_failures_are_old(self):
        with time_machine.travel("2026-03-01 09:00:00+08:00", tick=False) as clock:
            self.spray(5)
            clock.move_to("2026-03-01 09:10:00+08:00")
            self.spray(15, prefix="other")
            locked = sign_in(PASSWORD, address=OTHER_ADDRESS)
            clock.move_to("2026-03-01 09:30:01+08:00")
            opened = sign_in(PASSWORD, address=OTHER_ADDRESS)

        assert (locked.status_code, locked["Retry-After"], opened.status_code) == (429, "1200", 302)

    @pytest.mark.parametrize(
        ("peer", "forwarded"),
        [("", {}), ("127.0.0.1", {"HTTP_X_FORWARDED_FOR": "198.51.100.1"}), ("::1", {"HTTP_X_FORWARDED_FOR": "x"})],
    )
    def test_address_that_everybody_has_locks_nobody(self, settings, peer, forwarded):
        """A unix socket, and a proxy on the machine that TRUSTED_PROXIES does not count."""
        settings.SIGN_IN_ADDRESS_LIMIT = 2
        answers = [sign_in("wrong", username=f"name{n}", address=peer, **forwarded).status_code for n in range(4)]

        assert answers == [200] * 4
        assert sign_in(PASSWORD, address=peer, **forwarded).status_code == 302
        assert statuses(WRONG * LIMIT, username="someone", address=peer, **forwarded)[-1] == 429

    def test_machine_itself_is_an_address_like_others(self, settings):
        settings.SIGN_IN_ADDRESS_LIMIT = 2
        answers = [sign_in("wrong", username=f"name{n}", address="127.0.0.1").status_code for n in range(3)]

        assert answers == [200, 200, 429]

    def test_limit_can_be_switched_off(self, settings):
        settings.SIGN_IN_ADDRESS_LIMIT = 0

        assert self.spray(25) == [200] * 25


@pytest.mark.django_db
class TestNoHint:
    """Whoever asks does not learn which names there are."""

    @pytest.fixture(autouse=True)
    def _accounts(self, clerk, django_user_model):
        django_user_model.objects.create_user("gone", password=PASSWORD, is_staff=True, is_active=False)
        django_user_model.objects.create_user("visitor", password=PASSWORD)
        phone = django_user_model.objects.create_user("hasphone", password=PASSWORD, is_staff=True)
        with_phone(phone)

    CASES = (("nobody", "wrong"), ("nobody", PASSWORD), ("clerk", "wrong"), ("gone", "wrong"), ("gone", PASSWORD),
             ("visitor", "wrong"), ("visitor", PASSWORD), ("hasphone", "wrong"))  # fmt: skip

    def test_all_are_refused_in_the_same_words(self):
        answers = [sign_in(password, username=name) for name, password in self.CASES]

        assert {answer.status_code for answer in answers} == {200}
        assert (
            len({without_what_was_typed(answer, name) for answer, (name, _) in zip(answers, self.CASES, strict=True)})
            == 1
        )

    def test_all_take_one_hash(self, monkeypatch):
        """Hashing is the work that could be measured from outside."""
        hashed = []
        encode = MD5PasswordHasher.encode
        monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))
        work = []
        for name, password in self.CASES:
            hashed.clear()
            sign_in(password, username=name)
            work.append(len(hashed))

        assert work == [1] * len(self.CASES)

    @pytest.mark.parametrize("name", ["nobody", "clerk", "gone", "visitor", "hasphone"])
    def test_all_are_locked_alike(self, name):
        wrong = statuses(WRONG * LIMIT, username=name)
        locked = sign_in(PASSWORD, username=name)

        assert (wrong, locked.status_code, name in locked.content.decode()) == ([200] * 4 + [429], 429, False)

    @pytest.mark.parametrize("name", ["gone", "visitor"])
    def test_right_password_of_who_may_not_sign_in_is_counted_too(self, name):
        assert statuses([PASSWORD] * LIMIT, username=name) == [200] * 4 + [429]


def without_what_was_typed(answer, name):
    page = answer.content.decode()
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    return page.replace(f'value="{name}"', "")


@pytest.mark.django_db
def test_failed_attempts_keep_no_password(clerk):
    sign_in("wr0ng-but-close")

    kept = str(list(AccessAttempt.objects.values()))
    assert ("clerk" in kept, "wr0ng" in kept, "csrfmiddlewaretoken=" in kept) == (True, False, False)


@pytest.mark.parametrize(
    ("typed", "counted"),
    [
        ("clerk", "clerk"), ("Clerk", "clerk"), ("ＣＬＥＲＫ", "clerk"), (" clerk\t", "clerk"), ("cl\0erk", "clerk"),
        ("\0 clerk", "clerk"), ("张三", "张三"), ("Straße", "strasse"), ("", ""), ("x" * 200, "x" * 150),
    ],
)  # fmt: skip
def test_name_is_counted_in_one_spelling(typed, counted):
    assert normalised_username(RequestFactory().get("/"), {"username": typed}) == counted


def test_name_is_read_from_the_form_where_no_credentials_are_given():
    assert normalised_username(RequestFactory().post("/", {"username": "Clerk"})) == "clerk"
    assert normalised_username(RequestFactory().post("/")) == ""


@given(st.text())
def test_counted_name_fits_the_column_and_holds_no_null(typed):
    counted = normalised_username(RequestFactory().get("/"), {"username": typed})

    assert len(counted) <= 150
    assert "\0" not in counted


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "192.0.2.1"),
        (0, "198.51.100.1", "192.0.2.1"),
        (1, None, "192.0.2.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.9.9.9, 198.51.100.1", "198.51.100.1"),
        (2, "10.9.9.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "198.51.100.1", "192.0.2.1"),  # came past a proxy: only the peer is sure
        (1, "198.51.100.1:4711", "198.51.100.1"),
        (1, "[2001:db8:1:2:3::4]:443", "2001:db8:1:2::"),
        (1, "unknown", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "198.51.100.1,", "192.0.2.1"),
        (1, "198.51.100.1\0", "192.0.2.1"),
    ],
)
def test_forwarded_address_is_believed_as_far_as_our_proxies_wrote_it(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    extra = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}

    assert client_address(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **extra)) == address


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::1", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", None),
    ],
)
def test_peer_is_counted_as_ipv4_or_as_its_ipv6_network(peer, address):
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer)) == address
