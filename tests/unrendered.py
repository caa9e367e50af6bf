"""Browsers for tests that look at what a page decided and not at the page: printing it is most of the cost."""

from django.test import Client


class Unrendered(Client):
    """Goes through every middleware and the whole view; `context_data` of the answer is what it would print.

    `Unrendered("POST")` prints the pages that it gets: to read a form, and to look only at why it was refused.
    A test that asks for the `content` of what was not printed fails.
    """

    def __init__(self, *methods, **kwargs):
        super().__init__(**kwargs)
        self.methods = methods or ("GET", "POST")
        self.handler.load_middleware()
        self.handler._template_response_middleware.append(self.process_template_response)

    def process_template_response(self, request, response):
        """What a middleware of this name does, as the last of them: the page counts as printed, and is empty."""
        if request.method in self.methods:
            response.content = b""
            response.was_left_out = True
        return response

    def request(self, **request):
        response = super().request(**request)
        if getattr(response, "was_left_out", False):
            response._is_rendered = False
        return response
