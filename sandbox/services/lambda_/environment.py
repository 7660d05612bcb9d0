"""The environment variables of a Lambda container: the function's own and AWS's, nothing of this machine."""

import os
import sys
from pathlib import Path

from moto.awslambda.models import LambdaFunction

from sandbox.iam import roles
from sandbox.services.lambda_.configuration import logging_config


def environment(function: LambdaFunction, endpoint_url: str, task_root: Path, log_stream: str) -> dict[str, str]:
    """Return all variables of a container.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    """
    logging = logging_config(function)
    session = roles.session(function.role, function.function_name, function.region)
    variables = {
        "AWS_ACCESS_KEY_ID": session.access_key,
        "AWS_SECRET_ACCESS_KEY": session.secret_key,
        "AWS_SESSION_TOKEN": session.token,
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": logging["LogGroup"],
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_LOG_FORMAT": logging["LogFormat"],
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
        "AWS_ENDPOINT_URL": endpoint_url,
        "LAMBDA_TASK_ROOT": str(task_root),
        "LANG": "en_US.UTF-8",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
        "TZ": ":UTC",
        "_HANDLER": function.handler or "",
    }
    if "ApplicationLogLevel" in logging:
        variables["AWS_LAMBDA_LOG_LEVEL"] = logging["ApplicationLogLevel"]
    return {**variables, **function.environment_vars}
