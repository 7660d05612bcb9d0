"""Tests of the Lambda functions' code."""
