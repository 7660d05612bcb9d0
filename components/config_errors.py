"""The error for an invalid configuration."""

import pulumi


class ConfigError(pulumi.RunError):
    """The stack's configuration is invalid; Pulumi prints this without a stack trace."""
