"""Runbooks: one for every alarm, with valid commands and names."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import typer.main
from botocore import xform_name

from handlers.sweeper.reminders import RUNBOOK as REMINDER_RUNBOOK
from ops.__main__ import app
from tests.unit.recorded_program import ROOT, outputs, recorded
from tests.unit.test_program_config import CHANGES

RUNBOOKS = ROOT / "docs" / "runbooks"
INDEX = RUNBOOKS / "README.md"
PAGES = sorted(path for path in RUNBOOKS.glob("*.md") if path != INDEX)
SECTIONS = ["What you see", "Likely causes", "What to do", "How to be sure"]
MAX_LINES = 70
"""The longest runbook, because its readers are in a hurry."""

GLOBAL_OPTIONS = {"query", "output", "max-items", "page-size"}
"""https://docs.aws.amazon.com/cli/latest/reference/"""

RENAMED_OPTIONS = {("sns", "subscribe"): {"notification-endpoint"}}
"""Options that the AWS CLI calls otherwise than the API its parameters."""

OWN_COMMANDS = {("s3", "cp"), ("logs", "tail")}
"""Commands that the AWS CLI makes up itself, without an operation of that name."""


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _ids(path: Path) -> str:
    return path.stem


def _alarms() -> dict[str, str]:
    """Return every alarm's name after the stack's, and its description."""
    alarms = [each.inputs for each in recorded("dev").all("cloudwatch/metricAlarm:MetricAlarm")]
    return {alarm["name"].removeprefix("holdpoint-dev-"): alarm["alarmDescription"] for alarm in alarms}


def _patterns(page: Path) -> list[str]:
    """Return the names in the page's line `Alarm:` as regular expressions; `<name>` matches any word."""
    (line,) = re.findall(r"^Alarms?: (.*)$", _text(page), re.MULTILINE) or [""]
    names = re.findall(r"`<stack>-([^`]+)`", line)
    return [re.sub("<[a-z]+>", "[a-z-]+", name) for name in names]


def _commands(path: Path, program: str) -> Iterator[str]:
    """Return the commands of a program in code, without the program's name."""
    text = _text(path).replace("\\\n", " ")
    for code in (*re.findall(r"```bash\n(.*?)```", text, re.DOTALL), *re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)):
        for line in code.splitlines():
            yield from re.findall(rf"(?:^|\$\(){program} ([^#]+?)(?=\s+#|\)\"?$|$)", line.strip())


def test_every_alarm_has_a_page_and_every_page_an_alarm() -> None:
    named = {page: _patterns(page) for page in PAGES}
    for alarm, description in _alarms().items():
        (page,) = re.findall(r"Runbook: (\S+)$", description)
        # The services of the orders are functions, and have a page of their own.
        pages = [each for each, patterns in named.items() if any(re.fullmatch(pattern, alarm) for pattern in patterns)]
        assert ROOT / page in pages, f"{page} does not name {alarm}"
        assert len(pages) == 1 or alarm.startswith("services-"), f"{alarm} has several pages: {pages}"
    for page, patterns in named.items():
        for pattern in patterns:
            assert any(re.fullmatch(pattern, alarm) for alarm in _alarms()), f"{page.name}: no alarm is like {pattern}"


def test_alarms_carry_the_url_of_their_page() -> None:
    url = "https://git.example.com/holdpoint/blob/main/docs/runbooks"
    alarms = recorded("dev", runbookBaseUrl=f"{url}/").all("cloudwatch/metricAlarm:MetricAlarm")
    for alarm in alarms:
        (page,) = re.findall(r"Runbook: (\S+)$", alarm.inputs["alarmDescription"])
        assert (RUNBOOKS / page.removeprefix(f"{url}/")).is_file()


