"""The parts of a deployment: one ComponentResource per concern, put together in `__main__.py`."""
