"""Rendering of the Markdown templates beside this file."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_ENVIRONMENT = Environment(
    autoescape=False,  # noqa: S701 - the pages are Markdown, made of the project's own texts
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, **values: Any) -> str:
    """Return the page of a template; a name that is not in `values` raises jinja2.UndefinedError."""
    return _ENVIRONMENT.get_template(template).render(values).rstrip() + "\n"
