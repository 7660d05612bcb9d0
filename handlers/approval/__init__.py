"""The approval page: people decide by a signed link, in a browser, without a script."""
