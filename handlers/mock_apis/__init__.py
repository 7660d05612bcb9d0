"""Mocks of the validation, deployment and notification APIs, for stacks that name no real ones."""
