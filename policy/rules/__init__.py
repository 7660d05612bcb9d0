"""The rules of the policy pack, one module per concern; each rule is a policy of pulumi-policy."""
