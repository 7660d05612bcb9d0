"""Measurements of the sandbox and of the workflows on it: `make bench`."""
