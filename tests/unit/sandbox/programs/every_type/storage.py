"""Keys, secrets, random values; buckets and a table."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from tests.unit.sandbox.programs.every_type.policies import policy


def secrets() -> tuple[random.RandomPassword, aws.secretsmanager.Secret]:
    """Create a key, a secret and every kind of random value; return the password and the secret."""
    key = aws.kms.Key("key", description="a key", enable_key_rotation=True, deletion_window_in_days=7)
    aws.kms.Alias("key-alias", name="alias/everything", target_key_id=key.key_id)
    password = random.RandomPassword("password", length=32, special=False, min_upper=2)
    random.RandomString("word", length=8, upper=False)
    random.RandomId("id", byte_length=4)
    random.RandomUuid("uuid")
    secret = aws.secretsmanager.Secret("secret", name_prefix="everything-", recovery_window_in_days=0)
    aws.secretsmanager.SecretVersion(
        "secret-version", secret_id=secret.id, secret_string=pulumi.Output.json_dumps({"token": password.result})
    )
    return password, secret


def buckets() -> aws.s3.Bucket:
    """Create a bucket with every setting, and one with objects; return the first."""
    bucket = aws.s3.Bucket("bucket", bucket_prefix="everything-", force_destroy=True, tags={"Own": "yes"})
    versioning = aws.s3.BucketVersioning(
        "versioning", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"}
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        "encryption",
        bucket=bucket.bucket,
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}, "bucket_key_enabled": False}],
    )
    private = aws.s3.BucketPublicAccessBlock(
        "private",
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    aws.s3.BucketOwnershipControls("owner", bucket=bucket.bucket, rule={"object_ownership": "BucketOwnerEnforced"})
    aws.s3.BucketPolicy(
        "tls-only",
        bucket=bucket.bucket,
        policy=bucket.arn.apply(
            lambda arn: policy(
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [arn, f"{arn}/*"],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            )
        ),
        opts=pulumi.ResourceOptions(depends_on=[private]),
    )
    aws.s3.BucketLifecycleConfiguration(
        "lifecycle",
        bucket=bucket.bucket,
        rules=[
            {
                "id": "old-versions",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "noncurrent_version_expiration": {"noncurrent_days": 90},
                "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
            }
        ],
        opts=pulumi.ResourceOptions(depends_on=[versioning]),
    )
    aws.s3.BucketNotification("notification", bucket=bucket.bucket, eventbridge=True)
    store = aws.s3.Bucket("store")
    aws.s3.BucketObjectv2(
        "object", bucket=store.bucket, key="inputs/a.json", content="{}", content_type="application/json"
    )
    aws.s3.BucketObject("object-from-asset", bucket=store.bucket, key="b.txt", source=pulumi.StringAsset("hello"))
    return bucket


def item_table() -> aws.dynamodb.Table:
    """Create a table with an index and an item."""
    table = aws.dynamodb.Table(
        "table",
        billing_mode="PAY_PER_REQUEST",
        hash_key="pk",
        range_key="sk",
        attributes=[{"name": "pk", "type": "S"}, {"name": "sk", "type": "S"}, {"name": "waiting", "type": "S"}],
        global_secondary_indexes=[
            {
                "name": "waiting",
                "hash_key": "waiting",
                "range_key": "sk",
                "projection_type": "INCLUDE",
                "non_key_attributes": ["a", "b"],
            }
        ],
        ttl={"attribute_name": "expiresAt", "enabled": True},
        point_in_time_recovery={"enabled": True},
        server_side_encryption={"enabled": True},
        deletion_protection_enabled=False,
    )
    aws.dynamodb.TableItem(
        "item",
        table_name=table.name,
        hash_key="pk",
        range_key="sk",
        item=json.dumps({"pk": {"S": "a"}, "sk": {"S": "b"}, "available": {"N": "50"}}),
    )
    return table


def autoscaling(table: aws.dynamodb.Table) -> None:
    """A target and its policy."""
    target = aws.appautoscaling.Target(
        "scaled",
        service_namespace="dynamodb",
        scalable_dimension="dynamodb:table:ReadCapacityUnits",
        resource_id=pulumi.Output.concat("table/", table.name),
        min_capacity=1,
        max_capacity=10,
    )
    aws.appautoscaling.Policy(
        "scaling",
        name="everything-reads",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        policy_type="TargetTrackingScaling",
        target_tracking_scaling_policy_configuration={
            "target_value": 70,
            "predefined_metric_specification": {"predefined_metric_type": "DynamoDBReadCapacityUtilization"},
        },
    )


def backups(table: aws.dynamodb.Table) -> None:
    """A vault, a plan, and a role with a policy of AWS."""
    vault = aws.backup.Vault("vault", name="everything", force_destroy=True)
    plan = aws.backup.Plan(
        "plan",
        name="everything",
        rules=[
            {
                "rule_name": "daily",
                "target_vault_name": vault.name,
                "schedule": "cron(0 3 * * ? *)",
                "start_window": 60,
                "completion_window": 120,
                "lifecycle": {"delete_after": 7},
            }
        ],
    )
    role = aws.iam.Role(
        "backup-role",
        assume_role_policy=policy(
            {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ),
    )
    aws.iam.RolePolicyAttachment(
        "backup-policy",
        role=role.name,
        policy_arn="arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
    )
    aws.backup.Selection("selection", name="table", plan_id=plan.id, iam_role_arn=role.arn, resources=[table.arn])
