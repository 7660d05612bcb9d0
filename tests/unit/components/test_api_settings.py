"""The configuration of the APIs: accepted values, and the error for each mistake."""

import json
from typing import Any

import pulumi
import pytest

from components.api_settings import MAX_APIS, MAX_NAME_LENGTH, MAX_URLS_LENGTH
from components.config_errors import ConfigError
from components.settings import Settings
from sandbox.stack import load
from tests.unit.components.test_settings import ROOT, configure

URL = "https://api.example.com/v1"
MOCKED = [{"name": "validation"}, {"name": "deployment"}]


def said(**config: Any) -> str:
    """Return the error of an invalid configuration."""
    configure(**config)
    with pytest.raises(ConfigError) as caught:
        Settings.load()
    return str(caught.value)


def _of_first(**field: Any) -> str:
    """Return the error for a configuration whose first API has this field."""
    return said(apis=[{"name": "validation", **field}])


def test_default_is_three_apis_with_mocks() -> None:
    configure()
    apis = {api.name: api for api in Settings.load().apis}
    assert [(name, api.url, api.required) for name, api in apis.items()] == [
        ("validation", "", True),
        ("deployment", "", True),
        ("notification", "", False),
    ]
    assert [(api.timeout_seconds, api.retry_interval_seconds, api.max_attempts) for api in apis.values()] == [
        (45, 2, 3),
        (45, 3, 2),
        (45, 2, 3),
    ]


def test_fourth_api_needs_four_lines_and_a_token() -> None:
    security = {"name": "security", "url": URL, "required": False, "timeoutSeconds": 10}
    configure(apis=[*MOCKED, security], apiTokens={"security": "s3cr3t"})
    settings = Settings.load()
    assert settings.apis[2].model_dump(by_alias=True, exclude_unset=True) == security
    assert settings.api_tokens == {"security": "s3cr3t"}


def test_values_are_accepted_in_the_form_of_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    # Objects are JSON text, secret or not; a stack file may quote a scalar, and `pulumi config set --path` makes a
    # number of a value of digits.
    quoted = {"name": "security", "url": URL, "required": "false", "timeoutSeconds": "10", "maxAttempts": "0"}
    configure()
    pulumi.runtime.set_all_config({})
    config = {
        **load(ROOT, "dev").config,
        "holdpoint:apis": json.dumps([quoted]),
        "holdpoint:apiTokens": json.dumps({"security": 12345}),
    }
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(config))
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", json.dumps(["holdpoint:apiTokens"]))
    settings = Settings.load()
    (api,) = settings.apis
    assert (api.required, api.timeout_seconds, api.max_attempts) == (False, 10, 0)
    assert settings.api_tokens == {"security": "12345"}


@pytest.mark.parametrize(
    "url",
    ["https://api.example.com/v1/releases", "http://127.0.0.1:8080/x", "http://localhost:1/x", "https://[::1]/a~b"],
)
def test_valid_urls_are_accepted(url: str) -> None:
    configure(apis=[{"name": "validation", "url": url}], apiTokens={"validation": "t"})
    assert Settings.load().apis[0].url == url


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://api.example.com", "https://"),
        ("http://127.0.0.1.example.com", "https://"),
        ("https://", "https://"),
        ("api.example.com", "https://"),
        ("https://api.example.com/?tenant=1", "without query"),
        ("https://api.example.com/x?", "without query"),
        ("https://api.example.com/#top", "without query"),
        ("https://api.example.com/a b", "without blanks"),
        ("https://api.example.com/${aws:username}", "without blanks"),
        ("https://api.example.com:port/", "Port could not be cast"),
        (5, "valid string"),
    ],
)
def test_invalid_url_is_refused(url: Any, allowed: str) -> None:
    text = _of_first(url=url)
    assert f"holdpoint:apis[0].url is {url!r}: " in text
    assert allowed in text
    assert "pulumi config set --path 'apis[0].url' <value>" in text


def test_password_in_a_url_is_refused_and_not_shown() -> None:
    text = _of_first(url="https://user:open-sesame@api.example.com")
    assert "holdpoint:apis[0].url is (not shown): must be a URL without a user's name" in text
    assert "open-sesame" not in text


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("name", "Security", "lower-case"),
        ("name", "two words", "lower-case"),
        ("name", "-security", "lower-case"),
        ("name", "9lives", "lower-case"),
        ("name", "", "lower-case"),
        ("name", "a" * (MAX_NAME_LENGTH + 1), "20 characters at most"),
        ("name", "callback", "must be another name"),
        ("name", 7, "valid string"),
        ("required", "yes", "valid boolean"),
        ("required", 1, "valid boolean"),
        ("timeoutSeconds", 0, "greater than or equal to 1"),
        ("timeoutSeconds", 60, "less than or equal to 59"),
        ("timeoutSeconds", True, "valid integer"),
        ("timeoutSeconds", "soon", "valid integer"),
        ("maxAttempts", -1, "greater than or equal to 0"),
        ("maxAttempts", 11, "less than or equal to 10"),
        ("retryIntervalSeconds", 0, "greater than or equal to 1"),
        ("retryIntervalSeconds", 30, "less than or equal to 29"),
    ],
)
def test_error_of_a_bad_field_names_its_path_and_command(field: str, value: Any, allowed: str) -> None:
    (told,) = [line for line in _of_first(**{field: value}).splitlines() if f"holdpoint:apis[0].{field}" in line]
    assert f" is {value!r}: " in told
    assert allowed in told
    assert told.endswith(f"by pulumi config set --path 'apis[0].{field}' <value>")


