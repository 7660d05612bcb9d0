"""The recipes of docs/adapt.md, applied in sequence to a copy of the project, tested and run."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.config_errors import ConfigError
from components.settings import Settings
from sandbox.stack import load
from tests.e2e import recipes, stub_apis
from tests.e2e.client import Client, Run, document, eventually, story
from tests.e2e.stub_apis import StubApis
from tests.stacks import sandbox

pytestmark = pytest.mark.xdist_group("recipes")

ITS_OWN_TESTS = (
    *("tests/unit/asl/release/test_workflow.py", "tests/unit/asl/test_machines.py", "tests/unit/asl/test_stocktake.py"),
    *("tests/unit/components/test_release.py", "tests/unit/components/test_api_settings.py"),
    *("tests/unit/handlers/test_authenticate.py", "tests/unit/tools/docs/test_openapi.py"),
    "tests/unit/components/test_orders.py",
    "tests/unit/test_program.py::test_outputs_are_those_of_the_contract[dev]",
)
"""Those that the page names, and that are quick."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project with every recipe in it."""
    folder = tmp_path_factory.mktemp("adapted") / "holdpoint"
    recipes.follow_all(folder)
    return folder


@pytest.fixture(scope="module")
def apis() -> Iterator[StubApis]:
    """Return the security API."""
    with stub_apis.serve() as running:
        yield running


@pytest.fixture(scope="module")
def adapted(project: Path, apis: StubApis) -> Iterator[Client]:
    """Return the stack of the changed program, with the APIs of the changed stack's file."""
    recipes.bundle_with_packages_of_ours(project)
    listed = [
        {**api, "url": f"{apis.url}/{api['name']}"} if "url" in api else api
        for api in json.loads(load(project, "prod", encrypted="").config["holdpoint:apis"])
    ]
    config = {"apis": json.dumps(listed), "apiTokens": json.dumps({"security": "s3cr3t"})}
    with sandbox({"environment": "adapted", **config}, root=project) as client:
        yield client


def test_every_recipe_applies_and_passes_lint(project: Path) -> None:
    recipes.run(project, "-m", "ruff", "check", ".")
    recipes.run(project, "-m", "ruff", "format", "--check", ".")
    recipes.run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/unit/test_house.py", "-k", "too_long")


def test_fourth_api_needs_only_its_token(project: Path) -> None:
    def read(**tokens: str) -> Settings:
        pulumi.runtime.set_all_config(dict(load(project, "prod", {"apiTokens": tokens}).config))
        return Settings.load()

    pulumi.runtime.settings.configure(pulumi.runtime.settings.Settings(project="holdpoint", stack="prod"))
    with pytest.raises(ConfigError, match=r"holdpoint:apiTokens\.security is missing"):
        read()
    api = read(security="s3cr3t").apis[-1]
    assert (api.name, api.required, api.timeout_seconds) == ("security", True, 20)


@pytest.mark.soak
def test_changed_copy_passes_its_own_tests(project: Path) -> None:
    recipes.run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", *ITS_OWN_TESTS)


@pytest.mark.soak
def test_a_review_resumes_a_release_of_four_apis_whose_end_is_announced(adapted: Client) -> None:
    heard = _subscribe(adapted, adapted.outputs["released_topic_arn"])
    named = story()
    run = adapted.start(document(named))
    run.waiting(named)
    review = {"action": "approved", "comment": "Good", "workflow_run": {"display_title": f"{named}: checkout"}}
    body = json.dumps(review).encode()
    signed = {"X-Hub-Signature": "sha1=0", "X-Hub-Signature-256": adapted.sign(body)["X-Hub-Signature"]}
    assert adapted.call_back(body, headers=signed).status == "resumed"
    assert run.ended()["status"] == "SUCCEEDED"
    assert [each["api"] for each in run.result()["parallelResults"]] == [
        *("validation", "deployment", "notification", "security")
    ]
    assert run.result()["callbackMessage"] == f"{named} was approved: Good"
    assert eventually(heard, "the announcement")["jiraStoryId"] == named


@pytest.mark.soak
def test_an_unsafe_package_stops_the_release(adapted: Client, apis: StubApis) -> None:
    key = story()
    apis.answer("security", key, (200, {"status": "FAILED", "message": "not safe"}))
    assert adapted.start(document(key)).ended()["error"] == "SecurityFailed"
    (call,) = apis.called("security", key)
    assert call.headers["Authorization"] == "Bearer s3cr3t"


@pytest.mark.soak
@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"productId": "PROD005", "counted": 7}, None),
        ({"productId": "PROD999", "counted": 7}, "UnknownProduct"),
        ({"productId": "PROD005", "counted": -1}, "InvalidInput"),
    ],
)
def test_stocktake_sets_the_stock(adapted: Client, given: dict[str, Any], error: str | None) -> None:
    arn = adapted.stepfunctions.start_execution(
        stateMachineArn=adapted.outputs["stocktake_state_machine_arn"], input=json.dumps(given)
    )["executionArn"]
    run = Run(adapted, arn)
    assert run.ended().get("error") == error
    if error:
        assert run.error()["error"] == error
        return
    shelf = adapted.outputs["inventory_table_name"]
    item = adapted.dynamodb.get_item(TableName=shelf, Key={"productId": {"S": given["productId"]}})["Item"]
    assert item["available"] == {"N": "7"}


def test_tests_named_by_the_page_exist(project: Path) -> None:
    page = recipes.PAGE.read_text(encoding="utf-8")
    prose = "".join(page.split("```")[::2])
    tests = {word.strip("`:") for word in prose.split() if word.startswith("`test_") and not word.endswith(".py`")}
    texts = "".join(path.read_text(encoding="utf-8") for path in (project / "tests").rglob("test_*.py"))
    assert tests
    assert [name for name in tests if f"def {name.split('`')[0]}(" not in texts] == []
    files = {word.strip("`:,;") for word in prose.split() if word.startswith("`tests/") and "*" not in word}
    assert [file for file in files if not (project / file.split("`")[0]).exists()] == []


def _subscribe(client: Client, topic: str) -> Any:
    """Subscribe a queue to the topic; return a function that reads its next message."""
    sqs = client.aws("sqs")
    url = sqs.create_queue(QueueName="announcements")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    client.aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def look() -> dict[str, Any] | None:
        messages = sqs.receive_message(QueueUrl=url).get("Messages")
        return dict(json.loads(json.loads(messages[0]["Body"])["Message"])) if messages else None

    return look
