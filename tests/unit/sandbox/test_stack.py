"""The configuration of a stack: defaults, stack file, overrides, and errors."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import sandbox
from sandbox.command_line import DEFAULT_PORT
from sandbox.resource_types import TYPES
from sandbox.stack import StackError, load

EVERY_TYPE = Path(__file__).parent / "programs" / "every_type"


def test_stack_file_wins_over_defaults_and_overrides_win_over_both() -> None:
    stack = load(EVERY_TYPE, "dev", {"delaySeconds": "3", "everything:verbose": True})
    assert stack.project == "everything"
    assert stack.config["everything:title"] == "1.50"
    assert json.loads(stack.config["everything:statuses"]) == ["Done", "Closed"]
    assert stack.config["everything:delaySeconds"] == "3"
    assert stack.config["everything:verbose"] == "true"
    assert stack.config["aws:region"] == "us-east-1"


def test_default_tags_are_read_from_the_stack_file() -> None:
    assert load(EVERY_TYPE, "dev").default_tags == {"Project": "everything"}


def test_list_override_is_json() -> None:
    stack = load(EVERY_TYPE, "dev", {"statuses": '["Approved"]'})
    assert json.loads(stack.config["everything:statuses"]) == ["Approved"]


def test_text_override_stays_text() -> None:
    assert load(EVERY_TYPE, "dev", {"title": "007"}).config["everything:title"] == "007"


@pytest.mark.parametrize("name", ["dev", "staging", "prod", "local"])
def test_every_stack_of_this_project_loads(name: str) -> None:
    assert load(sandbox.ROOT, name, encrypted="not-read").config["holdpoint:environment"] == name


def test_unknown_stack_names_those_that_exist() -> None:
    with pytest.raises(StackError, match=r"no stack 'qa' \(Pulumi.qa.yaml is missing\); there are: dev, secret"):
        load(EVERY_TYPE, "qa")


def test_secure_value_is_reported_with_a_fix() -> None:
    with pytest.raises(StackError, match=r"everything:title in Pulumi.secret.yaml is encrypted.*--config"):
        load(EVERY_TYPE, "secret")


def test_encrypted_value_may_be_replaced(tmp_path: Path) -> None:
    _stack_file(tmp_path, "title: {secure: v1:x}", "names: [{secure: v1:y}]")
    given = load(tmp_path, "dev", {"title": "given", "names": '["a"]'}).config
    assert (given["small:title"], given["small:names"]) == ("given", '["a"]')
    stood_in = load(tmp_path, "dev", encrypted="hidden").config
    assert (stood_in["small:title"], stood_in["small:names"]) == ("hidden", '["hidden"]')


def test_unknown_key_of_another_namespace_names_the_known_ones() -> None:
    with pytest.raises(StackError, match=r"other:delay is not a known key; .*delaySeconds, statuses"):
        load(EVERY_TYPE, "dev", {"other:delay": "1"})


def test_undeclared_key_of_the_project_goes_to_the_program() -> None:
    # As in the engine, which checks declared keys alone; a program that knows its keys says more than their names.
    assert load(EVERY_TYPE, "dev", {"delay": "1"}).config["everything:delay"] == "1"


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        ("delaySeconds", "soon", "integer"),
        ("delaySeconds", "1.5", "integer"),
        ("delaySeconds", True, "integer"),
        ("verbose", "yes", "boolean"),
        ("statuses", "Done", "array"),
    ],
)
def test_value_of_the_wrong_type_is_named(key: str, value: object, kind: str) -> None:
    with pytest.raises(StackError, match=f"everything:{key} is .*: it must be of type {kind}"):
        load(EVERY_TYPE, "dev", {key: value})


SCHEMA = """
name: small
config:
  seconds: {type: integer, default: 1}
  verbose: {type: boolean, default: false}
  title: {type: string, default: a}
  names: {type: array, items: {type: string}, default: []}
  tokens: {type: object, default: {}}
"""


def _stack_file(folder: Path, *lines: str) -> None:
    (folder / "Pulumi.yaml").write_text(SCHEMA)
    (folder / "Pulumi.dev.yaml").write_text("\n".join(["config:", *(f"  small:{line}" for line in lines)]))


def test_scalars_are_read_as_pulumi_config_set_writes_them(tmp_path: Path) -> None:
    _stack_file(tmp_path, 'seconds: "512"', 'verbose: "true"', 'title: "007"')
    config = load(tmp_path, "dev").config
    assert (config["small:seconds"], config["small:verbose"], config["small:title"]) == ("512", "true", "007")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('seconds: "soon"', "'soon': it must be of type integer"),
        ('verbose: "512"', "512: it must be of type boolean"),
        ("names: '[\"Done\"]'", "it must be of type array .pulumi config set --path 'key.0.' value"),
        ("tokens: open-sesame", "small:tokens is not of type object .pulumi config set --path 'key.name' value"),
    ],
)
def test_text_of_another_type_in_a_stack_file_is_refused(tmp_path: Path, line: str, said: str) -> None:
    _stack_file(tmp_path, line)
    with pytest.raises(StackError, match=said):
        load(tmp_path, "dev")


def test_missing_value_is_named(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: small\nconfig:\n  owner:\n    type: string\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    with pytest.raises(StackError, match=r"small:owner is missing: give it in Pulumi.dev.yaml or by --config"):
        load(tmp_path, "dev")


def test_folder_without_a_project_says_so(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"Pulumi.yaml is missing: run this in the folder of the Pulumi project"):
        load(tmp_path, "dev")


def test_real_provider_is_led_to_the_sandbox_for_every_service_that_it_calls() -> None:
    (endpoints,) = json.loads(load(sandbox.ROOT, "local").config["aws:endpoints"])
    # Pulumi's module -> the provider's services: CloudWatch's module holds three, and a bucket's tags are S3 Control's.
    several = {"cloudwatch": {"cloudwatch", "events", "logs"}, "s3": {"s3", "s3control"}}
    modules = {token.split(":")[1].split("/")[0] for token in TYPES if token.startswith("aws:")}
    services = {service for module in modules for service in several.get(module, {module})}
    assert services | {"sts"} == set(endpoints)
    assert {urlsplit(url).port for url in endpoints.values()} == {DEFAULT_PORT}


@pytest.mark.parametrize("region", ["eu-west-1", "us-west-2"])
def test_another_region_is_refused(region: str) -> None:
    with pytest.raises(StackError, match=f"aws:region is {region}: the sandbox has us-east-1 only"):
        load(EVERY_TYPE, "dev", {"aws:region": region})
