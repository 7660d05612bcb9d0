"""The operator's command line, for the sandbox and AWS alike."""
