"""The settings `apis` and `apiTokens`: the web APIs that a release calls, and their tokens."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from math import ceil
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from asl.call_policy import CallPolicy
from asl.http_tasks import MAX_HTTP_CALL_TIMEOUT_SECONDS
from asl.release.targets import API_MAX_ATTEMPTS, API_RETRY_INTERVAL_SECONDS, API_TIMEOUT_SECONDS
from asl.states import BACKOFF_RATE
from components.call_settings import BackoffRate, RetryInterval
from components.mock_apis import MOCKS
from components.setting_types import Integer, as_scalar
from components.tokens import BEARER, CONNECTION_VALUE_LENGTH, MAX_GIVEN_TOKEN_LENGTH
from facts import STACK_TOKENS

MAX_APIS = 10
"""More APIs would not fit into the policy of the role that calls them, nor their results into 256 KiB."""

MAX_NAME_LENGTH = 20
"""A connection's name has 64 characters at most: the stack's prefix, `-release-` and the API's name.
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html"""

MAX_URLS_LENGTH = 4_000
"""Characters of all URLs together: the policies of a role hold 10,240 characters, and name every URL.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

MAX_RETRIES = 10

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

_URL = re.compile(r"[A-Za-z0-9._~:/\[\]@!$&'()*+,;=%-]*")
"""The characters of a URL without query and fragment. https://www.rfc-editor.org/rfc/rfc3986#section-2"""

_TOKEN = re.compile(r"[!-9;-~]+")
"""A connection refuses colons and control characters: the shape AuthHeaderParametersSensitive.
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnectionApiKeyAuthRequestParameters.html"""


def _is_api_url(url: str) -> str:
    """Return whether Step Functions can call the URL: HTTPS only, except the sandbox's loopback interface."""
    parts = urlsplit(url)
    is_callable = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))
    if url and not (is_callable and parts.hostname):
        raise ValueError("must be a URL with https:// (Step Functions calls nothing else), or empty for the mock")
    if "?" in url or "#" in url:
        raise ValueError("must be a URL without query (?) and fragment (#): IAM compares it as a whole")
    if not _URL.fullmatch(url):
        raise ValueError("must be a URL without blanks and with everything but ASCII written as %XX")
    if parts.username is not None:
        raise ValueError("must be a URL without a user's name, which every reader of the state machine would see")
    _ = parts.port  # Raises ValueError for an invalid port.
    return url


def _is_name(name: str) -> str:
    if not _NAME.fullmatch(name) or len(name) > MAX_NAME_LENGTH:
        raise ValueError(
            "must begin with a lower-case letter and have lower-case letters, digits and single hyphens between them, "
            f"{MAX_NAME_LENGTH} characters at most"
        )
    if name in STACK_TOKENS:
        raise ValueError("must be another name: the secret has a token of the stack's own under it")
    return name


def _fits_into_a_connection(token: str) -> str:
    """Return whether the token fits into a connection: EventBridge stores it as a header with the scheme."""
    if len(token) > MAX_GIVEN_TOKEN_LENGTH:
        raise ValueError(
            f"must have {MAX_GIVEN_TOKEN_LENGTH} characters at most: an EventBridge connection takes "
            f"{CONNECTION_VALUE_LENGTH}, with {BEARER!r} before the token"
        )
    if not _TOKEN.fullmatch(token):
        raise ValueError(
            "must not be empty, and have no blank, no colon and only ASCII: an EventBridge connection takes no other"
        )
    return token


def _as_text(value: Any) -> Any:
    """Return a number as text again: `pulumi config set --path` converts a value of digits, unless it is secret."""
    return str(value) if type(value) is int else value


ApiToken = Annotated[str, BeforeValidator(_as_text), AfterValidator(_fits_into_a_connection)]
ApiTokens = Annotated[dict[str, ApiToken], Field(repr=False)]
"""Tokens by the API's name."""


