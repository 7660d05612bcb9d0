"""The stack on which a command works, in a running sandbox or on AWS, described by its outputs."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ops.aws import features, local_endpoints, pulumi_stack, sandboxes
from ops.errors import TargetError

SECRET = "[secret]"  # noqa: S105 - what Pulumi prints instead of a secret
"""https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_output/"""

EXAMPLE_ACCOUNT = "123456789012"
"""The account of every sandbox, and of examples in AWS's documentation: nobody deploys to it."""

AWS_DOMAINS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")
"""https://docs.aws.amazon.com/general/latest/gr/rande.html"""

START = "Start one with `python -m sandbox up`, or name a stack on AWS by --stack, or its outputs by --outputs FILE"


@dataclass(frozen=True, kw_only=True)
class Target:
    """A deployed stack.

    Attributes:
        origin: its description for people, such as "the sandbox at http://..." or "the stack dev".
        outputs: the stack outputs, and for a sandbox also `endpoint_url` and `sandbox_pid`.
        endpoints: the services' endpoints by the provider's names, if not on AWS.
        partition, region, account: taken from its ARNs, so AWS_REGION need not be set.
    """

    origin: str
    outputs: Mapping[str, Any]
    endpoints: Mapping[str, str] = field(default_factory=dict)
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_sandbox(self) -> bool:
        """Return whether it is a sandbox on this machine."""
        return sandboxes.is_sandbox(self.outputs)

    @property
    def partition(self) -> str:
        """Return the partition of the ARNs, such as `aws`."""
        return self._arn[1]

    @property
    def region(self) -> str:
        """Return the region, such as `us-east-1`."""
        return self._arn[3]

    @property
    def account(self) -> str:
        """Twelve digits."""
        return self._arn[4]

    @property
    def _arn(self) -> list[str]:
        listed = self.outputs.get("workflows")
        first = str(listed[0]["arn"]) if isinstance(listed, list) and listed else self["state_machine_arn"]
        return first.split(":")

    def __getitem__(self, name: str) -> str:
        """Return a stack output.

        Raises:
            TargetError: the stack lacks it: its feature is switched off, an older program deployed it, or it is
                another program's.
        """
        value = self.outputs.get(name)
        if features.is_left_out(self.outputs, name) and self.outputs.get("state_machine_arn"):
            switch = features.feature(name)
            raise TargetError(
                f"{self.origin} was deployed without {switch}, so it has no {name}",
                f"Switch the feature on: pulumi config set {switch} true, then pulumi up",
            )
        if value is None:
            raise TargetError(
                f"{self.origin} has no output {name}",
                "Is it a Holdpoint stack, deployed by the program of this folder? `pulumi up` brings it up to date",
            )
        if value == SECRET:
            raise TargetError(
                f"{self.origin} hides its output {name}",
                "Write the outputs with `pulumi stack output --json --show-secrets` and name the file by --outputs",
            )
        return str(value)

    def client(self, service: str) -> Any:
        """Return a boto3 client, made on first use: for the sandbox, or for AWS with the environment's credentials.

        Raises:
            TargetError: the stack is in a sandbox whose endpoint is unknown.
        """
        if service not in self._clients:
            self._clients[service] = self._make(service)
        return self._clients[service]

    def _make(self, service: str) -> Any:
        from botocore.config import Config

        create: Callable[..., Any] = self._session.client  # its stubs know literal names only
        endpoint = self._endpoint(service)
        if endpoint is None:
            config = Config(retries={"mode": "standard", "total_max_attempts": 5}, connect_timeout=5, read_timeout=70)
            client = create(service, region_name=self.region, config=config)
            self._check_is_no_sandbox(client.meta.endpoint_url)
            return client
        return create(
            service,
            endpoint_url=endpoint,
            region_name=self.region,
            # Any credentials work, and real ones must not be sent there.
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",  # noqa: S106 - not a secret
            # Path style: a bucket's name cannot be a host's on this machine. And no proxy leads back to it.
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 2}, proxies={}),
        )

    def _endpoint(self, service: str) -> str | None:
        """Return the URL of the service; None for AWS.

        Raises:
            TargetError: the stack is not on AWS, and has no endpoint of this service.
        """
        if self.is_sandbox:
            return str(self.outputs["endpoint_url"])
        if not self.endpoints:
            return None
        name = local_endpoints.PROVIDER_NAMES.get(service, service)
        if name not in self.endpoints:
            raise TargetError(
                f"{self.origin} does not say where {service} answers",
                f"Add {name} to {local_endpoints.KEY} in the stack's file",
            )
        return self.endpoints[name]

    def _check_is_no_sandbox(self, url: str) -> None:
        host = urlsplit(url).hostname or ""
        if self.account == EXAMPLE_ACCOUNT and host.endswith(AWS_DOMAINS):
            raise TargetError(
                f"{self.origin} is of the account {EXAMPLE_ACCOUNT}, which is a sandbox's: it is not on AWS",
                f"Name it by --stack, with {local_endpoints.KEY} in its file, or set AWS_ENDPOINT_URL",
            )

    @cached_property
    def _session(self) -> Any:
        """Return one session for all clients, so that a person types an MFA code only once.

        boto3's default session would keep the first credentials that it finds.
        """
        # Imported here because it takes longer than everything else together, and --help does not need it.
        import boto3

        return boto3.Session()


