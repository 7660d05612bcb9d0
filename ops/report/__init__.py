"""The report of one execution, in the sandbox or on AWS, as one HTML file to attach to a ticket."""

from pathlib import Path

from ops.report.html import page
from ops.report.record import Clients, Record, read

__all__ = ["Clients", "Record", "page", "read", "write"]


def write(clients: Clients, execution_arn: str, path: Path) -> Path:
    """Write the report of an execution.

    Args:
        clients: gives the boto3 client of a service by its name, as `Target.client` does.
        execution_arn: of a release, an order, or any other standard workflow.
        path: the file, which is overwritten.

    Returns:
        The path.

    Raises:
        botocore.exceptions.ClientError: there is no such execution, or the caller may not read it.
    """
    path.write_text(page(read(clients, execution_arn)), encoding="utf-8")
    return path
