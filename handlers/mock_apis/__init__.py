"""Stand-ins for the validation, deployment and notification APIs, for every stack that names no real ones."""
