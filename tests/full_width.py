"""Text as a Chinese keyboard gives it."""


def full_width(text):
    """ASCII letters, digits and signs in their full-width forms."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)
