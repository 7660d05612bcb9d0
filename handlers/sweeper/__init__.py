"""The scheduled function that completes callbacks interrupted by a crash, and measures the waiting stories."""
