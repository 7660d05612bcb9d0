"""Mutation testing: takes one safeguard of the program away at a time, and sees whether a test notices."""
