"""Lone surrogates, which JSON can escape and UTF-8 cannot encode. AWS, like Java, writes `?` for them.

Source: https://docs.oracle.com/javase/8/docs/api/java/lang/String.html#getBytes-java.nio.charset.Charset-
"""

import re

# Every escape of a JSON string: a pair of surrogates first, which is one character, then a lone one, then any other.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def without_escaped(json_text: str) -> str:
    """Return the JSON text with `?` in place of each lone surrogate, escaped or not."""
    written = without(json_text)
    if "\\ud" not in written and "\\uD" not in written:
        return written
    return _ESCAPE.sub(lambda found: "?" if found["lone"] else found[0], written)


def without(text: str) -> str:
    """Return the text with `?` in place of each lone surrogate."""
    return text if text.isascii() else text.encode(errors="replace").decode()
