"""IAM enforcement: allows a role's call only if its policies do, and otherwise refuses it as AWS does."""

import logging

from moto.core.models import DEFAULT_ACCOUNT_ID

from sandbox.calls.call import Call, Credential
from sandbox.calls.http_answer import Answer
from sandbox.calls.interceptors import Proceed
from sandbox.current import Current
from sandbox.iam import resource_policies, roles
from sandbox.iam.encryption import key_accesses
from sandbox.iam.policies import Access, Decision, Verdict, evaluate
from sandbox.iam.required_permissions import accesses
from sandbox.iam.roles import PARTITION, Session
from sandbox.iam.usage import Usage

_log = logging.getLogger(__name__)

FORBIDDEN, BAD_REQUEST, NOT_FOUND = 403, 400, 404
# The SDKs raise an error by its code. JSON services answer 400 AccessDeniedException, others 403 with their own code.
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList and the services' CommonErrors
_REFUSALS = {
    "s3": ("AccessDenied", FORBIDDEN),
    "sqs": ("AccessDenied", FORBIDDEN),
    "sts": ("AccessDenied", FORBIDDEN),
    "cloudwatch": ("AccessDenied", FORBIDDEN),
    "sns": ("AuthorizationError", FORBIDDEN),
    "lambda": ("AccessDeniedException", FORBIDDEN),
}
_OTHERS_REFUSAL = ("AccessDeniedException", BAD_REQUEST)


class AccessDeniedError(Exception):
    """A role's policies do not allow a call; the message is AWS's."""


class Enforcement:
    """The interceptor that checks calls of a role's session. Other callers count as the account's administrator.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    """

    # A call that cannot be read cannot be checked against a policy.
    refuses_unreadable = True

    def __init__(self, usage: Usage) -> None:
        self._usage = usage

    def concerns(self, credential: Credential) -> bool:
        """Return whether this credential belongs to a role's session."""
        return roles.session_of(credential.access_key) is not None

    def intercept(self, call: Call, proceed: Proceed) -> Answer:
        """Let the call proceed if the policies allow everything that it needs."""
        session = roles.session_of(call.credential.access_key)
        if session is None:
            return proceed()
        try:
            for access in (*accesses(call), *key_accesses(call)):
                self.require(session, access)
            if call.name == "sts.AssumeRole":
                _require_trust(session, str(call.parameters["RoleArn"]))
        except AccessDeniedError as error:
            code, status = _REFUSALS.get(call.service, _OTHERS_REFUSAL)
            return call.refuse(code, str(error), status)
        answer = proceed()
        if answer.status == NOT_FOUND and call.name in {"s3.GetObject", "s3.HeadObject"}:
            return self._hide_absence(session, call, answer)
        return answer

    def require(self, session: Session, access: Access) -> None:
        """Raise AccessDeniedError unless the session may do this."""
        verdict = _verdict(session, access)
        if not verdict.allowed:
            message = _refusal(session.arn, access, verdict.decision)
            _log.warning("%s", message)
            raise AccessDeniedError(message)
        self._usage.note(session.role_arn, verdict.grants)

    def _hide_absence(self, session: Session, call: Call, answer: Answer) -> Answer:
        """Deny access instead of reporting a missing key to a caller that may not list the bucket.

        Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        """
        try:
            self.require(session, Access("s3:ListBucket", f"arn:{PARTITION}:s3:::{call.parameters['Bucket']}"))
        except AccessDeniedError as error:
            return call.refuse(*_REFUSALS["s3"][:1], str(error), FORBIDDEN)
        return answer


in_force: Current[Enforcement | None] = Current(None)
"""The enforcement that `require` uses; with None, everything is allowed."""


def is_on() -> bool:
    """Return whether the sandbox of this process enforces IAM."""
    return in_force.value is not None


def require(session: Session, access: Access) -> None:
    """Raise AccessDeniedError unless the session may do this: for actions of AWS as a role without an API call."""
    if in_force.value is not None:
        in_force.value.require(session, access)


def _verdict(session: Session, access: Access) -> Verdict:
    """Evaluate within one account: the role's or the resource's policies allow, and none denies."""
    names = _names(session)
    known = Access(access.action, access.resource, {**access.context, "aws:PrincipalArn": session.role_arn})
    own = evaluate(roles.documents(session.role_arn), known)
    at_resource = evaluate(resource_policies.documents(access.resource), known, names)
    denied = [each for each in (own, at_resource) if each.decision is Decision.DENIED]
    if denied:
        return denied[0]
    limit = roles.boundary(session.role_arn)
    if own.allowed and limit is not None and not evaluate([limit], known).allowed:
        own = Verdict(Decision.NOT_ALLOWED)
    return own if own.allowed else at_resource


def _names(session: Session) -> frozenset[str]:
    root = f"arn:{PARTITION}:iam::{DEFAULT_ACCOUNT_ID}:root"
    return frozenset({session.role_arn, session.arn, root, DEFAULT_ACCOUNT_ID})


def _require_trust(session: Session, role_arn: str) -> None:
    if not roles.may_assume(_names(session), role_arn, {"aws:PrincipalArn": session.role_arn}):
        raise AccessDeniedError(
            f"User: {session.arn} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"
        )


def _refusal(principal: str, access: Access, decision: Decision) -> str:
    """Return AWS's own message.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    where = "" if access.resource == "*" else f" on resource: {access.resource}"
    if decision is Decision.DENIED:
        reason = "with an explicit deny in a policy"
    else:
        reason = f"because no identity-based policy allows the {access.action} action"
    return f"User: {principal} is not authorized to perform: {access.action}{where} {reason}"
