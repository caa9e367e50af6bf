from io import BytesIO

import pytest
from django.test import RequestFactory

from liangzhou.wsgi import application


@pytest.mark.django_db  # the end of a request looks after the connection
@pytest.mark.parametrize("charset", ["charset*=no-such''x", "charset=\0", "charset*=idna''%ff", "charset*=utf-8''x%00"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unreadable_content_type_is_refused_with_a_page(method, charset):
    environ = RequestFactory()._base_environ(REQUEST_METHOD=method, CONTENT_TYPE=f"text/plain; {charset}")
    environ["wsgi.input"] = BytesIO()
    answered = []

    body = b"".join(application(environ, lambda status, headers: answered.append((status, dict(headers)))))

    [(status, headers)] = answered
    assert status == "400 Bad Request"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert 'class="site-header"' in body.decode()