@pytest.mark.parametrize(
    ("field", "way"),
    [
        ("timeoutSecond", "did you mean timeoutSeconds?"),
        ("colour", "(name, url, required, timeoutSeconds, maxAttempts, retryIntervalSeconds, backoffRate, "),
        ("token", "pulumi config set --secret --path 'apiTokens.<name>' <token>"),
    ],
)
def test_error_of_an_unknown_field_hides_its_value(field: str, way: str) -> None:
    text = _of_first(**{field: "open-sesame"})
    assert f"holdpoint:apis[0].{field} is no field of an API" in text
    assert way in text
    assert f"pulumi config rm --path 'apis[0].{field}'" in text
    assert "open-sesame" not in text


@pytest.mark.parametrize(
    ("apis", "allowed"),
    [
        ([], "at least 1 item"),
        ([{"name": f"api-{n}"} for n in range(MAX_APIS + 1)], "at most 10 items"),
        ({"name": "validation"}, "valid list"),
        ("validation", "valid list"),
    ],
)
def test_number_of_apis_is_one_to_ten(apis: Any, allowed: str) -> None:
    text = said(apis=apis)
    assert "holdpoint:apis is (not shown): " in text
    assert allowed in text
    assert "'<key>[0].<field>'" in text


@pytest.mark.parametrize("item", ["security", 5, None, []])
def test_api_must_be_an_object(item: Any) -> None:
    assert f"holdpoint:apis[0] is {item!r}: must be an object with the fields name, url" in said(apis=[item])


def test_list_that_skips_the_first_entries_is_refused() -> None:
    # What `pulumi config set --path 'apis[1].name' security` makes of a stack without a list.
    text = said(apis=[None, {"name": "security"}])
    assert "holdpoint:apis[0] is None: must be an object" in text
    assert "has to repeat it; by pulumi config set --path 'apis[0].name' <name>" in text


def test_api_without_a_name_is_refused() -> None:
    assert "holdpoint:apis[1].name is missing; by pulumi config set --path 'apis[1].name'" in said(
        apis=[{"name": "validation"}, {"url": URL}]
    )


def test_duplicate_names_and_urls_are_refused() -> None:
    apis = [{"name": "a", "url": URL}, {"name": "a", "url": "https://b.example.com"}, {"name": "c", "url": URL.upper()}]
    apis[2]["url"] = "https://API.example.com/v1"
    text = said(apis=apis, apiTokens={"a": "t", "c": "t"})
    assert "holdpoint:apis[1].name is 'a', as that of apis[0]" in text
    assert "pulumi config set --path 'apis[1].name' <name>" in text
    assert "holdpoint:apis[2].url is 'https://API.example.com/v1', as that of apis[0]" in text
    assert "pulumi config set --path 'apis[2].url' <url>" in text


def test_api_without_a_mock_needs_a_url() -> None:
    text = said(apis=[*MOCKED, {"name": "security"}])
    assert "holdpoint:apis[2].url is missing: there are mocks of validation, deployment, notification only" in text
    assert "pulumi config set --path 'apis[2].url' <url>" in text


def test_urls_too_long_for_the_policy_are_refused() -> None:
    half = "x" * (MAX_URLS_LENGTH // 2)
    apis = [{"name": name, "url": f"https://{name}.example.com/{half}"} for name in ("a", "b")]
    assert f"{MAX_URLS_LENGTH} at the most" in said(apis=apis, apiTokens={"a": "t", "b": "t"})


LATTICE = "arn:aws:vpc-lattice:us-east-1:123456789012:resourceconfiguration/rcfg-0a1b2c3d4e5f67890"


def test_private_api_has_a_url_and_a_resource_configuration() -> None:
    security = {"name": "security", "url": URL, "resourceConfigurationArn": LATTICE}
    configure(apis=[security], apiTokens={"security": "s3cr3t"})
    (api,) = Settings.load().apis
    assert api.resource_configuration_arn == LATTICE
    assert "resource_configuration_arn" not in api.calling
    assert "apis[0].resourceConfigurationArn is for an API with a url" in _of_first(resourceConfigurationArn=LATTICE)
    assert "apis[0].resourceConfigurationArn is 'rcfg-1'" in _of_first(resourceConfigurationArn="rcfg-1")
