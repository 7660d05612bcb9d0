"""Tells what to enter in Jira, and tries the connection."""

import json
from typing import TYPE_CHECKING, Any

from ops.aws import callback_api, functions, tokens
from ops.aws.callback_api import Answer
from ops.aws.target import Target
from ops.errors import FailedError
from ops.jira_rule import BODY, RULE_NAME, Connection
from ops.program import PROGRAM

if TYPE_CHECKING:
    from rich.console import Console

TEST_STORY = "TEST-1"
TEST_STATUS = "Holdpoint connection test"
"""No stack takes this for done or failed: the callback is understood, and decides nothing."""


def connection(target: Target, *, with_secrets: bool) -> Connection:
    """What the stack's callback API expects of Jira."""
    found = target.client("lambda").get_function_configuration(FunctionName=functions.arn(target, "callback"))
    variables: dict[str, str] = found["Environment"]["Variables"]
    secret = tokens.current(target) if with_secrets else {}
    return Connection(
        url=target["callback_api_endpoint"],
        done_statuses=json.loads(variables["JIRA_DONE_STATUSES"]),
        failed_statuses=json.loads(variables["JIRA_FAILED_STATUSES"]),
        token=secret.get("callback"),
        signing_key=secret.get("callbackSigningKey"),
    )


def test(target: Target) -> Answer:
    """Send what Jira's rule would send of a story whose status decides nothing.

    Raises:
        FailedError: the API did not understand it.
    """
    body = {"key": TEST_STORY, "fields": {"status": {"name": TEST_STATUS}, "summary": "A test of the connection"}}
    answer = callback_api.send(target, body)
    if (answer.code, answer.status) != (200, "ignored"):
        raise FailedError(
            f"The API answered {answer.code} {answer.status}: {answer.body.get('message')}",
            f"Look what is wrong: {PROGRAM} doctor",
        )
    return answer


def tell(console: "Console", target: Target, known: Connection) -> None:
    """Print the steps for a person."""
    steps: list[tuple[str, list[tuple[str, str]]]] = [
        (
            "As an Automation rule (project settings, Automation, Create rule)",
            [
                ("Trigger", "Work item transitioned (older: Issue transitioned)"),
                ("  to status", ", ".join((*known.done_statuses, *known.failed_statuses))),
                ("Action", "Send web request"),
                ("  URL", known.url),
                ("  Method", "POST"),
                ("  Header", f"Authorization: {known.authorization}    (tick Hidden)"),
                ("  Header", "Content-Type: application/json"),
                ("  Body", "Issue data (Automation format); or Custom data:"),
                *(("", f"  {line}") for line in BODY.splitlines()),
                ("Rule name", RULE_NAME),
            ],
        ),
        (
            "Or import that rule (Jira administrators: System, Automation rules, ..., Import rules)",
            [
                ("File", f"{PROGRAM} jira --rule > rule.json"),
                ("Then", "choose its project, enter the Authorization header, and switch the rule on"),
            ],
        ),
        (
            "Or as a webhook of Jira's administration (System, WebHooks, Create)",
            [
                ("URL", known.url),
                ("Secret", known.signing_key or "<the key callbackSigningKey of the secret>"),
                ("Events", "Issue: updated"),
            ],
        ),
    ]
    for heading, lines in steps:
        console.print(heading, style="bold")
        for name, value in lines:
            console.print(f"  {name:<12}{value}", soft_wrap=True)
        console.print()
    console.print(f"Goes on:  {', '.join(known.done_statuses)}", style="green")
    console.print(f"Fails:    {', '.join(known.failed_statuses)}", style="red")
    if known.token is None:
        console.print(f"\nThe token and the key: {PROGRAM} jira --show-secrets")
    console.print(f"Try the connection:    {PROGRAM} jira --test")
    if target.is_sandbox:
        console.print("Jira Cloud cannot reach a sandbox on this machine; deploy the stack for that.", style="yellow")


def as_json(answer: Answer) -> dict[str, Any]:
    """A test's answer for a program."""
    return {"statusCode": answer.code, **answer.body}
