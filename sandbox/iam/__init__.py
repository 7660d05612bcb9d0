"""IAM enforcement: checks each call of a role against the role's policies."""
