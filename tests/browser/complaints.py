"""What a browser complains of while it shows pages: errors, refusals, other hosts."""

# Chromium says of every page that comes with an error status that it failed to load.
STATUS = "Failed to load resource"
WATCH = """
addEventListener("securitypolicyviolation", event =>
    console.error(`Content Security Policy refused ${event.blockedURI} (${event.effectiveDirective})`));
"""


class Complaints:
    """Collects what pages of one site complain of."""

    def __init__(self, site):
        self.site = site
        self._messages, self._error_pages = [], set()

    def listen(self, page):
        """Hear what a page and every document in it says from now on."""
        page.add_init_script(WATCH)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._messages.append((str(error), "")))
        page.on("request", self._see_request)
        page.on("response", self._see_response)

    def told(self):
        """Each complaint as a sentence; that a page which is an error page came with its status is none."""
        return [
            f"{text} {url}".strip()
            for text, url in self._messages
            if not (text.startswith(STATUS) and url in self._error_pages)
        ]

    def _hear(self, message):
        if message.type == "error":
            self._messages.append((message.text, message.location["url"]))

    def _see_request(self, request):
        if not request.url.startswith((self.site, "data:", "blob:", "about:")):
            self._messages.append(("Asked of another host:", request.url))

    def _see_response(self, response):
        if response.status >= 500:
            self._messages.append((f"Status {response.status}:", response.url))
        elif response.status >= 400 and response.request.is_navigation_request():
            self._error_pages.add(response.url)
