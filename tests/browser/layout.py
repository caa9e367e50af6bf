"""What is out of place on a page: sideways scrolling, text that is cut off, sticks out or lies on other text."""

from pathlib import Path

FAULTS = Path(__file__).with_name("layout.js").read_text(encoding="utf-8")


def faults(page):
    """Each fault of the page's layout as a sentence, with the text that shows it.

    The window is first made as high as the page, so that nothing sticky lies over anything.
    """
    size = page.viewport_size
    page.set_viewport_size({**size, "height": page.evaluate("document.documentElement.scrollHeight")})
    found = page.evaluate(FAULTS)
    page.set_viewport_size(size)
    return found
