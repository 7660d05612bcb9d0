"""Which key encrypts a table."""

import pulumi_aws as aws


def table_encryption(kms_key_arn: str) -> aws.dynamodb.TableServerSideEncryptionArgs:
    """The server-side encryption of a DynamoDB table: by the account's key, or without one by DynamoDB's own.

    It is said in either case: a table keeps its key if the provider is told nothing, and nobody could read it any more
    after the key's rights are gone. https://github.com/hashicorp/terraform-provider-aws/issues/29811
    """
    if not kms_key_arn:
        return aws.dynamodb.TableServerSideEncryptionArgs(enabled=False)
    return aws.dynamodb.TableServerSideEncryptionArgs(enabled=True, kms_key_arn=kms_key_arn)
