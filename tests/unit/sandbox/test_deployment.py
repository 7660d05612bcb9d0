"""Deployments in sequence, and the error of a failed one."""

import gc
from pathlib import Path

import pytest

import sandbox
from sandbox.program import DeploymentError


def _project(folder: Path, program: str) -> Path:
    (folder / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text("config:\n  aws:region: us-east-1\n")
    (folder / "__main__.py").write_text(f"import json\nimport pulumi\nimport pulumi_aws as aws\n{program}\n")
    return folder


def _fails(root: Path, text: str) -> None:
    with pytest.raises(DeploymentError, match=text), sandbox.running(root=root):
        pass


def test_unknown_type_is_named_with_where_to_add_it(tmp_path: Path) -> None:
    root = _project(tmp_path, "aws.ec2.Eip('address')")
    _fails(root, r"aws:ec2/eip:Eip 'address' was not created: the sandbox does not know the type .*sandbox/services/")


def test_input_that_the_sandbox_does_not_use_is_named(tmp_path: Path) -> None:
    root = _project(tmp_path, "aws.s3.Bucket('b', request_payer='Requester')")
    _fails(root, r"aws:s3/bucket:Bucket 'b' was not created: the sandbox does not use requestPayer")


def test_property_that_the_api_does_not_know_is_named(tmp_path: Path) -> None:
    root = _project(tmp_path, "aws.s3.BucketOwnershipControls('o', bucket='b', rule={'object_owner': 'x'})")
    _fails(root, r"BucketOwnershipControls 'o' was not created: [\s\S]*Unknown parameter in OwnershipControls")


def test_a_machine_that_could_hang_is_refused(tmp_path: Path) -> None:
    program = """
task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets", "Arguments": {}, "End": True}
branch = {"StartAt": "Inner", "States": {"Inner": task}}
states = {"Outer": {"Type": "Parallel", "Branches": [branch], "End": True}}
definition = json.dumps({"QueryLanguage": "JSONata", "StartAt": "Outer", "States": states})
trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "states.amazonaws.com"}}
role = aws.iam.Role("r", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
aws.sfn.StateMachine("m", definition=definition, role_arn=role.arn)
"""
    _fails(_project(tmp_path, program), r"'m' was not created: the whole, task 'Inner' of state machine .* can hang")


def test_failure_names_resource_and_error_and_ends_the_deployment(tmp_path: Path) -> None:
    program = """
secret = aws.secretsmanager.SecretVersion("late", secret_id="nowhere", secret_string="x")
bucket = aws.s3.Bucket("dependent", bucket=secret.version_id)
pulumi.export("bucket", bucket.arn)
"""
    text = r"secretVersion:SecretVersion 'late' was not created: .*ResourceNotFoundException.*can't find"
    _fails(_project(tmp_path, program), text)


def test_failure_is_reported_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    _fails(_project(tmp_path, "aws.s3.Bucket('b', bucket=aws.s3.Bucket('a', request_payer='x').id)"), "requestPayer")
    # asyncio logs the exceptions of futures that nothing awaited when they are collected.
    gc.collect()
    assert [record.message for record in caplog.records if record.name == "asyncio"] == []


def test_error_inside_apply_is_not_lost(tmp_path: Path) -> None:
    program = "aws.sqs.Queue('q').arn.apply(lambda arn: 1 / 0)"
    root = _project(tmp_path, program)
    with pytest.raises(ZeroDivisionError), sandbox.running(root=root):
        pass


def test_error_of_the_program_itself_passes(tmp_path: Path) -> None:
    root = _project(tmp_path, "raise ValueError('wrong setting')")
    with pytest.raises(ValueError, match="wrong setting"), sandbox.running(root=root):
        pass


def test_unknown_data_source_is_named(tmp_path: Path) -> None:
    root = _project(tmp_path, "pulumi.export('regions', aws.get_regions_output().names)")
    _fails(root, "does not know the data source aws:index/getRegions:getRegions")


def test_other_region_is_refused(tmp_path: Path) -> None:
    root = _project(tmp_path, "aws.sqs.Queue('q', region='eu-west-1')")
    _fails(root, "aws:sqs/queue:Queue 'q' was not created: 'region' is 'eu-west-1': the sandbox has us-east-1 only")


def test_programs_one_after_another_do_not_see_each_other(tmp_path: Path) -> None:
    root = _project(tmp_path, "pulumi.export('arn', aws.sqs.Queue('q', name='one').arn)")
    for _ in range(2):
        with sandbox.running(root=root) as aws:
            assert aws.outputs == {"arn": "arn:aws:sqs:us-east-1:123456789012:one"}
            assert len(aws.client("sqs").list_queues()["QueueUrls"]) == 1


def test_components_pass_through(tmp_path: Path) -> None:
    program = """
class Pair(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("small:index:Pair", name)
        self.arn = aws.sqs.Queue(f"{name}-q", name="inner", opts=pulumi.ResourceOptions(parent=self)).arn
        self.register_outputs({"arn": "not the stack's"})

pulumi.export("arn", Pair("pair").arn)
"""
    with sandbox.running(root=_project(tmp_path, program)) as aws:
        assert aws.outputs == {"arn": "arn:aws:sqs:us-east-1:123456789012:inner"}
        assert [resource.name for resource in aws.resources] == ["pair-q"]
