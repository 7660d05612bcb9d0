"""What the tests prove, beyond passing: counted while they run, and told in one table at the end."""
