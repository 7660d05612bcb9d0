"""Checks of this machine and a stack, with a fix for every problem."""
