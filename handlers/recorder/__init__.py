"""The function that writes down how an execution ended, also where the state machine could not."""
