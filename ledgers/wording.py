"""How sentences stand beside each other in the lines of a preview and in the marked file."""

import re

BLANK_AFTER_STOP = re.compile(r"(?<=[\u3002\uff01\uff1f\uff1b\uff1a]) +")


def close_up(text) -> str:
    """A text without blanks after full-width stops, which bring their own room along."""
    return BLANK_AFTER_STOP.sub("", str(text or ""))
