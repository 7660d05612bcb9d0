"""All rules of the pack."""

from pulumi_policy import Policy

from rules.apis import API_ACCESS_LOG, API_THROTTLED
from rules.dead_letters import DELIVERY_DEAD_LETTERS, FUNCTION_DEAD_LETTERS
from rules.encryption import OWN_KEYS, QUEUES_ENCRYPTED, TOPICS_ENCRYPTED
from rules.environments import NO_SECRETS_IN_ENVIRONMENT
from rules.exposure import NO_PUBLIC_ACL, NO_PUBLIC_POLICY, PUBLIC_ACCESS_BLOCKED
from rules.guards import BUCKETS_VERSIONED, GUARDED
from rules.logs import FUNCTION_LOG_GROUPS, LOG_RETENTION
from rules.rights import NO_WILDCARDS
from rules.runtimes import RUNTIME_SUPPORTED
from rules.state_machines import STATE_MACHINE_LOG, STATE_MACHINE_TIMEOUTS
from rules.tables import TABLE_RECOVERY
from rules.tags import TAGS_REQUIRED
from rules.timeouts import API_TIMEOUT, QUEUE_VISIBILITY, TASK_TIMEOUT
from rules.tracing import TRACING_ON
from rules.transport import TLS_ONLY

POLICIES: list[Policy] = [
    PUBLIC_ACCESS_BLOCKED,
    NO_PUBLIC_ACL,
    NO_PUBLIC_POLICY,
    NO_WILDCARDS,
    NO_SECRETS_IN_ENVIRONMENT,
    TLS_ONLY,
    GUARDED,
    QUEUES_ENCRYPTED,
    TOPICS_ENCRYPTED,
    OWN_KEYS,
    TABLE_RECOVERY,
    BUCKETS_VERSIONED,
    DELIVERY_DEAD_LETTERS,
    FUNCTION_DEAD_LETTERS,
    STATE_MACHINE_TIMEOUTS,
    API_TIMEOUT,
    TASK_TIMEOUT,
    QUEUE_VISIBILITY,
    API_THROTTLED,
    RUNTIME_SUPPORTED,
    LOG_RETENTION,
    FUNCTION_LOG_GROUPS,
    STATE_MACHINE_LOG,
    API_ACCESS_LOG,
    TRACING_ON,
    TAGS_REQUIRED,
]
"""In the order of the documentation: access, encryption, data, dead letters, timeouts, logs and tags."""
