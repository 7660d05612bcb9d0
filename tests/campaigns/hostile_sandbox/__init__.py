"""Hostile input at a running sandbox: through its real HTTP front, and as real executions."""
