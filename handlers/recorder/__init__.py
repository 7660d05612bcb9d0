"""The function that records how an execution ended, even if the state machine could not."""
