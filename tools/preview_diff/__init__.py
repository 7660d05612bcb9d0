"""Shows what a change does to the stacks: `make preview-diff BASE=<rev>`."""
