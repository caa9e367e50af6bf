"""What gunicorn serves."""

import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangzhou.settings")


class Request(WSGIRequest):
    """A request whose Content-Type may be garbage: Django fails on that before any middleware can answer."""

    def _set_content_type_params(self, meta):
        try:
            super()._set_content_type_params(meta)
        except (ValueError, LookupError):
            self.content_type, self.content_params = "", {"charset": "unreadable"}  # the request guard refuses it


application = get_wsgi_application()
application.request_class = Request
