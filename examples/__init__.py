"""Inputs to run, and a demonstration that runs them."""
