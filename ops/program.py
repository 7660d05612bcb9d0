"""How this program is called, for help and hints that can be copied."""

import os

PROGRAM = os.environ.get("HOLDPOINT_COMMAND") or "python -m ops"
"""The launcher `holdpoint` says so of itself."""
