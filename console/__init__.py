"""The live console, served at /_holdpoint/: what runs, what waits, and forms to start and to answer."""

PREFIX = "/_holdpoint"
"""The prefix of every path of the console."""
