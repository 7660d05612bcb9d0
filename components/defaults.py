"""Defaults of component arguments: the values that Pulumi.yaml gives a stack which says nothing."""

LAMBDA_RUNTIME = "python3.13"
LAMBDA_ARCHITECTURE = "arm64"
LAMBDA_MEMORY_SIZE = 256
"""MB."""
LAMBDA_TIMEOUT = 30
"""Seconds."""
LOG_RETENTION_DAYS = 14
BACKUP_KEEP_DAYS = 35
LOG_LEVEL = "INFO"
POINT_IN_TIME_RECOVERY_DAYS = 35
STORY_RETENTION_DAYS = 30
OLD_VERSION_DAYS = 90
OUTPUT_PREFIX = "outputs/"
LOG_PREFIX = "logs/"
STATE_MACHINE_TIMEOUT_SECONDS = 90_000
CALLBACK_TIMEOUT_SECONDS = 24 * 3600
ROLLOUT_PAUSE_MINUTES = 10
THROTTLE_RATE_LIMIT = 50
"""Requests a second."""
THROTTLE_BURST_LIMIT = 100
SERVICE_ERROR_THRESHOLD = 10
JIRA_DONE_STATUSES = ("Done", "Closed", "Resolved", "Approved")
JIRA_FAILED_STATUSES = ("Rejected", "Declined", "Cancelled", "Canceled", "Won't Do")
