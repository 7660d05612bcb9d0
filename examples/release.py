"""A release that waits for its Jira story, and continues when the story is done."""

import json
import urllib.request
from pathlib import Path
from typing import Any

from examples.printing import PATIENCE_SECONDS, DemoError, Progress, bill, say, title, wait
from ops.history import states as history
from sandbox.embedded import Aws

HERE = Path(__file__).parent


def show(aws: Aws) -> None:
    """Run the release of examples/workflow-input.json.

    Raises:
        DemoError: it ended in an unexpected way.
    """
    title("Release: three APIs, then a Jira story, then the result")
    bucket = aws.outputs["s3_bucket_name"]
    document = (HERE / "workflow-input.json").read_bytes()
    story = json.loads(document)["jiraStoryId"]
    aws.client("s3").put_object(Bucket=bucket, Key="inputs/workflow-input.json", Body=document)
    say(f"put inputs/workflow-input.json into {bucket}")

    stepfunctions = aws.client("stepfunctions")
    execution = stepfunctions.start_execution(
        stateMachineArn=aws.outputs["state_machine_alias_arn"],
        input=(HERE / "execution-input.json").read_text(encoding="utf-8"),
    )["executionArn"]
    name = execution.rsplit(":", 1)[1]
    say(f"started execution {name}\n")

    progress = Progress()

    def is_waiting() -> bool:
        progress.update(history.read(stepfunctions, execution))
        return "Await story" in progress.entered and _has_token(aws, story, name)

    wait(f"the wait for {story}", is_waiting)
    say(f"\nThe execution waits for {story}. Jira says that the story is done:")
    say(f"POST {aws.outputs['callback_api_endpoint']}")
    status, answer = _call_back(aws, {"jiraStoryId": story, "message": "Approved by QA", "status": "done"})
    say(f"{status} {answer}\n")
    if (status, answer["status"]) != (200, "resumed"):
        raise DemoError(f"the callback was answered with {status} {answer}")

    def has_ended() -> bool:
        progress.update(history.read(stepfunctions, execution))
        return bool(stepfunctions.describe_execution(executionArn=execution)["status"] != "RUNNING")

    wait("the end of the release", has_ended)
    ended = stepfunctions.describe_execution(executionArn=execution)
    if ended["status"] != "SUCCEEDED":
        raise DemoError(f"the release ended as {ended['status']}: {ended.get('error')}: {ended.get('cause')}")
    results, logs = aws.outputs["s3_output_prefix"], aws.outputs["s3_log_prefix"]
    for key in (f"{results}{name}/result.json", f"{logs}{name}/execution.log"):
        title(f"s3://{bucket}/{key}")
        body = aws.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()
        print(json.dumps(json.loads(body), indent=2) if key.endswith(".json") else body.rstrip())
    bill(history.read(stepfunctions, execution))


def _has_token(aws: Aws, story: str, execution: str) -> bool:
    item = aws.client("dynamodb").get_item(
        TableName=aws.outputs["dynamodb_table_name"],
        Key={"jiraStoryId": {"S": story}, "executionName": {"S": execution}},
        ConsistentRead=True,
    )["Item"]
    return "taskToken" in item


def _call_back(aws: Aws, body: dict[str, str]) -> tuple[int, dict[str, Any]]:
    secret = aws.client("secretsmanager").get_secret_value(SecretId=aws.outputs["secrets_manager_arn"])
    token = json.loads(secret["SecretString"])["callback"]
    # The endpoint is the sandbox's own, on this machine.
    request = urllib.request.Request(  # noqa: S310
        aws.outputs["callback_api_endpoint"],
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:  # noqa: S310
        return response.status, json.load(response)
