"""Generators of pages in docs/, which use only the code as their source."""
