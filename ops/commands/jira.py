"""`jira`: prints what to enter in Jira, and tests the connection."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ops.aws import callback_api, functions, tokens
from ops.aws.callback_api import Answer
from ops.aws.target import Target
from ops.command import Session
from ops.errors import FailedError
from ops.jira_rule import BODY, RULE_NAME, Connection
from ops.program import PROGRAM

if TYPE_CHECKING:
    from rich.console import Console

EXAMPLES = ("jira", "jira --show-secrets", "jira --rule > rule.json", "jira --test")

TEST_STORY = "TEST-1"
TEST_STATUS = "Holdpoint connection test"
"""No stack has this among its done or failed statuses, so a valid callback with it decides nothing."""


def jira(
    session: Session,
    rule: Annotated[
        bool, typer.Option("--rule", help="Print the rule alone, as JSON for Jira's Import rules.")
    ] = False,
    cloud_id: Annotated[
        str | None,
        typer.Option(help="With --rule: the Jira site's id, from https://SITE.atlassian.net/_edge/tenant_info."),
    ] = None,
    project_id: Annotated[str | None, typer.Option(help="With --cloud-id: the project's number.")] = None,
    show_secrets: Annotated[
        bool, typer.Option("--show-secrets", help="Print the callback token and the signing key as well.")
    ] = False,
    test: Annotated[
        bool, typer.Option("--test", help="Send what the rule would send, with a status that decides nothing.")
    ] = False,
) -> None:
    """Print what to enter in Jira: URL, headers, statuses and body; the rule as JSON to import; or a webhook.

    Exit code 1: the test failed.
    """
    if test:
        answer = send_test(session.target)
        told = "The callback API took the test event: address, token and format are right"
        session.terminal.show(as_json(answer), lambda console: console.print(told))
        return
    known = connection(session.target, with_secrets=show_secrets)
    if rule:
        session.terminal.reveal(known.rule(cloud_id, project_id))
    elif session.terminal.is_json:
        session.terminal.reveal(known.as_json())
    else:
        print_steps(session.terminal.console, session.target, known)


def connection(target: Target, *, with_secrets: bool) -> Connection:
    """Return the values that Jira needs to call the stack's callback API."""
    found = target.client("lambda").get_function_configuration(FunctionName=functions.live_arn(target, "callback"))
    variables: dict[str, str] = found["Environment"]["Variables"]
    secret = tokens.current(target) if with_secrets else {}
    return Connection(
        url=target["callback_api_endpoint"],
        done_statuses=json.loads(variables["JIRA_DONE_STATUSES"]),
        failed_statuses=json.loads(variables["JIRA_FAILED_STATUSES"]),
        token=secret.get("callback"),
        signing_key=secret.get("callbackSigningKey"),
    )


def send_test(target: Target) -> Answer:
    """Send what Jira's rule would send for a story whose status decides nothing.

    Raises:
        FailedError: the API did not accept it.
    """
    body = {"key": TEST_STORY, "fields": {"status": {"name": TEST_STATUS}, "summary": "A test of the connection"}}
    answer = callback_api.send(target, body)
    if (answer.code, answer.status) != (200, "ignored"):
        raise FailedError(
            f"The API answered {answer.code} {answer.status}: {answer.body.get('message')}",
            f"Find the cause: {PROGRAM} doctor",
        )
    return answer


def print_steps(console: "Console", target: Target, known: Connection) -> None:
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
    """Return a test's answer for a program."""
    return {"statusCode": answer.code, **answer.body}
