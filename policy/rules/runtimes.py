"""Rules: functions run on runtimes that still get security updates."""

from datetime import date, timedelta

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)

RUNTIMES_URL = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"

DEPRECATED_ON = {
    "nodejs24.x": date(2028, 4, 30),
    "nodejs22.x": date(2027, 4, 30),
    "nodejs20.x": date(2026, 4, 30),
    "nodejs18.x": date(2025, 9, 1),
    "nodejs16.x": date(2024, 6, 12),
    "nodejs14.x": date(2023, 12, 4),
    "nodejs12.x": date(2023, 3, 31),
    "nodejs10.x": date(2021, 7, 30),
    "nodejs8.10": date(2020, 3, 6),
    "nodejs6.10": date(2019, 8, 12),
    "nodejs4.3-edge": date(2020, 3, 5),
    "nodejs4.3": date(2020, 3, 5),
    "nodejs": date(2016, 10, 31),
    "python3.14": date(2029, 6, 30),
    "python3.13": date(2029, 6, 30),
    "python3.12": date(2028, 10, 31),
    "python3.11": date(2027, 6, 30),
    "python3.10": date(2026, 10, 31),
    "python3.9": date(2025, 12, 15),
    "python3.8": date(2024, 10, 14),
    "python3.7": date(2023, 12, 4),
    "python3.6": date(2022, 7, 18),
    "python2.7": date(2021, 7, 15),
    "java25": date(2029, 6, 30),
    "java21": date(2029, 6, 30),
    "java17.al2023": date(2029, 6, 30),
    "java17": date(2027, 6, 30),
    "java11.al2023": date(2029, 6, 30),
    "java11": date(2027, 6, 30),
    "java8.al2023": date(2029, 6, 30),
    "java8.al2": date(2027, 6, 30),
    "java8": date(2024, 1, 8),
    "dotnet10": date(2028, 11, 14),
    "dotnet8": date(2026, 11, 10),
    "dotnet7": date(2024, 5, 14),
    "dotnet6": date(2024, 12, 20),
    "dotnetcore3.1": date(2023, 4, 3),
    "dotnetcore2.1": date(2022, 1, 5),
    "dotnetcore2.0": date(2019, 5, 30),
    "dotnetcore1.0": date(2019, 7, 27),
    "ruby4.0": date(2029, 3, 31),
    "ruby3.4": date(2028, 3, 31),
    "ruby3.3": date(2027, 3, 31),
    "ruby3.2": date(2026, 3, 31),
    "ruby2.7": date(2023, 12, 7),
    "ruby2.5": date(2021, 7, 30),
    "go1.x": date(2024, 1, 8),
    "provided.al2023": date(2029, 6, 30),
    "provided.al2": date(2026, 7, 31),
    "provided": date(2024, 1, 8),
}
"""The runtimes and the days on which AWS deprecates them, from its table of July 2026. AWS may postpone future
days; a runtime that is not listed is newer than the table.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"""


def today() -> date:
    """Return the current date."""
    return date.today()


def _check(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type != "aws:lambda/function:Function":
        return
    runtime = args.props.get("runtime")
    end = DEPRECATED_ON.get(runtime or "")
    notice = timedelta(days=args.get_config().get("noticeDays", 0))
    if end is not None and today() + notice >= end:
        tense = "gets" if today() >= end else "will get"
        report(
            f"Function '{args.name}' runs on {runtime}, which {tense} no security updates from {end} on. "
            f"Choose another runtime from {RUNTIMES_URL}; in this project by lambdaRuntime.",
            args.urn,
        )


RUNTIME_SUPPORTED = ResourceValidationPolicy(
    name="runtime-supported",
    description="Functions run on runtimes that still get security updates from AWS.",
    enforcement_level=EnforcementLevel.MANDATORY,
    config_schema=PolicyConfigSchema(
        properties={
            "noticeDays": {
                "type": "integer",
                "minimum": 0,
                "default": 0,
                "description": "How many days before its end a runtime is reported.",
            }
        }
    ),
    validate=_check,
    remediation_steps="Choose a runtime that AWS supports; in this project by `lambdaRuntime`.",
    url=RUNTIMES_URL,
)
