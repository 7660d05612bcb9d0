"""The error of a wrong configuration."""

import pulumi


class ConfigError(pulumi.RunError):
    """The stack's configuration has to be corrected; Pulumi prints this without a stack trace."""
