"""The roles of the emulator: trust policies, permissions, and sessions."""

import functools
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend, Role, iam_backends
from moto.sts.models import AssumedRole, STSBackend, sts_backends

from sandbox.iam.policies import Access, Document, evaluate

PARTITION = "aws"
# The reported lifetime of a service's session; the sandbox does not end it.
SESSION_SECONDS = 3600

# Names of the sessions in which these services use a role; on AWS the name is random.
STEP_FUNCTIONS, EVENTBRIDGE = "states", "events"

_assuming = threading.Lock()


@dataclass(frozen=True)
class Session:
    """A session of a role, with the credentials that sign its calls."""

    role_arn: str
    name: str
    access_key: str
    secret_key: str
    token: str

    @property
    def arn(self) -> str:
        """Return the session's ARN, as AWS names it in a refusal."""
        role = self.role_arn.rpartition("/")[2]
        return f"arn:{PARTITION}:sts::{DEFAULT_ACCOUNT_ID}:assumed-role/{role}/{self.name}"


def session(role_arn: str, name: str, region: str) -> Session:
    """Return the session of that name in which an AWS service uses the role; it begins with its first use."""
    with _assuming:
        for assumed in _sessions().assumed_roles:
            if (assumed.role_arn, assumed.session_name) == (role_arn, name):
                return _session(assumed)
        begun: AssumedRole = _sessions().assume_role(
            region_name=region,
            role_session_name=name,
            role_arn=role_arn,
            policy="",
            duration=SESSION_SECONDS,
            external_id="",
        )
    return _session(begun)


def session_of(access_key: str) -> Session | None:
    """Return the session that signs with the access key; None if the key is not a role's."""
    found: AssumedRole | None = _sessions().get_assumed_role_from_access_key(access_key)
    return _session(found) if found is not None else None


def may_assume(principals: frozenset[str], role_arn: str, context: Mapping[str, str]) -> bool:
    """Return whether the role's trust policy lets a principal of these names, such as `lambda.amazonaws.com`, use it.

    `context` has the known condition keys, such as `aws:SourceArn`.
    """
    role = _role(role_arn)
    if role is None:
        return False
    trust = role.assume_role_policy_document
    document: Document = json.loads(trust) if isinstance(trust, str) else trust
    access = Access("sts:AssumeRole", role_arn, context)
    return evaluate([document], access, principals).allowed


def documents(role_arn: str) -> list[Document]:
    """Return the role's policies, inline and attached; none for a role that does not exist."""
    role = _role(role_arn)
    if role is None:
        return []
    inline = [text if isinstance(text, str) else json.dumps(text) for text in role.policies.values()]
    attached = [_default_version(policy) for policy in role.managed_policies.values()]
    return [_read(text) for text in (*inline, *attached)]


def boundary(role_arn: str) -> Document | None:
    """Return the permissions boundary of the role, the most that its policies may allow; None if it has none."""
    role = _role(role_arn)
    arn = role.permissions_boundary_arn if role is not None else None
    policy = _iam().managed_policies.get(arn) if arn else None
    return _read(_default_version(policy)) if policy is not None else None


def every_role() -> list[str]:
    """Return the ARN of each role of the account."""
    return [str(role.arn) for role in _iam().get_roles()]


def _session(assumed: Any) -> Session:
    return Session(
        assumed.role_arn,
        assumed.session_name,
        assumed.access_key_id,
        assumed.secret_access_key,
        assumed.session_token,
    )


def _role(arn: str) -> Role | None:
    try:
        return _iam().get_role_by_arn(arn)
    except NotFoundException:
        return None


def _default_version(policy: Any) -> str:
    return next(str(version.document) for version in policy.versions if version.is_default)


def _iam() -> IAMBackend:
    return iam_backends[DEFAULT_ACCOUNT_ID][PARTITION]


def _sessions() -> STSBackend:
    return sts_backends[DEFAULT_ACCOUNT_ID][PARTITION]


@functools.lru_cache(maxsize=1024)
def _read(text: str) -> Document:
    document: Document = json.loads(text)
    return document
