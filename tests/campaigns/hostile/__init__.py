"""Hostile input: makes the cases and counts them. Every random choice follows from a seed."""
