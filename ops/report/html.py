"""One self-contained HTML file for one execution, without external requests or scripts."""

import base64
import hashlib
import json
import time
from html import escape

from ops.report.modules import FOLDER, script
from ops.report.record import Record

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body data-written="{written}">
<main>
<h1>{title}</h1>
<p class="quiet">{arn}</p>
<noscript>
<p>Without JavaScript there is no graph and no timeline. What happened:</p>
<table>
<thead><tr><th scope="col">State</th><th scope="col">Status</th><th scope="col">Error</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</noscript>
</main>
<script type="application/json" id="record">{record}</script>
<script>{script}</script>
</body>
</html>
"""


def page(record: Record) -> str:
    """Return the file's content."""
    execution = record["execution"]
    style, code = (FOLDER / "style.css").read_text(encoding="utf-8"), script("report.js")
    # Browsers run only the script, and apply only the style, that the policy names by its hash.
    policy = (
        f"default-src 'none'; script-src '{_digest(code)}'; style-src '{_digest(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    about = record["subject"]["id"] if record["subject"] else execution["name"]
    return _PAGE.format(
        policy=policy,
        title=escape(about),
        arn=escape(execution["arn"]),
        style=style,
        written=round(time.time() * 1000),
        rows="\n".join(_row(visit) for visit in record["visits"]),
        # Inside a script element, only these begin markup.
        record=json.dumps(record).replace("<", "\\u003c"),
        script=code,
    )


def _row(visit: Record) -> str:
    error = ": ".join(visit[name] for name in ("error", "cause") if visit[name])
    name, status = escape(visit["state"]), escape(visit["status"])
    return f'<tr><th scope="row">{name}</th><td>{status}</td><td>{escape(error)}</td></tr>'


def _digest(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
