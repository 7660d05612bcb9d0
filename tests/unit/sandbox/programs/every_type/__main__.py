"""A program with every resource type that the sandbox knows."""

import pulumi
import pulumi_aws as aws

from tests.unit.sandbox.programs.every_type import compute, events, messages, monitoring, network, storage

config = pulumi.Config()
password, secret = storage.secrets()
bucket = storage.buckets()
table = storage.item_table()
storage.autoscaling(table)
storage.backups(table)
network.network()
dead_letters, topic = messages.queue_and_topic()
function, logs = compute.function_with_logs(table, dead_letters)
api, stage = compute.http_api(function)
machine, machine_role = events.state_machine()
events.schedules_and_rules(machine, machine_role, function, dead_letters, password)
monitoring.monitor(machine, topic, logs)

pulumi.export("account", aws.get_caller_identity().account_id)
pulumi.export("region", aws.get_region().region)
pulumi.export("bucket_name", bucket.bucket)
pulumi.export("bucket_tags", bucket.tags_all)
pulumi.export("state_machine_arn", machine.arn)
pulumi.export("api_endpoint", api.api_endpoint)
pulumi.export("hello_url", stage.invoke_url.apply(lambda url: f"{url}hello"))
pulumi.export("secret_arn", secret.arn)
pulumi.export("password", password.result)
pulumi.export("delay_seconds", config.require_int("delaySeconds"))
pulumi.export("statuses", config.require_object("statuses"))
pulumi.export("verbose", config.require_bool("verbose"))
pulumi.export("title", config.require("title"))
