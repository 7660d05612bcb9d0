"""Every call of an AWS API on its way through the sandbox: read, and handed to whoever wants a say in it."""
