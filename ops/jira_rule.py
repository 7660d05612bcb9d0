"""Settings that Jira needs to send callbacks: an Automation rule, or a webhook of its administration.

The rule has the format that Jira Cloud exports. Atlassian documents how to import a rule as JSON, but not the
format: names and values here are those of published exports, and of rules made through Atlassian's rule
management API. Jira imports every rule switched off, and treats a project or status that it does not find as missing.
https://support.atlassian.com/cloud-automation/docs/import-and-export-jira-automation-rules/
https://community.atlassian.com/forums/Automation-articles/Automation-Rule-Management-API-is-now-Generally-Available/ba-p/3115881
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

RULE_NAME = "Holdpoint: call back when a story is decided"

BODY = """{
  "key": {{issue.key.asJsonString}},
  "fields": {
    "status": {"name": {{issue.status.name.asJsonString}}},
    "summary": {{issue.summary.asJsonString}}
  }
}"""
"""The part of Jira Automation's own format that the callback API reads, so that no more of a story leaves Jira.
`asJsonString` writes a quoted string: https://support.atlassian.com/cloud-automation/docs/jira-smart-values-json-functions/"""

HIDDEN = "Bearer <the token>"


@dataclass(frozen=True, kw_only=True)
class Connection:
    """The values to enter in Jira. `token` and `signing_key` are None if they are hidden."""

    url: str
    done_statuses: Sequence[str]
    failed_statuses: Sequence[str]
    token: str | None = None
    signing_key: str | None = None

    @property
    def authorization(self) -> str:
        """The value of the header."""
        return f"Bearer {self.token}" if self.token else HIDDEN

    def as_json(self) -> dict[str, Any]:
        """Return the fields for the JSON output."""
        return {
            "url": self.url,
            "method": "POST",
            "headers": {"Authorization": self.authorization, "Content-Type": "application/json"},
            "body": BODY,
            "doneStatuses": list(self.done_statuses),
            "failedStatuses": list(self.failed_statuses),
            "rule": self.rule(),
            "webhook": {"url": self.url, "event": "jira:issue_updated", "secret": self.signing_key or "<the key>"},
        }

    def rule(self, cloud_id: str | None = None, project_id: str | None = None) -> dict[str, Any]:
        """Return a file for Jira's *Import rules*: one rule, switched off.

        Args:
            cloud_id: the site's id; without it the rule belongs to the site chosen at the import.
            project_id: the project's number; without it the rule belongs to the whole site.
        """
        scope = []
        if cloud_id:
            scope = [
                f"ari:cloud:jira:{cloud_id}:project/{project_id}" if project_id else f"ari:cloud:jira::site/{cloud_id}"
            ]
        statuses = [{"type": "NAME", "value": name} for name in (*self.done_statuses, *self.failed_statuses)]
        trigger = {
            "component": "TRIGGER",
            "schemaVersion": 1,
            "type": "jira.issue.event.trigger:transitioned",
            "value": {
                "eventKey": "jira:issue_updated",
                "issueEvent": "issue_generic",
                "eventFilters": scope,
                "fromStatus": [],
                "toStatus": statuses,
            },
            "children": [],
            "conditions": [],
        }
        return {
            "cloud": True,
            "rules": [
                {
                    "name": RULE_NAME,
                    "description": "Lets the release that waits for this story go on, or fails it.",
                    "state": "DISABLED",
                    "canOtherRuleTrigger": True,
                    "notifyOnError": "FIRSTERROR",
                    "trigger": trigger,
                    "components": [self._web_request()],
                    "ruleScope": {"resources": scope},
                    "labels": [],
                    "tags": [],
                    "writeAccessType": "OWNER_ONLY",
                }
            ],
        }

    def _web_request(self) -> dict[str, Any]:
        headers = (
            {"name": "Authorization", "value": self.authorization if self.token else "", "headerSecure": True},
            {"name": "Content-Type", "value": "application/json", "headerSecure": False},
        )
        return {
            "component": "ACTION",
            "schemaVersion": 1,
            "type": "jira.issue.outgoing.webhook",
            "value": {
                "url": self.url,
                "method": "POST",
                "headers": list(headers),
                "sendIssue": False,
                "contentType": "custom",
                "customBody": BODY,
                # Wait for the answer, so that the rule's audit log shows it.
                "responseEnabled": True,
                "continueOnErrorEnabled": False,
            },
            "children": [],
            "conditions": [],
        }
