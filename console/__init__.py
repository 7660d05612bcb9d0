"""The live console, served at /_holdpoint/: executions, waits, and forms to start executions and to decide."""

PREFIX = "/_holdpoint"
"""The prefix of every path of the console."""
