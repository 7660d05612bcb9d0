"""Read views of the console's API, from the AWS APIs; secrets are masked."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from console.listing import Listing
from console.stack import Stack
from handlers.subject import is_subject
from ops import report
from ops.aws import functions, links, stories
from ops.aws.errors import code
from ops.aws.state_machines import Workflow, execution_arn
from ops.history import executions, log_lines, logs
from ops.masking import masked
from ops.render import listing, results
from ops.report import record
from ops.report.formatting import milliseconds, shown

LAST_LINES = 200

EXAMPLES = Path(__file__).parents[1] / "examples"

FORMS = {"release": (Workflow.RELEASE, "workflow-input.json"), "order": (Workflow.ORDERS, "order.json")}
"""The forms to start executions, each with the workflow that it needs, and an example."""

Query = Mapping[str, str]


class Views:
    """One method for each URL, which takes its query."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._listing = Listing(stack.client)

    def stack(self, _query: Query) -> dict[str, Any]:
        """Return the deployed workflows, the number of waits, and the forms."""
        is_known, kinds = self._stack.is_known, self._stack.workflows()
        return {
            "isKnown": is_known,
            "waiting": len(stories.waiting(self._stack.target)) if is_known else 0,
            "workflows": [{"machine": _name(arn), "label": label} for arn, label in kinds.items()],
            "examples": {
                form: (EXAMPLES / name).read_text(encoding="utf-8")
                for form, (kind, name) in FORMS.items()
                if kind in kinds.values()
            },
        }

    def executions(self, query: Query) -> dict[str, Any]:
        """Return a page of the list, filtered by `machine`, `status`, `q` and `page`."""
        machine, status, text = query.get("machine"), query.get("status"), query.get("q", "")
        workflows = self._stack.workflows()
        if machine:
            workflows = {arn: label for arn, label in workflows.items() if _name(arn) == machine}
        return self._listing.page(
            workflows,
            status=listing.status(status or None),
            text=text,
            names=self._names_about(text),
            number=_number(query, "page", 1),
        )

    def execution(self, query: Query) -> record.Record:
        """Return all data of one execution."""
        return self._record(self._arn(query))

    def report(self, query: Query) -> Response:
        """Return the execution as one HTML file."""
        content = self._record(self._arn(query))
        name = "".join(letter if letter.isalnum() else "-" for letter in content["execution"]["name"])
        response = Response(report.page(content), mimetype="text/html")
        response.headers["Content-Disposition"] = (
            f'attachment; filename="{name.encode("ascii", "ignore").decode()}.html"'
        )
        return response

    def waiting(self, query: Query) -> dict[str, Any]:
        """Return up to `limit` waits for a decision, oldest first, and their total number."""
        waits = stories.waiting(self._stack.target)
        shown_waits = [
            {
                "story": wait.story_id,
                "arn": wait.execution_arn,
                "machine": wait.execution_arn.split(":")[6],
                "name": wait.execution_name,
                "since": milliseconds(datetime.fromisoformat(wait.waiting_since)),
                "hasCallback": wait.has_callback,
            }
            for wait in waits[: _number(query, "limit", len(waits))]
        ]
        return {"waits": shown_waits, "total": len(waits)}

    def approval_page(self, _query: Query) -> dict[str, Any]:
        """Return whether the stack has an approval page; only a POST makes links to it."""
        return {"exists": links.has_page(self._stack.target)}

    def log(self, query: Query) -> dict[str, Any]:
        """Return the last log lines about an execution, and its own log file if it has one."""
        target, arn = self._stack.target, self._arn(query)
        execution = executions.describe(target, arn)
        if execution is None:
            raise NotFound(f"{arn} is not an execution of this stack")
        about = self._record(arn)["subject"]
        words = logs.terms(execution, about and about["id"])
        lines = logs.read(target, functions.sources(target), execution.started, words)
        relevant = [line for line in lines if not line.is_noise][-LAST_LINES:]
        return {
            "file": shown(results.content(target, execution, "log"))
            if execution.workflow == Workflow.RELEASE
            else None,
            "lines": [
                {
                    "at": milliseconds(line.at),
                    "source": line.source,
                    "level": line.level,
                    "text": _text(line),
                }
                for line in relevant
            ],
        }

    def _names_about(self, text: str) -> set[str]:
        """Return the names of a subject's executions, which the table of holds has without a search."""
        subjects = {each for each in (text, text.upper()) if is_subject(each)} if self._stack.is_known else set()
        return {each.execution_name for subject in subjects for each in stories.of(self._stack.target, subject)}

    def _record(self, arn: str) -> record.Record:
        try:
            return record.read(self._stack.client, arn)
        except ClientError as error:
            if code(error) in ("ExecutionDoesNotExist", "InvalidArn"):
                raise NotFound("There is no such execution (any more)") from None
            raise

    def _arn(self, query: Query) -> str:
        machine, name = query.get("machine", ""), query.get("name", "")
        for arn in self._stack.workflows():
            if _name(arn) == machine and name:
                return execution_arn(arn, name)
        raise NotFound("There is no such execution (any more)")


def _text(line: log_lines.Line) -> str:
    return masked(" ".join([line.message, *(f"{name}={value}" for name, value in line.fields.items())]))


def _name(machine_arn: str) -> str:
    return machine_arn.rsplit(":", 1)[1]


def _number(query: Query, name: str, default: int) -> int:
    text = query.get(name) or str(default)
    if not text.isdecimal():
        raise BadRequest(f"{name} is '{text}': it must be a number")
    return int(text)
