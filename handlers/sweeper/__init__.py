"""The scheduled function that finishes what a crash left half done, and measures the waiting stories."""
