"""For those who operate the workflows, in the sandbox and on AWS alike."""
