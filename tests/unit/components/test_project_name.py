"""Projects with another name: their configuration has their own namespace."""

import pulumi
import pytest
from pulumi.runtime.settings import Settings as PulumiSettings
from pulumi.runtime.settings import configure

from components.config_errors import ConfigError
from components.settings import Settings
from sandbox.stack import load
from tests.unit.recorded_program import ROOT


def test_renamed_project_reads_its_own_namespace() -> None:
    config = {key.replace("holdpoint:", "renamed:"): text for key, text in load(ROOT, "dev").config.items()}
    configure(PulumiSettings(project="renamed", stack="dev"))
    pulumi.runtime.set_all_config({**config, "renamed:lambdaTimeout": "17", "holdpoint:lambdaTimeout": "18"})
    assert Settings.load().lambda_timeout == 17
    pulumi.runtime.set_all_config({**config, "renamed:lambdaTimeout": "901"})
    with pytest.raises(ConfigError, match="renamed:lambdaTimeout is 901"):
        Settings.load()
