"""The effects of a change on the stacks: `make preview-diff BASE=<rev>`."""
