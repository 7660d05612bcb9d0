"""Releases that wait while their stack is updated: each resumes, with the version that it began with."""

import json

from tests.e2e.before import stack_of_before
from tests.e2e.client import Client, document, done, story

RELEASES, RELEASES_AT_LENGTH = 3, 50


def test_releases_of_the_version_before_resume_after_the_update(breakable: Client, at_length: bool) -> None:
    keys = [story() for _ in range(RELEASES_AT_LENGTH if at_length else RELEASES)]
    resumed = story()
    with stack_of_before(breakable) as before:
        runs = {
            key: breakable.start_with({"inputFile": breakable.put(document(key))}, by="state_machine_arn")
            for key in (*keys, resumed)
        }
        for key, run in runs.items():
            run.waiting(key)
        assert breakable.call_back(done(resumed)).status == "resumed"
        assert runs[resumed].ended()["status"] == "SUCCEEDED"

        before.update()
        before.delete_role()
        # What docs/deploy.md says of an update that replaces a role.
        before.create_role()

        assert [breakable.call_back(done(key)).status for key in keys] == ["resumed"] * len(keys)
        assert breakable.call_back(done(resumed)).status == "already-resumed"
        for key in keys:
            assert runs[key].ended()["status"] == "SUCCEEDED"
            assert runs[key].result()["jiraStoryId"] == key
        used = breakable.stepfunctions.describe_state_machine_for_execution(executionArn=runs[keys[0]].arn)
        assert json.loads(used["definition"]) == before.definition
    _runs_by_the_alias(breakable)


def _runs_by_the_alias(client: Client) -> None:
    key = story()
    run = client.start(document(key))
    run.waiting(key)
    assert client.call_back(done(key)).status == "resumed"
    ended = run.ended()
    assert ended["status"] == "SUCCEEDED"
    assert ended["stateMachineAliasArn"] == client.outputs["state_machine_alias_arn"]
    assert ended["stateMachineVersionArn"].startswith(f"{client.outputs['state_machine_arn']}:")