def find(stack: str | None, outputs: Path | None) -> Target:
    """Return the named stack, or the only sandbox that runs on this machine.

    Raises:
        TargetError: there is none, or more than one, or it has ended.
    """
    if outputs is not None:
        return _from_file(outputs)
    if stack is not None:
        outputs_of_stack = pulumi_stack.outputs(stack)
        return Target(origin=f"the stack {stack}", outputs=outputs_of_stack, endpoints=local_endpoints.endpoints(stack))
    return _running()


def _from_file(file: Path) -> Target:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise TargetError(
            f"{file} cannot be read: {error.strerror}",
            "A sandbox writes it when everything is deployed; of a stack, write it with `pulumi stack output --json`",
        ) from None
    except ValueError:
        raise TargetError(f"{file} is not JSON", "Write it with `pulumi stack output --json`") from None
    if not isinstance(content, dict):
        raise TargetError(f"{file} does not hold the outputs of a stack", "Write it with `pulumi stack output --json`")
    if not sandboxes.is_sandbox(content):
        return Target(origin=f"the stack of {file}", outputs=content)
    sandbox = sandboxes.Sandbox(file=file, outputs=content)
    if not sandbox.runs:
        raise _ended([sandbox])
    return _of(sandbox)


def _running() -> Target:
    every = sandboxes.known()
    running = [sandbox for sandbox in every if sandbox.runs]
    if len(running) == 1:
        return _of(running[0])
    if running:
        named = "".join(f"\n  --outputs {_short(sandbox.file)}  {sandbox.endpoint_url}" for sandbox in running)
        raise TargetError(f"{len(running)} sandboxes run here:{named}", "Name one of them")
    if every:
        raise _ended(every)
    raise TargetError("No sandbox runs here, and no stack is named", START)


def _of(sandbox: sandboxes.Sandbox) -> Target:
    parts = urlsplit(sandbox.endpoint_url)
    return Target(origin=f"the sandbox at {parts.scheme}://{parts.netloc}", outputs=sandbox.outputs)


def _ended(gone: list[sandboxes.Sandbox]) -> TargetError:
    told = ", ".join(f"{_short(sandbox.file)} (process {sandbox.pid}, {sandbox.endpoint_url})" for sandbox in gone)
    return TargetError(f"The sandbox of {told} has ended, and everything in it is gone", START)


def _short(file: Path) -> str:
    try:
        return str(file.relative_to(Path.cwd()))
    except ValueError:
        return str(file)
