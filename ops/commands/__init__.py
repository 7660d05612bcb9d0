"""The commands of `python -m ops`, one module each. What takes long to import is imported inside of them."""