def test_the_reminder_names_its_page() -> None:
    assert (ROOT / REMINDER_RUNBOOK).is_file()


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_page_is_short_and_has_the_required_sections(page: Path) -> None:
    text = _text(page)
    assert re.match(r"# .+\n\n(Alarms?: `|No alarm|There is no separate alarm)", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    assert len(text.splitlines()) <= MAX_LINES
    assert "python -m ops " in text or page.stem in ("dependencies-missing", "no-alarm-arrives", "execution-throttled")


def test_index_links_every_page_once() -> None:
    linked = re.findall(r"^\|.*\]\(([a-z0-9-]+\.md)\) \|$", _text(INDEX), re.MULTILINE)
    assert sorted(linked) == [page.name for page in PAGES]
    for page in (*PAGES, INDEX):
        for link in re.findall(r"\]\(([^)#]+)\)", _text(page)):
            assert (page.parent / link).is_file(), f"{page.name} links {link}"


def test_the_index_names_the_alarms_as_their_pages_do() -> None:
    rows = re.findall(r"^\| (`<stack>.*?) \|.*\]\(([a-z0-9-]+\.md)\) \|$", _text(INDEX), re.MULTILINE)
    told = {
        name: [re.sub("<[a-z]+>", "[a-z-]+", alarm) for alarm in re.findall(r"`<stack>-([^`]+)`", cell)]
        for cell, name in rows
    }
    assert told == {page.name: _patterns(page) for page in PAGES if _text(page).split("\n")[2].startswith("Alarm")}


@pytest.mark.parametrize("page", [*PAGES, INDEX], ids=_ids)
def test_commands_of_the_tool_exist(page: Path) -> None:
    known: Any = typer.main.get_command(app)
    for call in _commands(page, "python -m ops"):
        name, *words = call.split()
        assert name in known.commands, f"python -m ops {call}"
        options = {option for parameter in known.commands[name].params for option in parameter.opts}
        assert {word for word in words if word.startswith("-")} <= options, f"python -m ops {call}"


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_aws_cli_calls_exist(page: Path) -> None:
    for call in _commands(page, "aws"):
        service, command, *words = call.split()
        if (service, command) in OWN_COMMANDS:
            continue
        options = {word[2:] for word in words if re.fullmatch(r"--[a-z-]+", word)}
        renamed = RENAMED_OPTIONS.get((service, command), set())
        assert options <= _parameters(service, command) | GLOBAL_OPTIONS | renamed, f"aws {call}"


@pytest.mark.parametrize("page", [*PAGES, INDEX], ids=_ids)
def test_outputs_and_configuration_keys_exist(page: Path) -> None:
    text = _text(page)
    assert set(re.findall(r"(?:\$\(|`)out ([a-z_0-9]+)", text)) <= outputs("dev").keys()
    keys = re.findall(r"pulumi config set (?:--path ')?([A-Za-z]+)", text)
    assert set(keys) <= CHANGES.keys()
    # A word in code that is written as a key is one.
    camel = set(re.findall(r"`([a-z]+(?:[A-Z][a-z]+)+)`", text))
    assert camel <= CHANGES.keys() | _attributes(), f"{page.name}: {camel - CHANGES.keys() - _attributes()}"


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_saved_queries_exist(page: Path) -> None:
    saved = [
        each.inputs["name"].split("/")[1] for each in recorded("dev").all("cloudwatch/queryDefinition:QueryDefinition")
    ]
    for told in re.findall(r"Saved quer(?:y|ies): ((?:\*[^*]+\*[,. \n]*)+)", _text(page)):
        for name in re.findall(r"\*([^*]+)\*", told):
            assert any(each.startswith(" ".join(name.split())) for each in saved), name


def test_every_saved_query_is_mentioned() -> None:
    told = " ".join(" ".join(_text(page).split()) for page in PAGES)
    for each in recorded("dev").all("cloudwatch/queryDefinition:QueryDefinition"):
        name = each.inputs["name"].split("/")[1].split(" (put")[0]
        assert f"*{name}*" in told, name


def _attributes() -> set[str]:
    """Return the attributes of the tables, which the pages write like outputs."""
    tables = recorded("dev").all("dynamodb/table:Table")
    more = {"taskToken", "callbackId", "resumedAt", "endedAt", "endReason", "remindedAt"}
    return {attribute["name"] for table in tables for attribute in table.inputs["attributes"]} | more


@functools.cache
def _parameters(service: str, command: str) -> set[str]:
    """Return the options of a CLI command: the parameters of the operation, in the CLI's spelling."""
    model = botocore.session.get_session().get_service_model({"s3api": "s3"}.get(service, service))
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    assert command in operations, f"aws {service} {command}"
    shape: Any = model.operation_model(operations[command]).input_shape
    return {xform_name(name, "-") for name in shape.members} if shape else set()
