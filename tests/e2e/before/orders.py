"""An orders workflow whose services get other code, each time with a version of the state machine that calls it."""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.e2e.before import code
from tests.e2e.client import Client

PREFIX = "holdpoint-dev-services-"


@contextmanager
def orders_of(client: Client) -> Iterator["OrdersDeployments"]:
    """Let a test deploy the orders workflow. At the end, its services have the present code."""
    deployments = OrdersDeployments(client)
    try:
        yield deployments
    finally:
        deployments.restore()


class OrdersDeployments:
    """Deploys a change of the services' code as `pulumi up` does."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._machine = client.outputs["orders_state_machine_arn"]
        self._present = self._definition()
        self._timeouts: dict[str, int] = {}
        """The timeout of the services with other code, in seconds."""

    def deploy(self, handlers: Mapping[str, str]) -> None:
        """Give services other handlers, as source text, and let new orders call them."""
        self._publish({service: _archive(service, source) for service, source in handlers.items()})

    def wrap(self, service: str, source: str, *, timeout: int) -> None:
        """Give a service a handler that can import its own, as `working`, and a timeout in seconds."""
        files = code.present()
        path = f"handlers/orders/{service}.py"
        moved = {f"handlers/orders/working_{service}.py": files[path]}
        imported = f"from handlers.orders.working_{service} import handler as working\n"
        wrapped = code.archive({**files, **moved, path: (imported + source).encode()})
        self._publish({service: wrapped}, timeouts={service: timeout})

    def restore(self) -> None:
        """Give the services the present code."""
        archive = code.archive(code.present())
        changed = dict.fromkeys(sorted(self._timeouts), archive)
        self._publish(changed, definition=self._present, timeouts=dict(self._timeouts))

    def _publish(
        self, archives: Mapping[str, bytes], *, definition: str = "", timeouts: Mapping[str, int] | None = None
    ) -> None:
        definition = definition or self._definition()
        for service, archive in archives.items():
            name, own = PREFIX + service, (timeouts or {}).get(service)
            present = self._client.aws("lambda").get_function_configuration(FunctionName=name)["Timeout"]
            self._timeouts.setdefault(service, present)
            arn = code.publish(self._client, name, archive, timeout=own)
            definition = re.sub(rf'"[^"]+:function:{PREFIX}{service}(:\d+)?"', json.dumps(arn), definition)
        self._update(definition)

    def unqualify(self) -> None:
        """Let new orders call the services as stacks of 1.0.0 do: without versions."""
        self._update(re.sub(rf'("[^"]+:function:{PREFIX}\w+):\d+"', r'\1"', self._definition()))

    def called(self) -> set[str]:
        """Return the ARNs of the functions that new orders call."""
        return set(re.findall(r'"([^"]+:function:[^"]+)"', self._definition()))

    def _definition(self) -> str:
        described = self._client.stepfunctions.describe_state_machine(stateMachineArn=self._machine)
        return str(described["definition"])

    def _update(self, definition: str) -> None:
        states = self._client.stepfunctions
        made: dict[str, Any] = states.update_state_machine(
            stateMachineArn=self._machine, definition=definition, publish=True
        )
        states.update_state_machine_alias(
            stateMachineAliasArn=self._client.outputs["orders_state_machine_alias_arn"],
            routingConfiguration=[{"stateMachineVersionArn": made["stateMachineVersionArn"], "weight": 100}],
        )


def _archive(service: str, source: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(f"handlers/orders/{service}.py", source)
    return written.getvalue()
