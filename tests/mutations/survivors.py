"""Why a mutant that no test catches may live."""

REASONS: dict[str, str] = {}
"""By the mutant's id. A mutant that is caught needs no reason: the full run refuses one that is for nothing."""
