"""The callback API: takes what Jira says of a story and resumes the executions that wait for it."""
