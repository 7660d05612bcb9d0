"""`rotate`: makes new callback tokens without failing a call, or a new key for approval links, which revokes them."""

import json
import secrets
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import uuid4

import typer

from facts import LINK_KEY
from ops.aws import tokens
from ops.aws.target import Target
from ops.command import Session
from ops.consent import confirm
from ops.errors import UsageError
from ops.program import PROGRAM

EXAMPLES = (
    "rotate callback",
    "rotate callback signing-key",
    "rotate callback --yes --json",
    "rotate callback --end-old",
    "rotate link-key",
)

FIELDS = {"callback": "callback", "signing-key": "callbackSigningKey", "link-key": LINK_KEY}
"""Names of tokens, and their fields in the secret."""

TOKEN_LENGTH = 48
"""As `components/tokens.py` makes them: letters and digits only, 285 bits."""


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """The result of a rotation: the new tokens."""

    names: Sequence[str]
    version_id: str
    ends_old: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the fields for the JSON output, without the tokens."""
        return {"rotated": list(self.names), "versionId": self.version_id, "endsOld": self.ends_old}

    def next_steps(self) -> str:
        """Return the next steps."""
        steps = [f"New: {', '.join(self.names)} (version {self.version_id} of the secret)."]
        if any(FIELDS[name] != LINK_KEY for name in self.names):
            old = (
                "What was valid ends within five seconds. Calls fail until the new one is in Jira; put it there now:"
                if self.ends_old
                else "What was valid stays valid until the next rotation. Until then, put the new one into Jira:"
            )
            steps += [old, f"  {PROGRAM} jira --show-secrets"]
        if any(FIELDS[name] == LINK_KEY for name in self.names):
            steps += [
                "Every approval link ends within five seconds. The next reminders carry new ones; see them now:",
                f"  {PROGRAM} holds --links",
            ]
        return "\n".join(steps)


def rotate(
    session: Session,
    tokens: Annotated[
        list[str],
        typer.Argument(help="callback, signing-key or link-key, or several.", autocompletion=lambda: list(FIELDS)),
    ],
    yes: Annotated[
        bool,
        typer.Option("--yes", "-y", help="Do not ask on AWS, and end a token that may still be in use."),
    ] = False,
    end_old: Annotated[
        bool, typer.Option("--end-old", help="Invalidate the old tokens at once, because they have leaked.")
    ] = False,
) -> None:
    """Make a new callback token or signing key; the previous one stays valid until the next rotation.

    A new link-key revokes every link to the approval page within five seconds. Executions keep waiting.

    The tokens of the APIs are also in EventBridge connections, which Pulumi keeps: it says how those are rotated.
    """
    action = f"Rotate {' and '.join(tokens)}" + (" and end the old ones at once" if end_old else "")
    confirm(session, action, yes=yes)
    done = rotate_tokens(session.target, tokens, is_confirmed=yes, ends_old=end_old)
    session.terminal.show(done.as_json(), lambda _console: session.terminal.say(done.next_steps()))


def rotate_tokens(target: Target, names: Sequence[str], *, is_confirmed: bool, ends_old: bool = False) -> Rotation:
    """Write a version with new tokens to the secret; it becomes AWSCURRENT, and the previous one AWSPREVIOUS.

    With `ends_old`, the same content is written twice, so that both stages hold the new tokens and no function
    accepts the old ones: functions cache the secret for at most five seconds (`handlers/secret.py`).

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html

    Raises:
        UsageError: there is no such token, Pulumi has to rotate it, or a token that may be in use would become invalid.
    """
    now = tokens.current(target)
    _check(names, now)
    dying = _dying(target, now)
    if dying and not is_confirmed:
        raise UsageError(
            f"The {' and the '.join(dying)} from before the last rotation would stop working",
            "If its users (Jira) have the new one already, add --yes",
        )
    fresh = {**now, **{FIELDS[name]: _new() for name in names}}
    for _ in range(2 if ends_old else 1):
        # With a client request token, a retry makes no second version.
        answer = target.client("secretsmanager").put_secret_value(
            SecretId=target["secrets_manager_arn"], SecretString=json.dumps(fresh), ClientRequestToken=str(uuid4())
        )
    return Rotation(names=list(dict.fromkeys(names)), version_id=answer["VersionId"], ends_old=ends_old)


def _check(names: Sequence[str], now: Mapping[str, str]) -> None:
    pulumis = [name for name in names if name in now and name not in (*FIELDS, *FIELDS.values())]
    if pulumis:
        raise UsageError(
            f"Pulumi keeps the token of {', '.join(pulumis)} in the secret and in an EventBridge connection: changed "
            "here alone, every release would fail",
            "Rotate all tokens by `pulumi config set tokenGeneration <one more>` and `pulumi up`; one that somebody "
            f"gave you by `pulumi config set --secret --path 'apiTokens.{pulumis[0]}'` and `pulumi up`",
        )
    unknown = [name for name in names if name not in FIELDS]
    if unknown:
        raise UsageError(f"There is no token {', '.join(unknown)}", f"Say {' or '.join(FIELDS)}, or several")
    if any(FIELDS[name] == LINK_KEY for name in names) and not now.get(LINK_KEY):
        raise UsageError("This stack has no approval page", "pulumi config set approvalLinks true, and pulumi up")


def _dying(target: Target, now: dict[str, str]) -> list[str]:
    """Return the tokens that only AWSPREVIOUS holds, which a new version invalidates. A link key there is invalid."""
    before = tokens.version(target, tokens.PREVIOUS) or {}
    kept = {name: field for name, field in FIELDS.items() if field != LINK_KEY}
    return [name for name, field in kept.items() if field in before and before[field] != now.get(field)]


def _new() -> str:
    alphabet = string.ascii_letters + string.digits
    return "".join(secrets.choice(alphabet) for _ in range(TOKEN_LENGTH))
