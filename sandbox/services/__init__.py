"""The data planes that moto lacks: each module closes one gap, and goes when moto closes it."""

from contextlib import ExitStack


def install_all(endpoint_url: str) -> ExitStack:  # noqa: ARG001 - filled as the extensions land
    """Install every extension for the sandbox at `endpoint_url`; closing the result removes and ends them."""
    return ExitStack()
