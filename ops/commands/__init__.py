"""The commands of `python -m ops`, one module each. They import slow modules inside their functions."""
