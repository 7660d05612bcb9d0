"""`jira`: what to enter in Jira, and whether it will work."""

from typing import Annotated

import typer

from ops.command import Session

EXAMPLES = ("jira", "jira --show-secrets", "jira --rule > rule.json", "jira --test")


def jira(
    session: Session,
    rule: Annotated[
        bool, typer.Option("--rule", help="Print the rule alone, as JSON for Jira's Import rules.")
    ] = False,
    cloud_id: Annotated[
        str | None,
        typer.Option(help="With --rule: the Jira site, as https://SITE.atlassian.net/_edge/tenant_info says."),
    ] = None,
    project_id: Annotated[str | None, typer.Option(help="With --cloud-id: the project's number.")] = None,
    show_secrets: Annotated[
        bool, typer.Option("--show-secrets", help="Print the callback token and the signing key as well.")
    ] = False,
    test: Annotated[
        bool, typer.Option("--test", help="Send what the rule would send, of a status that decides nothing.")
    ] = False,
) -> None:
    """Print what to enter in Jira: URL, headers, statuses and body; the rule as JSON to import; or a webhook.

    Exit code 1: the test failed.
    """
    from ops import connecting_jira

    if test:
        answer = connecting_jira.test(session.target)
        told = "The callback API took the test event: address, token and format are right"
        session.terminal.show(connecting_jira.as_json(answer), lambda console: console.print(told))
        return
    known = connecting_jira.connection(session.target, with_secrets=show_secrets)
    if rule:
        session.terminal.reveal(known.rule(cloud_id, project_id))
    elif session.terminal.is_json:
        session.terminal.reveal(known.as_json())
    else:
        connecting_jira.tell(session.terminal.console, session.target, known)
