"""AWS API calls on their way through the sandbox: parsed, and passed to every interceptor."""
