import pytest
from django.test import Client, RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from liangzhou import errors, middleware

pytestmark = pytest.mark.usefixtures("breaking_urls")

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


@pytest.fixture
def visitor():
    """A browser that is shown the error page where a test client would raise."""
    return Client(raise_request_exception=False)


def chinese(text):
    """A sentence as the Chinese pages print it, whatever language an earlier request has left active."""
    with translation.override("zh-hans"):
        return str(text)


def part(headers, text="a"):
    return f"--x\r\n{headers}\r\n\r\n{text}\r\n--x--\r\n".encode()


@pytest.mark.django_db  # for close(), which looks after the connection
@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/plain/", "testserver"),
        ("/streamed/", "testserver"),
        ("/kept/", "testserver"),
        ("/forbidden/", "testserver"),
        ("/no/such/page/", "testserver"),
        ("/bug/", "testserver"),
        ("/plain/?q=%00", "testserver"),
        ("/plain", "testserver"),
        ("/healthz", "testserver"),
        ("/static/liangzhou/site.css", "testserver"),
        ("/static/no-such.css", "testserver"),
        ("/plain/", "elsewhere.example"),
        ("/plain/", "not a host"),
    ],
)
@pytest.mark.parametrize("https", [True, False])
def test_every_answer_has_the_security_headers(visitor, settings, path, host, https):
    settings.SECURE_SSL_REDIRECT = https
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True

    response = visitor.get(path, headers={"host": host})
    response.close()  # a static file is open still

    assert {name: response.get(name) for name in HEADERS} == HEADERS
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_wrong_host_on_its_way_to_https_is_still_a_page_of_ours(visitor, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = visitor.get("/plain/", headers={"host": "elsewhere.example"})

    assert response.status_code == 400
    assert chinese(errors.PROBLEMS[400].title) in response.content.decode()


def test_plain_http_is_sent_to_https_and_told_to_stay(visitor, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 60

    redirect = visitor.get("/plain/?q=1")
    page = visitor.get("/plain/", secure=True)

    assert (redirect.status_code, redirect["Location"]) == (301, "https://testserver/plain/?q=1")
    assert page["Strict-Transport-Security"].startswith("max-age=60")


# What no browser sends


@pytest.mark.parametrize("path", ["/plain/%00", "/%00", "/plain/?q=%00", "/plain/?%00=1", "/static/%00.css"])
def test_null_character_in_the_address_is_refused_with_a_sentence(visitor, path):
    response = visitor.get(path)

    assert response.status_code == 400
    assert chinese(middleware.NULL_CHARACTER) in response.content.decode()


def test_raw_null_character_in_the_query_is_refused(visitor):
    assert visitor.get("/plain/", QUERY_STRING="q=\0").status_code == 400


def test_null_character_is_not_seen_where_a_percent_sign_is_meant(visitor):
    assert visitor.get("/plain/?q=%2500").status_code == 200


def test_null_character_in_a_cookie_drops_the_cookie(visitor):
    request = RequestFactory().get("/", headers={"cookie": r'sessionid="0123\0004567"; display=large'})

    middleware.drop_unreadable_cookies(request)

    assert request.COOKIES == {"display": "large"}


@pytest.mark.django_db
def test_null_character_in_the_session_cookie_reaches_no_query(client):
    assert client.get("/admin/", headers={"cookie": r'sessionid="0123456\000789"'}).status_code == 302


@pytest.mark.parametrize(("length", "status"), [(8000, 200), (8001, 414), (100_000, 414)])
def test_long_query_is_refused(visitor, length, status):
    response = visitor.get("/plain/?q=" + "a" * (length - 2))

    assert response.status_code == status


@pytest.mark.parametrize("charset", ["utf-7", "UTF-16", "gb18030", "hex", "idna", "no-such-charset", "utf-8'", "é"])
@pytest.mark.parametrize("content_type", [FORM, MULTIPART, "text/plain"])
@pytest.mark.parametrize("path", ["/admin/login/", "/plain/", "/display/"])
def test_charset_other_than_utf8_is_refused_before_the_csrf_check(path, content_type, charset):
    visitor = Client(enforce_csrf_checks=True)
    visitor.cookies["csrftoken"] = "a" * 32

    response = visitor.generic("POST", path, b"username=clerk", content_type=f"{content_type}; charset={charset}")

    assert response.status_code == 400
    assert chinese(errors.PROBLEMS[400].title) in response.content.decode()


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_utf8_by_any_spelling_is_read(visitor, charset):
    response = visitor.generic("POST", "/display/", b"large=on", content_type=f"{FORM}; charset={charset}")

    assert response.status_code == 303
    assert response.cookies["display"].value == "large"


def test_charset_is_refused_on_get_too(visitor):
    assert visitor.get("/plain/?q=1", CONTENT_TYPE="text/plain; charset=utf-16").status_code == 400


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"a"),
        ("multipart/form-data; boundary=", b"a"),
        ("multipart/form-data; boundary=" + "x" * 300, b"a"),
        ("multipart/form-data; boundary=\xff", b"a"),
        (
            MULTIPART,
            part('Content-Disposition: form-data; name="a"; filename="b"\r\nContent-Transfer-Encoding: base64', "a"),
        ),
    ],
)
@pytest.mark.parametrize("path", ["/admin/login/", "/plain/", "/display/", "/no/such/page/"])
def test_damaged_form_is_refused_with_a_page(path, content_type, body):
    visitor = Client(enforce_csrf_checks=True)
    visitor.cookies["csrftoken"] = "a" * 32

    response = visitor.generic("POST", path, body, content_type=content_type)

    assert response.status_code == 400
    assert chinese(errors.PROBLEMS[400].title) in response.content.decode()
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Disposition: form-data; name*=hex''a",
        "Content-Disposition: form-data; name*=no-such''a",
        "Content-Disposition: form-data; name*=idna''%ff",
        "Content-Disposition: form-data; name=\"a\"; filename*=utf-7''%ff",
        'Content-Disposition: form-data; name="a"; filename="../../etc/passwd"',
        'Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=no-such',
        'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64',
        "Content-Disposition: \0",
        "Content-Length: -1",
        "",
    ],
)
def test_odd_multipart_part_gives_no_server_error(headers):
    response = Client().generic("POST", "/display/", part(headers), content_type=MULTIPART)

    assert response.status_code in (303, 400)


