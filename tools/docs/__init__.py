"""The generated pages of docs/: made from what the code knows, and from nothing else."""
