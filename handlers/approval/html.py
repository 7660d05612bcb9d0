"""HTML of the approval page: no script, no external resources, and every text escaped."""

import base64
import hashlib
import html
import re
from string import Template

STYLE = """
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 38rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; line-height: 1.3; }
dt { font-size: .875rem; opacity: .75; }
dd { margin: 0 0 .75rem; white-space: pre-wrap; unicode-bidi: isolate; }
fieldset { border: 1px solid; border-radius: .5rem; margin: 0 0 1rem; padding: .5rem 1rem; }
label { display: block; padding: .4rem 0; }
input[type=radio] { height: 1.25rem; margin: 0 .5rem 0 0; vertical-align: -.2rem; width: 1.25rem; }
input[type=text], textarea { border: 1px solid; border-radius: .5rem; font: inherit; padding: .6rem; width: 100%; }
.code { font: 600 1.35rem/1.3 ui-monospace, monospace; letter-spacing: .15em; }
.error { border-left: .25rem solid #c62828; margin: .25rem 0; padding-left: .5rem; }
button { border: 1px solid; border-radius: .5rem; font: 600 1rem system-ui, sans-serif; margin: 1rem 0; padding: .8rem;
  width: 100%; }
"""

HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "; ".join(
        [
            "default-src 'none'",
            f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ]
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow, noarchive",
}

_PAGE = Template(
    f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>$title</h1>
$content
</main>
</body>
</html>
"""
)

_FORM = Template(
    """<form method="post" autocomplete="off">
<fieldset>
<legend>Your decision</legend>
<label><input type="radio" name="decision" value="approve" required$approve>Approve</label>
<label><input type="radio" name="decision" value="reject" required$reject>Reject</label>
$decision_error
</fieldset>
$name
<label for="comment">Comment (optional)</label>
<textarea id="comment" name="comment" rows="3" maxlength="$max_comment">$comment</textarea>
$comment_error
<p>To confirm, type these digits: <span class="code">$code</span></p>
<label for="code">The four digits</label>
<input type="text" id="code" name="code" inputmode="numeric" required>
$code_error
<button type="submit">Send the decision</button>
</form>"""
)

_NAME = Template(
    """<label for="name">Your name</label>
<input type="text" id="name" name="name" maxlength="$max_name" required value="$name">
$error"""
)

UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that change the direction of text, which could disguise it."""


def escaped(text: str) -> str:
    """Escape a text for an element or a quoted attribute."""
    return html.escape(UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", text))


def page(title: str, *content: str) -> str:
    """Build a page. The title is a text; the content is HTML, in which every text is `escaped`."""
    return _PAGE.substitute(title=escaped(title), content="\n".join(part for part in content if part))


def paragraph(text: str) -> str:
    """Build a paragraph of a text."""
    return f"<p>{escaped(text)}</p>"


def facts(*pairs: tuple[str, str | None]) -> str:
    """Build a list of names and texts; leave out empty texts."""
    shown = [f"<dt>{escaped(name)}</dt>\n<dd>{escaped(text)}</dd>" for name, text in pairs if text]
    return "<dl>\n" + "\n".join(shown) + "\n</dl>" if shown else ""


def form(
    *, code: str, limits: tuple[int, int], name: str | None, comment: str, decision: str, errors: dict[str, str]
) -> str:
    """Build the form.

    Args:
        code: the digits to type.
        limits: how long a comment and a name may be.
        name: the name that was typed; None where the link names the decider.
        comment: the comment that was typed.
        decision: the choice that was made, `success` or `failure`; empty for none.
        errors: what is wrong, by the name of a field.
    """
    max_comment, max_name = limits
    shown = {field: f'<p class="error" role="alert">{escaped(error)}</p>' for field, error in errors.items()}
    asked = {"max_name": max_name, "name": escaped(name or ""), "error": shown.get("name", "")}
    return _FORM.substitute(
        code=escaped(code),
        max_comment=max_comment,
        comment=escaped(comment),
        name=_NAME.substitute(asked) if name is not None else "",
        approve=" checked" if decision == "success" else "",
        reject=" checked" if decision == "failure" else "",
        decision_error=shown.get("decision", ""),
        comment_error=shown.get("comment", ""),
        code_error=shown.get("code", ""),
    )