@pytest.mark.parametrize("path", ["/admin/login/", "/plain/"])
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, b"&".join([b"a=1"] * 7501)),
        (FORM, b"a=" + b"1" * 12_500_000),
        (MULTIPART, part('Content-Disposition: form-data; name="a"') * 5001),
        (MULTIPART, b"".join(
            f'--x\r\nContent-Disposition: form-data; name="a"; filename="{n}"\r\n\r\n1\r\n'.encode() for n in range(101)
        ) + b"--x--"),
        (MULTIPART, part('Content-Disposition: form-data; name="a"', "1" * 12_500_000)),
        ("application/octet-stream", b"1" * 32_000_000),
    ],
    ids=["fields", "text", "parts", "files", "text-part", "bytes"],
)  # fmt: skip
def test_too_much_at_once_is_refused_with_a_page(path, content_type, body):
    visitor = Client(enforce_csrf_checks=True)
    visitor.cookies["csrftoken"] = "a" * 32

    response = visitor.generic("POST", path, body, content_type=content_type)

    assert response.status_code == 413
    assert chinese(errors.PROBLEMS[413].title) in response.content.decode()


@pytest.mark.django_db
@given(path=st.binary(max_size=40), query=st.binary(max_size=40), cookie=st.binary(max_size=40))
def test_no_bytes_in_address_or_cookie_give_a_server_error(path, query, cookie):
    def latin(data):
        return data.decode("latin-1")

    response = Client(raise_request_exception=False).generic(
        "GET", "/", PATH_INFO="/" + latin(path), QUERY_STRING=latin(query), HTTP_COOKIE=latin(cookie)
    )

    assert response.status_code in (200, 301, 400, 404)


