"""The sandbox's plain HTTP counts as secure; other denials hold."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.services.secure_transport import over_tls
from tests.unit.sandbox.services.aws import Aws

TLS_ONLY: dict[str, Any] = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::guarded", "arn:aws:s3:::guarded/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
NO_DELETE = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:DeleteObject",
    "Resource": "arn:aws:s3:::guarded/kept/*",
}


def test_a_bucket_that_demands_tls_takes_the_sandboxes_calls_and_keeps_its_other_denials(aws: Aws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="guarded")
    policy = json.dumps({"Version": "2012-10-17", "Statement": [TLS_ONLY, NO_DELETE]})
    s3.put_bucket_policy(Bucket="guarded", Policy=policy)
    s3.put_object(Bucket="guarded", Key="kept/a", Body=b"x")
    assert s3.get_object(Bucket="guarded", Key="kept/a")["Body"].read() == b"x"
    with pytest.raises(ClientError, match="403"):
        s3.delete_object(Bucket="guarded", Key="kept/a")
    assert s3.get_bucket_policy(Bucket="guarded")["Policy"] == policy


def test_only_the_transports_own_condition_is_read() -> None:
    other = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
    secure_only = {"Effect": "Allow", "Condition": {"Bool": {"aws:SecureTransport": "true"}, **other}}
    policy = {"Statement": [TLS_ONLY, secure_only, NO_DELETE]}
    assert over_tls(policy) == {"Statement": [{"Effect": "Allow", "Condition": other}, NO_DELETE]}
    assert over_tls({"Statement": TLS_ONLY}) == {"Statement": []}
