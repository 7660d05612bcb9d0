"""The key that encrypts a table, and the one that encrypts a state machine."""

import pulumi
import pulumi_aws as aws

DATA_KEY_SECONDS = 300
"""Lifetime of a data key: the default of Step Functions. If it is left out, the provider reports a change.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_EncryptionConfiguration.html"""


def table_encryption(kms_key_arn: pulumi.Input[str] | None) -> aws.dynamodb.TableServerSideEncryptionArgs:
    """Return the server-side encryption of a DynamoDB table: with the account's key, or else DynamoDB's own.

    The block is always present: without it, the provider keeps the table's old key, and nothing could read the table
    once the permissions on the key are gone. https://github.com/hashicorp/terraform-provider-aws/issues/29811
    """
    if kms_key_arn is None:
        return aws.dynamodb.TableServerSideEncryptionArgs(enabled=False)
    return aws.dynamodb.TableServerSideEncryptionArgs(enabled=True, kms_key_arn=kms_key_arn)


def machine_encryption(kms_key_arn: pulumi.Input[str] | None) -> aws.sfn.StateMachineEncryptionConfigurationArgs:
    """Return the encryption of a state machine and its executions: with the account's key, or else AWS's own.

    The block is always present: without it, the provider keeps the old key of the state machine.
    """
    if kms_key_arn is None:
        return aws.sfn.StateMachineEncryptionConfigurationArgs(type="AWS_OWNED_KEY")
    return aws.sfn.StateMachineEncryptionConfigurationArgs(
        type="CUSTOMER_MANAGED_KMS_KEY", kms_key_id=kms_key_arn, kms_data_key_reuse_period_seconds=DATA_KEY_SECONDS
    )
