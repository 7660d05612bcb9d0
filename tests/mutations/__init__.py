"""Mutation testing: removes one safeguard of the program at a time, and checks that a test fails."""
