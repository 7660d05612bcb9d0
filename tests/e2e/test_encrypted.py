"""A customer's KMS key: encrypts the data, and every role may use it as needed."""

import json
import re
from datetime import timedelta
from urllib.request import urlopen

import pytest

from sandbox.faults import EVENT_DELIVERY, Fault, Kind
from tests.e2e.client import Client, Run, document, done, eventually, story
from tests.e2e.control import Control
from tests.e2e.inbox import Inbox, let_wait_since
from tests.e2e.shop import Shop, new_order_id, new_product, order_detail
from tests.stacks import KMS_KEY

HALF_AN_HOUR_SECONDS = 1800
EXPIRER = "holdpoint-dev-services-expirer"


def test_every_data_store_uses_the_key(breakable: Client) -> None:
    outputs = breakable.outputs
    bucket = breakable.s3.get_bucket_encryption(Bucket=outputs["s3_bucket_name"])
    (rule,) = bucket["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KMS_KEY}
    secret = breakable.aws("secretsmanager").describe_secret(SecretId=outputs["secrets_manager_arn"])
    assert secret["KmsKeyId"] == KMS_KEY
    for name in ("dynamodb_table_name", "orders_table_name", "inventory_table_name", "payments_table_name"):
        table = breakable.dynamodb.describe_table(TableName=outputs[name])["Table"]
        assert table["SSEDescription"]["KMSMasterKeyArn"] == KMS_KEY, name


def test_releases_end_as_without_a_key(breakable: Client) -> None:
    operator = breakable.acting_as(breakable.outputs["stepfunctions_user_role_arn"])
    key = story()
    run = operator.start(document(key))
    Run(breakable, run.arn).waiting(key)
    assert breakable.call_back(done(key)).status == "resumed"
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.result()["jiraStoryId"] == key
    assert run.log()


def test_failures_are_recorded(breakable: Client) -> None:
    failing = breakable.start(document(story(), packageIds=["web-10"]))
    assert failing.ended()["error"] == "ValidationFailed"
    assert failing.error()["error"] == "ValidationFailed"
    key = story()
    stopped = breakable.start(document(key))
    stopped.waiting(key)
    breakable.stepfunctions.stop_execution(executionArn=stopped.arn)
    assert stopped.error()["error"] == "Aborted"


def test_scheduled_functions_find_waiting_releases(breakable: Client) -> None:
    key = story()
    run = breakable.start(document(key))
    run.waiting(key)
    inbox = Inbox(breakable)
    let_wait_since(run, key, timedelta(hours=4, minutes=1))
    for function in (breakable.outputs["sweeper_lambda_arn"], EXPIRER):
        answer = breakable.aws("lambda").invoke(FunctionName=function, Payload=b"{}")
        assert "FunctionError" not in answer, answer["Payload"].read()
    [told] = inbox.about(key)
    [link] = re.findall(r"Decide here: (http\S+)", told["Message"])
    with urlopen(link) as page:
        assert key in page.read().decode()


def test_orders_end_as_without_a_key(breakable: Client) -> None:
    shop = Shop(breakable)
    product = new_product(shop, pieces=1)
    order_id = new_order_id()
    shop.submit(order_detail("USER001", product, orderId=order_id))
    assert shop.finished(order_id)["status"]["S"] == "CONFIRMED"
    rejected = shop.output(shop.start(order_detail("USER001", product)))
    assert (rejected["status"], rejected["payment"]["status"]) == ("REJECTED", "REFUNDED")


@pytest.mark.parametrize(
    "name", ["hold-sweeper", "services-expirer", "recorder", "recorder-catch-up", "orders-finisher"]
)
def test_failed_events_reach_the_dead_letter_queue(breakable: Client, name: str) -> None:
    iam, sqs = breakable.aws("iam"), breakable.aws("sqs")
    function, event = f"holdpoint-dev-{name}", json.dumps({"detail": {"name": "nothing that the recorder can record"}})
    deny = {"Effect": "Deny", "Action": ["dynamodb:*", "states:*"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    iam.put_role_policy(RoleName=f"{function}-use1", PolicyName="broken", PolicyDocument=policy)
    try:
        breakable.aws("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=event.encode())
        queue = sqs.get_queue_url(QueueName=f"{function}-dead-letters")["QueueUrl"]
        letters = eventually(
            lambda: sqs.receive_message(QueueUrl=queue).get("Messages"), f"a dead letter of {function}"
        )
    finally:
        iam.delete_role_policy(RoleName=f"{function}-use1", PolicyName="broken")
    assert letters[0]["Body"] == event


def test_unfinished_orders_are_finished(breakable: Client) -> None:
    control, key = Control(breakable), story()
    run = breakable.start(document(key))
    run.waiting(key)
    with control.faults(Fault(call=EVENT_DELIVERY, kind=Kind.LOSE, by="holdpoint-dev-recorder", about=run.name)):
        breakable.stepfunctions.stop_execution(executionArn=run.arn)
        run.ended()
    control.move_clock(HALF_AN_HOUR_SECONDS)
    for name in ("recorder-catch-up", "orders-finisher"):
        answer = breakable.aws("lambda").invoke(FunctionName=f"holdpoint-dev-{name}", Payload=b"{}")
        assert "FunctionError" not in answer, answer["Payload"].read()
    assert run.error()["error"] == "Aborted"
