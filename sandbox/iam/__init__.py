"""IAM, enforced: each call that a role makes is held against the policies that the role has."""
