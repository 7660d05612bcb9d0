"""Relations between the resources of a stack."""

from collections.abc import Iterable

from pulumi_policy import PolicyResource

from rules.reading import known


def of_type(resources: Iterable[PolicyResource], *types: str) -> list[PolicyResource]:
    """Return the resources of these types, such as `aws:sqs/queue:Queue`."""
    return [resource for resource in resources if resource.resource_type in types]


def refers(source: PolicyResource, prop: str, target: PolicyResource, *names: str) -> bool:
    """Return whether a property of one resource names the other.

    The engine knows this from the program's data flow, even during a preview. A program that writes a name as a
    literal leaves no such trace: then the property's value has to be one of the target's `names`, which are properties
    as well.
    """
    if any(dependency.urn == target.urn for dependency in source.property_dependencies.get(prop, ())):
        return True
    value = known(source.props, prop)
    return isinstance(value, str) and value != "" and any(known(target.props, name) == value for name in names)


def calls(caller: PolicyResource, prop: str, function: PolicyResource, resources: Iterable[PolicyResource]) -> bool:
    """Return whether a property of the caller names the function itself, its newest version, or one of its aliases."""
    if refers(caller, prop, function, "arn", "invokeArn", "name", "qualifiedArn", "qualifiedInvokeArn"):
        return True
    return any(
        refers(caller, prop, alias, "arn", "invokeArn")
        for alias in of_type(resources, "aws:lambda/alias:Alias")
        if refers(alias, "functionName", function, "name", "arn")
    )
