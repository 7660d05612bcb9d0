"""The policy pack, as the Pulumi CLI starts it: `pulumi preview --policy-pack policy`."""

from pulumi_policy import PolicyPack

from rules.pack import POLICIES

PolicyPack(name="holdpoint", policies=POLICIES)
