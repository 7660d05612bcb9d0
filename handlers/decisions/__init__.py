"""A decision reaches the executions that wait for it: from a callback, a signed link, or the sweeper."""
