"""Results that the tests prove beyond passing: counted while they run, in one table at the end."""
