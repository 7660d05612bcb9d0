"""The approval page of a running stack against scanners, forged links, hostile forms, markup and crowds."""
