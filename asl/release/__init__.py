"""The release workflow: read a document, call APIs, wait for a Jira story, write the result."""

from asl.release.targets import Api, Targets
from asl.release.workflow import definition, permissions

__all__ = ["Api", "Targets", "definition", "permissions"]
