"""State machine definitions as pure functions: one module per state machine, standard library only."""
