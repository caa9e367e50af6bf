import json
import logging
import re

import pytest
from django.test import Client
from django.test.utils import override_settings

from liangzhou.log_format import Json, Line, request_id
from tests.answers import body
from tests.factories import PASSWORD, ProjectFactory, UserFactory

NUMBER = re.compile(r"[0-9a-f]{16}")


@pytest.fixture
def lines(caplog):
    """What was logged, as JSON makes it; the lines of requests have a status."""
    before = caplog.handler.formatter
    caplog.handler.setFormatter(Json())
    yield lambda: [json.loads(line) for line in caplog.text.splitlines()]
    caplog.handler.setFormatter(before)


def requests(lines):
    return [line for line in lines() if line["logger"] == "liangzhou.requests"]


@pytest.mark.django_db
def test_each_request_is_one_line_without_its_query(client, lines):
    response = client.get("/projects/?q=geheim", headers={"referer": "http://x/geheim", "user-agent": "geheim"})

    [line] = requests(lines)
    assert (line["method"], line["path"], line["status"], line["user"]) == ("GET", "/projects/", 200, "-")
    assert (line["bytes"], line["request"]) == (len(response.content), response["X-Request-ID"])
    assert line["milliseconds"] >= 0
    assert "geheim" not in json.dumps(lines())
    assert NUMBER.fullmatch(response["X-Request-ID"])


@pytest.mark.django_db
def test_line_names_the_account_by_its_number_where_it_was_asked_for(client, lines):
    clerk = UserFactory(username="geheim")
    client.force_login(clerk)

    client.get("/admin/")
    client.get("/projects/")

    assert [line["user"] for line in requests(lines)] == [clerk.pk, "-"]
    assert "geheim" not in json.dumps(lines())


@pytest.mark.django_db
def test_sign_in_leaves_no_name_and_no_password_in_the_log(client, lines):
    UserFactory(username="geheim")

    for password in ("wrong-geheim", PASSWORD):
        client.post("/admin/login/", {"username": "geheim", "password": password})

    assert "geheim" not in json.dumps(lines())
    assert PASSWORD not in json.dumps(lines())
    assert len(requests(lines)) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/a%0ab", "/a%0Ab"), ("/%E9%87%91", "/%E9%87%91"), ("/%1b%5b31m", "/%1B%5B31m"), ("/a%20b", "/a%20b"),
        ("/" + "x" * 900, "/" + "x" * 499), ("/%22%5c", "/%22%5C"), ("/a%e2%80%a8b", "/a%E2%80%A8b"),
    ],
)  # fmt: skip
def test_no_path_forges_a_line(client, lines, path, logged):
    client.get(path)

    assert [(line["path"], line["status"]) for line in lines()] == [(logged, 404)]  # and no "Not Found" beside it


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_not_logged_but_numbered(client, lines, path):
    assert NUMBER.fullmatch(client.get(path)["X-Request-ID"])
    assert requests(lines) == []


@pytest.mark.django_db
def test_download_is_logged_when_it_ends_with_all_its_bytes(client, lines):
    ProjectFactory()

    response = client.get("/projects/export.csv")
    before = requests(lines)
    size = len(body(response))
    response.close()

    assert before == []
    assert [(line["status"], line["bytes"]) for line in requests(lines)] == [(200, size)]


@pytest.mark.urls("tests.liangzhou.breaking_urls")
@pytest.mark.django_db
def test_fault_has_its_traceback_under_the_number_of_the_request(lines):
    response = Client(raise_request_exception=False).get("/bug/")

    fault, request = lines()
    assert (fault["logger"], fault["level"], request["status"]) == ("django.request", "ERROR", 500)
    assert fault["traceback"].startswith("Traceback")
    assert fault["request"] == request["request"] == response["X-Request-ID"]
    assert request_id.get() == ""


@pytest.mark.django_db
def test_lines_of_requests_can_be_switched_off(client, lines, settings):
    settings.LOG_REQUESTS = False

    assert NUMBER.fullmatch(client.get("/")["X-Request-ID"])
    assert lines() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "given", "taken"),
    [(0, "abcd-1234", False), (1, "abcd-1234", True), (1, "a b", False), (1, "x" * 65, False), (1, "a\nb12345", False)],
)
def test_number_of_a_proxy_of_ours_is_taken_over(client, proxies, given, taken):
    with override_settings(TRUSTED_PROXIES=proxies):
        response = client.get("/", HTTP_X_REQUEST_ID=given)

    assert (response["X-Request-ID"] == given) is taken


def test_log_is_set_up_with_our_formatters(settings):
    [handler] = [h for h in logging.getLogger().handlers if isinstance(h.formatter, Line)]

    assert type(handler.formatter) is Line
    assert logging.getLogger("liangzhou.requests").level == logging.INFO
