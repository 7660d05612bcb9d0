"""The callback API: receives decisions from Jira and others, and resumes the executions that wait for them."""
