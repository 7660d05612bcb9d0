"""Input that wants to do harm: what is sent, and how its cases are counted. Nothing here is random without its seed."""
