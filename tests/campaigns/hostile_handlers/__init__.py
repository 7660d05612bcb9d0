"""Hostile input at the Lambda functions, in this process and on an emulated AWS."""
