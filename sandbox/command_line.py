"""The command line of the sandbox: commands, options and their arguments."""

import argparse
from pathlib import Path

import sandbox

DEFAULT_PORT = 4566
MAX_PORT = 65535


def parser(description: str | None) -> argparse.ArgumentParser:
    """Build the parser of `python -m sandbox`."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=description)
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="deploy the program onto an embedded AWS and serve it")
    serve = commands.add_parser("serve", help="serve an empty embedded AWS, for `pulumi up --stack local`")
    for command in (up, serve):
        command.add_argument(
            "--port", type=_port, default=DEFAULT_PORT, help=f"0 takes a free one (default {DEFAULT_PORT})"
        )
        command.add_argument("--no-iam", dest="iam", action="store_false", help="disable IAM checks")
        command.add_argument(
            "--jsonpath", action="store_true", help="accept JSONPath, which runs differently from AWS: docs/sandbox.md"
        )
        command.add_argument(
            "--permissions",
            type=Path,
            metavar="FILE",
            help="at the end, write here as JSON which of the granted permissions were used",
        )
        command.add_argument(
            "--faults", type=Path, metavar="FILE", help="let calls fail as this plan says, see docs/faults.md"
        )
    commands.add_parser("patches", help="list what the sandbox changes in moto, and why")
    up.add_argument(
        "--program",
        type=_project,
        # A string, so that argparse parses the default: an installed library has no program.
        default=str(sandbox.ROOT),
        metavar="DIR",
        help="the folder of another Pulumi program in Python (default: this project)",
    )
    up.add_argument("--stack", default="dev", help="whose Pulumi.<stack>.yaml to use (default dev)")
    up.add_argument(
        "--config",
        action="append",
        default=[],
        type=_setting,
        metavar="KEY=VALUE",
        help="override a configuration value; may be repeated",
    )
    up.add_argument(
        "--outputs",
        type=Path,
        metavar="FILE",
        help="write the stack outputs here, too, as JSON when all is up (as long as the sandbox runs, they are in "
        ".cache/sandbox/PORT.json, where `python -m ops` finds them)",
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > MAX_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {MAX_PORT}, not '{text}'")
    return int(text)


def _project(text: str) -> Path:
    folder = Path(text).resolve()
    if not (folder / "Pulumi.yaml").is_file():
        raise argparse.ArgumentTypeError(
            f"'{text}' must be the folder of a Pulumi project, named by --program: it has no Pulumi.yaml"
        )
    return folder


def _setting(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not key or not separator:
        raise argparse.ArgumentTypeError(f"'{text}' must have the form KEY=VALUE")
    return key, value