class ApiSettings(BaseModel):
    """One item of `apis`. Pulumi.yaml cannot declare the fields of an object, so their defaults are here."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, strict=True)

    name: Annotated[str, AfterValidator(_is_name)]
    url: Annotated[str, AfterValidator(_is_api_url)] = ""
    required: Annotated[bool, BeforeValidator(as_scalar)] = True
    timeout_seconds: Annotated[Integer, Field(ge=1, le=MAX_HTTP_CALL_TIMEOUT_SECONDS)] = API_TIMEOUT_SECONDS
    max_attempts: Annotated[Integer, Field(ge=0, le=MAX_RETRIES)] = API_MAX_ATTEMPTS
    retry_interval_seconds: RetryInterval = API_RETRY_INTERVAL_SECONDS
    backoff_rate: BackoffRate = BACKOFF_RATE
    resource_configuration_arn: Annotated[
        str, Field(pattern=r"^(arn:aws:vpc-lattice:.+:resourceconfiguration/rcfg-[0-9a-z]+)?$")
    ] = ""

    @property
    def calling(self) -> dict[str, Any]:
        """Return how the API is called, by the field names of `asl.release.targets.Api`."""
        return self.model_dump(exclude={"name", "url", "resource_configuration_arn"})

    @property
    def longest_seconds(self) -> int:
        """Return the longest time that a release can spend on the API: every retry, and every wait before one."""
        policy = self.model_dump(include={"timeout_seconds", "max_attempts", "retry_interval_seconds", "backoff_rate"})
        return ceil(CallPolicy(**policy).longest_seconds)


Apis = Annotated[list[ApiSettings], Field(min_length=1, max_length=MAX_APIS)]


def problems(apis: Sequence[ApiSettings], tokens: Mapping[str, str], *, has_mocks: bool) -> Iterator[str]:
    """Yield the problems of APIs and tokens in combination: the key, the mistake, and the command that corrects it."""
    names, urls = [api.name for api in apis], [_comparable(api.url) for api in apis]
    for index, api in enumerate(apis):
        at, same_name, same_url = f"apis[{index}]", names.index(api.name), urls.index(urls[index])
        if same_name < index:
            yield (
                f"{at}.name is {api.name!r}, as that of apis[{same_name}]: give each API a name of its own by "
                f"pulumi config set --path '{at}.name' <name>"
            )
        if api.url and same_url < index:
            yield (
                f"{at}.url is {api.url!r}, as that of apis[{same_url}]: give each API a URL of its own by "
                f"pulumi config set --path '{at}.url' <url>"
            )
        if not api.url and not (has_mocks and api.name in MOCKS):
            which = (
                f"there are mocks of {', '.join(MOCKS)} only" if has_mocks else "without mockApis there are no mocks"
            )
            yield (
                f"{at}.url is missing: {which}, so give the API {api.name} its URL "
                f"by pulumi config set --path '{at}.url' <url>"
            )
        if api.resource_configuration_arn and not api.url:
            yield (
                f"{at}.resourceConfigurationArn is for an API with a url, the name within the private network: "
                f"give that by pulumi config set --path '{at}.url' <url>"
            )
        if api.url and api.name not in tokens:
            yield (
                f"apiTokens.{api.name} is missing: the API {api.name} has a URL and is called with a token, so give it "
                f"by pulumi config set --secret --path 'apiTokens.{api.name}' <token>"
            )
    for name in tokens:
        if name not in names:
            close = get_close_matches(name, names, n=1)
            meant = f": did you mean apiTokens.{close[0]}?" if close else f" ({', '.join(names)})."
            yield (
                f"apiTokens.{name} names no API of apis{meant} Remove it by pulumi config rm --path 'apiTokens.{name}'"
            )
    length = sum(len(api.url) for api in apis)
    if length > MAX_URLS_LENGTH:
        yield (
            f"apis has URLs of {length} characters together: {MAX_URLS_LENGTH} at the most, because the policy of the "
            "role that calls them names each. Shorten them by pulumi config set --path 'apis[0].url' <url>"
        )


def _comparable(url: str) -> str:
    """Normalize a URL for comparison: scheme and host ignore case, the rest does not."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.lower()).geturl()
