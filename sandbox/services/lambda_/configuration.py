"""Settings of a Lambda function that moto accepts and drops: logging, dead-letter queue, and changes."""

from typing import Any

from moto.awslambda.models import LambdaFunction

from sandbox.patches import wrapped

_KEPT = ("LoggingConfig", "DeadLetterConfig")


def logging_config(function: LambdaFunction) -> dict[str, str]:
    """Return the current LogGroup and LogFormat ("Text" or "JSON"), with AWS's defaults
    (https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html), and the levels if the format is JSON.
    """
    given = _kept(function).get("LoggingConfig") or {}
    config = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.function_name}", **given}
    if config["LogFormat"] == "JSON":
        config = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO", **config}
    return config


def dead_letter_arn(function: LambdaFunction) -> str | None:
    """Return the ARN of the function's dead-letter queue or topic, if it has one."""
    return (_kept(function).get("DeadLetterConfig") or {}).get("TargetArn") or None


def _kept(function: LambdaFunction) -> dict[str, Any]:
    kept: dict[str, Any] = function.__dict__.setdefault("kept_settings", {})
    return kept


def _init(
    original: Any, self: LambdaFunction, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any
) -> None:
    self.__dict__["kept_settings"] = {name: spec[name] for name in _KEPT if name in spec}
    original(self, account_id, spec, *args, **kwargs)


def _update(original: Any, self: LambdaFunction, config_updates: dict[str, Any]) -> Any:
    # A new dict: published versions share the old one.
    self.__dict__["kept_settings"] = {
        **_kept(self),
        **{name: config_updates[name] for name in _KEPT if name in config_updates},
    }
    if "TracingConfig" in config_updates:
        self.tracing_config = config_updates["TracingConfig"]
    if "EphemeralStorage" in config_updates:
        self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
    if "KMSKeyArn" in config_updates:
        self.kms_key_arn = config_updates["KMSKeyArn"]
    if "Environment" in config_updates:
        # The variables are optional, but moto requires them.
        variables = config_updates["Environment"].get("Variables") or {}
        config_updates = {**config_updates, "Environment": {"Variables": variables}}
    return original(self, config_updates)


def _get(original: Any, self: LambdaFunction, on_create: bool = False) -> dict[str, Any]:
    config = {**original(self, on_create), "LoggingConfig": logging_config(self)}
    if arn := dead_letter_arn(self):
        config["DeadLetterConfig"] = {"TargetArn": arn}
    return config


PATCHES = (
    wrapped(LambdaFunction, "__init__", _init, "drops LoggingConfig and DeadLetterConfig"),
    wrapped(LambdaFunction, "update_configuration", _update, "drops changes of settings"),
    wrapped(LambdaFunction, "get_configuration", _get, "does not show LoggingConfig and DeadLetterConfig"),
)
