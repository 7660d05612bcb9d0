"""The bearer tokens of the APIs and of the callback, in one secret."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from facts import LINK_KEY, STACK_TOKENS

TOKEN_LENGTH = 48
"""48 letters and digits, 285 bits, which need no escaping in a header or in JSON."""

BEARER = "Bearer "
"""The prefix of a token in the header Authorization. https://www.rfc-editor.org/rfc/rfc6750#section-2.1"""

CONNECTION_VALUE_LENGTH = 512
"""The longest API key of an EventBridge connection: the shape AuthHeaderParametersSensitive.
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnectionApiKeyAuthRequestParameters.html"""

MAX_GIVEN_TOKEN_LENGTH = CONNECTION_VALUE_LENGTH - len(BEARER)

RECOVERY_DAYS = 30
"""Days in which a deleted secret can be restored if data is protected."""


@dataclass(frozen=True, kw_only=True)
class TokensArgs:
    """Raise `generation` to create every token again; `protect` refuses to delete the secret, and keeps a deleted one
    for a while.

    `given` holds the token that each API asks for, by the API's name; an empty one is made at random. `links` adds the
    key that signs links to the approval page.
    """

    prefix: str
    generation: pulumi.Input[int] = 1
    kms_key_arn: pulumi.Input[str] | None = None
    protect: bool = False
    given: Mapping[str, str]
    links: bool = False


class Tokens(pulumi.ComponentResource):
    """One secret: a JSON object with a token for each API, the callback's, and the key of signed webhooks.

    A new generation becomes AWSCURRENT and the previous one AWSPREVIOUS; handlers accept both, so that
    a rotation fails no call.

    Example:
        tokens = Tokens("tokens", TokensArgs(prefix="shop-dev", given={"validation": ""}))
        tokens.apis["validation"]  # made at random, because none is given
    """

    secret_arn: pulumi.Output[str]
    apis: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, args: TokensArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Tokens", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        made = {
            key: random.RandomPassword(
                f"{name}-{key}",
                length=TOKEN_LENGTH,
                special=False,
                keepers={"generation": pulumi.Output.format("{}", args.generation)},
                opts=child,
            ).result
            for key in (*args.given, *STACK_TOKENS, *([LINK_KEY] if args.links else []))
        }
        given = {key: pulumi.Output.secret(token) for key, token in args.given.items() if token}
        tokens = {**made, **given}
        secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            # The name must not end in a hyphen and six characters, as `-tokens` does, because the ARN of every secret
            # ends so.
            # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
            name=f"{args.prefix}-{name}-credentials",
            description="Bearer tokens of the release APIs and of the callback, and the key of signed Jira webhooks",
            kms_key_id=args.kms_key_arn,
            # A name stays taken while its secret can be restored, but a test stack must be able to return at once.
            recovery_window_in_days=RECOVERY_DAYS if args.protect else 0,
            # A deleted secret would keep its name for these days, and `pulumi up` could not make it again.
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        version = aws.secretsmanager.SecretVersion(
            f"{name}-secret-version",
            secret_id=secret.id,
            secret_string=pulumi.Output.json_dumps(tokens),
            # Secrets Manager deletes a version without labels. The provider would remove the labels that it knows, and
            # would always fail after `ops rotate` has moved one of them.
            # https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )
        # Users of a token depend on the version with it: the APIs accept a new token before it is first used.
        self.apis = {
            api: pulumi.Output.all(tokens[api], version.version_id).apply(lambda pair: str(pair[0]))
            for api in args.given
        }
        self.secret_arn = secret.arn
        self.register_outputs({"secret_arn": self.secret_arn})
