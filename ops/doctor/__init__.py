"""Looks whether this machine and a stack are fit for work, and says what to mend."""