# Who may keep an answer


def test_public_page_is_asked_for_anew_each_time(visitor):
    response = visitor.get("/plain/")

    assert response["Cache-Control"] == "no-cache"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/en/", "/projects/", "/enterprises/", "/about/", "/feed.atom", "/robots.txt", "/sitemap.xml"]
)
def test_pages_of_the_site_are_public_to_caches_and_set_no_cookie(client, path):
    response = client.get(path)

    assert (response.status_code, response["Cache-Control"]) == (200, "no-cache")
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


def test_public_page_without_a_change_is_not_sent_twice(visitor):
    first = visitor.get("/plain/")

    second = visitor.get("/plain/", headers={"if-none-match": first["ETag"]})

    assert (second.status_code, second.content) == (304, b"")
    assert second["Cache-Control"] == "no-cache"
    assert second["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("etag", ["the page's own", "*", "nonsense"])
def test_withdrawn_page_is_never_called_unchanged(visitor, etag):
    known = visitor.get("/plain/")["ETag"] if etag == "the page's own" else etag
    since = "Tue, 01 Jan 2030 00:00:00 GMT"

    response = visitor.get("/plain/?gone", headers={"if-none-match": known, "if-modified-since": since})
    known_404 = visitor.get("/plain/?gone", headers={"if-none-match": response["ETag"]})

    assert (response.status_code, known_404.status_code) == (404, 404)


def test_cache_rule_of_a_view_stands(visitor):
    assert visitor.get("/kept/")["Cache-Control"] == "public, max-age=60"


def test_streamed_answer_is_left_alone(visitor):
    response = visitor.get("/streamed/")

    assert response.streaming
    assert b"".join(response) == b"one\ntwo\n"
    assert response["Cache-Control"] == "no-cache"
    assert not response.has_header("ETag")
    assert not response.has_header("Content-Length")


@pytest.mark.parametrize("path", ["/plain/", "/kept/", "/streamed/", "/no/such/page/", "/admin/nothing/"])
def test_browser_with_a_session_keeps_nothing(visitor, settings, path):
    """Nor is the session looked up: without the `db` mark, pytest-django refuses every query."""
    if path != "/admin/nothing/":
        visitor.cookies[settings.SESSION_COOKIE_NAME] = "0123456789abcdef0123456789abcdef"

    response = visitor.get(path)

    assert response["Cache-Control"] == "private, no-store"
    assert not response.has_header("ETag")


def test_answer_that_sets_a_cookie_is_kept_by_nobody(visitor):
    assert visitor.get("/cookie_setting/")["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_staff_pages_are_kept_by_nobody(visitor, admin_client):
    answers = [visitor.get("/admin/login/"), visitor.get("/admin/"), admin_client.get("/admin/")]

    assert [answer.status_code for answer in answers] == [200, 302, 200]
    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}


# Maintenance


@pytest.fixture
def closed(settings):
    settings.MAINTENANCE = True
    return Client()


@pytest.mark.parametrize("path", ["/", "/plain/", "/admin/", "/en/no/such/page/", "/robots.txt"])
def test_maintenance_closes_every_page(closed, path):
    response = closed.get(path)

    assert response.status_code == 503
    assert response["Retry-After"] == "600"
    assert response["Cache-Control"] == "no-store"
    assert 'class="site-header"' in response.content.decode()


@pytest.mark.django_db  # for close(), which looks after the connection
def test_maintenance_leaves_style_and_liveness(closed, settings):
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True

    style = closed.get("/static/liangzhou/site.css")
    style.close()

    assert style.status_code == 200
    assert (closed.get("/healthz").status_code, closed.get("/healthz").content) == (200, b"ok\n")
    assert (closed.get("/readyz").status_code, closed.get("/readyz").content) == (503, b"maintenance\n")
