"""The hold of a running stack against hostile callbacks, scanners, forged links, hostile forms, markup and crowds."""
