"""Reasons for mutants that no test catches."""

REASONS: dict[str, str] = {}
"""By the mutant's id. A mutant that is caught needs no reason: the full run refuses one that is for nothing."""
