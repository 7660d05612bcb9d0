"""Follows a hostile release to its end, and checks its results."""

import json
from dataclasses import dataclass
from typing import Any

from tests.campaigns.hostile.files import check_error, check_log, check_result, folder
from tests.campaigns.hostile.log_lines import check_text
from tests.campaigns.hostile.values import in_doubles
from tests.campaigns.hostile_sandbox.world import World
from tests.e2e.client import Run, eventually

REFUSED = {"InvalidInput"}


@dataclass(frozen=True)
class Follower:
    """Follows releases, and notes every place that they may write to."""

    world: World
    token: str

    def owns(self, run: Run, story: str | None) -> None:
        """Note what a release may write."""
        here = folder(run.name)
        keys = (f"outputs/{here}/result.json", f"logs/{here}/execution.log", f"logs/{here}/error.json")
        self.world.owns(*(("s3", key) for key in keys))
        if story is not None:
            self.world.owns(("dynamodb_table_name", story, run.name))

    def refused(self, run: Run, errors: set[str] = REFUSED) -> None:
        """Wait for a release to fail with one of these errors, before it calls or registers anything."""
        self.owns(run, None)
        ended = run.ended()
        assert (ended["status"], ended["error"] in errors) == ("FAILED", True), _shown(ended)
        error = check_error(self._object(run, "error.json"), run.name)
        assert error["error"] == ended["error"]
        self._check_words(run, ended, self._object(run, "error.json"))

    def succeeds(self, run: Run, release: dict[str, Any], message: str = "Approved") -> None:
        """Call the release back when it waits, wait for its end, and compare what it wrote with its document."""
        story = release["jiraStoryId"]
        self.owns(run, story)
        fails_at_validation = any(package.endswith("0") for package in release["packageIds"])
        if not fails_at_validation:
            self._approve(run, story, message)
        ended = run.ended()
        if fails_at_validation:
            assert (ended["status"], ended["error"]) == ("FAILED", "ValidationFailed"), _shown(ended)
            check_error(self._object(run, "error.json"), run.name)
            self._check_words(run, ended)
            return
        assert ended["status"] == "SUCCEEDED", _shown(ended)
        content = self._object(run, "result.json", "outputs")
        result = check_result(content, run.name)
        assert in_doubles({name: result[name] for name in release}) == in_doubles(release)
        assert result["callbackMessage"] == message
        self._check_words(run, ended, content)

    def succeeds_or_fails(self, run: Run, release: dict[str, Any], message: str) -> None:
        """As `succeeds`, but the release may also fail at any part, with its error on S3."""
        self.owns(run, release["jiraStoryId"])

        def decided() -> str | None:
            status = run.describe()["status"]
            is_waiting = "taskToken" in (run.item(release["jiraStoryId"]) or {})
            return "WAITING" if is_waiting else None if status == "RUNNING" else str(status)

        if eventually(decided, f"the wait or the end of {run.name}") != "FAILED":
            self.succeeds(run, release, message)
            return
        ended = run.ended()
        check_error(self._object(run, "error.json"), run.name)
        self._check_words(run, ended, self._object(run, "error.json"))

    def stopped(self, run: Run, story: str, error: str, cause: str) -> None:
        """Stop a release that waits; the text must arrive unchanged."""
        self.owns(run, story)
        self._see_token(run, story)
        self.world.client.stepfunctions.stop_execution(executionArn=run.arn, error=error, cause=cause)
        ended = run.ended()
        assert (ended["status"], ended["error"], ended["cause"]) == ("ABORTED", error, cause)
        content = self._object(run, "error.json")
        told = check_error(content, run.name)
        assert (told["error"], told["cause"], told["jiraStoryId"]) == (error, cause, story)
        self._check_words(run, ended, content)

    def _approve(self, run: Run, story: str, message: str) -> None:
        self._see_token(run, story)
        body = {"jiraStoryId": story, "message": message}
        answer = self.world.client.call_back(body, token=self.token)
        assert (answer.code, answer.status, answer.body["executions"]) == (200, "resumed", [run.name]), answer

    def _see_token(self, run: Run, story: str) -> None:
        def token() -> str | None:
            described = run.describe()
            assert described["status"] == "RUNNING", _shown(described)
            return ((run.item(story) or {}).get("taskToken") or {}).get("S")

        self.world.hides(eventually(token, f"the wait of {run.name}"))

    def _object(self, run: Run, file: str, place: str = "logs") -> bytes:
        key = f"{place}/{folder(run.name)}/{file}"
        return eventually(lambda: self.world.client.object(key), f"writing {key}")

    def _check_words(self, run: Run, ended: dict[str, Any], *contents: bytes) -> None:
        def plain() -> bytes | None:
            # The state machine's own log is JSON; the recorder's, which replaces it, is not.
            log = self._object(run, "execution.log")
            return None if log.startswith(b'"') else log

        log = eventually(plain, f"the log of {run.name}").decode()
        check_log(log, run.name)
        said = [ended.get("cause") or "", ended.get("output") or "", log, *(content.decode() for content in contents)]
        for text in said:
            check_text(text, self.world.secrets)


def _shown(described: dict[str, Any]) -> str:
    kept = {name: described.get(name) for name in ("status", "error", "cause", "name")}
    return json.dumps(kept)[:1000]
