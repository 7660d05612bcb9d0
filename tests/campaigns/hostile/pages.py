"""Reads a page: its elements, fields and text, and the forms that a program would submit."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Elements(HTMLParser):
    """A page as a browser reads it: its elements, its fields with their values, and its text."""

    tags: list[str] = field(default_factory=list)
    inputs: list[dict[str, str | None]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(f"{tag} {' '.join(sorted(name for name, _ in attrs))}")
        if tag in ("input", "textarea", "button"):
            self.inputs.append({"tag": tag, **dict(attrs)})

    def handle_data(self, data: str) -> None:
        self.text += data


def elements(body: str) -> Elements:
    """Read a page."""
    found = Elements()
    found.feed(body)
    found.close()
    return found


def submissions(page: Elements) -> list[dict[str, str]]:
    """Return the forms that programs submit: defaults, every choice, and words in every text field."""
    names = [each for each in page.inputs if each.get("name")]
    defaults = {
        str(each["name"]): str(each.get("value") or "")
        for each in names
        if each.get("type") != "radio" or "checked" in each
    }
    found = [defaults, {}]
    for choice in [each for each in names if each.get("type") == "radio"]:
        chosen = {**defaults, str(choice["name"]): str(choice.get("value"))}
        found.append(chosen)
        for word in ("test", "1234", "0000", "on", "true", "approve", str(choice.get("value"))):
            found.append({**chosen, **{str(each["name"]): word for each in names if each.get("type") != "radio"}})
    return found


def code_on(body: str) -> str:
    """Return the digits that a person reads on the page."""
    found = re.search(r'class="code">([0-9]{4})<', body)
    assert found, body
    return found[1]
