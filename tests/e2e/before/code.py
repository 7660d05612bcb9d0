"""Code of functions, as archives that the sandbox takes."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from components import bundle, defaults
from facts import LIVE_ALIAS
from tests.e2e.client import Client

ROOT = Path(__file__).parents[3]


def present() -> dict[str, bytes]:
    """Return the present code of the functions."""
    paths = (*(ROOT / "handlers").rglob("*.py"), ROOT / "facts.py")
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in paths}


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return the files, with as much of each package of the bundle as the sandbox needs to find it installed here."""
    packages: dict[str, str] = {}
    with zipfile.ZipFile(ROOT / bundle.build(defaults.LAMBDA_RUNTIME, defaults.LAMBDA_ARCHITECTURE)) as whole:
        for name in whole.namelist():
            top = name.partition("/")[0]
            if name.endswith(".dist-info/RECORD") or top not in packages:
                packages[top] = name
        more = {name: whole.read(name) for top, name in packages.items() if top not in ("handlers", "facts.py")}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as target:
        for name, content in {**more, **files}.items():
            target.writestr(name, content)
    return written.getvalue()


def publish(client: Client, function: str, code: bytes, *, timeout: int | None = None) -> str:
    """Deploy code, and a timeout in seconds, as `pulumi up` does; return the ARN of the new version.

    The alias moves to it where there is one.
    """
    functions = client.aws("lambda")
    if timeout is not None:
        functions.update_function_configuration(FunctionName=function, Timeout=timeout)
    published = functions.update_function_code(FunctionName=function, ZipFile=code, Publish=True)
    if functions.list_aliases(FunctionName=function)["Aliases"]:
        functions.update_alias(FunctionName=function, Name=LIVE_ALIAS, FunctionVersion=published["Version"])
    return str(published["FunctionArn"])
