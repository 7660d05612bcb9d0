"""What every test may ask for."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the campaigns run at full length."""
    parser.addoption("--long", action="store_true", help="run the campaigns at full length, as `make soak` does")


@pytest.fixture(scope="session")
def at_length(request: pytest.FixtureRequest) -> bool:
    """Whether the campaigns run at full length; otherwise they are the short version that `make test` includes."""
    return bool(request.config.getoption("--long"))
