"""A state machine as a Mermaid flowchart. https://mermaid.js.org/syntax/flowchart.html"""

from collections.abc import Iterator, Mapping

from ops.history.graph import Edge, Node, Scope

LONGEST_LABEL = 44
"""Characters of a label; longer ones are cut, so that the picture stays readable."""

_SHAPES = {"Choice": "{{{}}}", "Succeed": "([{}])", "Fail": "([{}])", "Pass": "({})"}
_CLASSES = {"Fail": "failed", "Succeed": "succeeded"}

_STYLES = (
    "classDef failed stroke:#b42318,stroke-width:2px",
    "classDef succeeded stroke:#067647,stroke-width:2px",
    "classDef waiting stroke:#b54708,stroke-width:2px,stroke-dasharray:4 3",
)


def flowchart(scope: Scope) -> str:
    """Return the chart from top to bottom, with a Parallel as a frame around its branches."""
    known = ids(scope)
    lines = ["flowchart TD", "  start((start)) --> " + known[scope.start], *_scope(scope, known, "  ")]
    ends = [node for node in scope.nodes if node.is_end and node.type not in ("Fail", "Succeed")]
    if ends:
        lines += ["  done((end))", *(f"  {known[node.name]} --> done" for node in ends)]
    return "\n".join([*lines, *(f"  {style}" for style in _STYLES)])


def ids(scope: Scope) -> dict[str, str]:
    """Return the id of each state in the chart, by its name."""
    return {node.name: f"s{number}" for number, node in enumerate(scope.every_node())}


def _scope(scope: Scope, ids: Mapping[str, str], indent: str) -> Iterator[str]:
    for node in scope.nodes:
        yield from _node(node, ids, indent)
    goes_on = {(edge.source, edge.target) for edge in scope.edges if edge.kind == "next"}
    for edge in scope.edges:
        # One arrow for the transition that is taken in every case.
        if edge.kind != "catch" or (edge.source, edge.target) not in goes_on:
            yield indent + _edge(edge, ids)


def _node(node: Node, ids: Mapping[str, str], indent: str) -> Iterator[str]:
    own = ids[node.name]
    if not node.branches:
        style = (
            "waiting" if str(node.definition.get("Resource")).endswith(".waitForTaskToken") else _CLASSES.get(node.type)
        )
        shape = _SHAPES.get(node.type, "[{}]").format(_quoted(node.name))
        yield f"{indent}{own}{shape}" + (f":::{style}" if style else "")
        return
    yield f"{indent}subgraph {own}[{_quoted(node.name)}]"
    for branch in node.branches:
        yield from _scope(branch, ids, indent + "  ")
    yield f"{indent}end"


def _edge(edge: Edge, ids: Mapping[str, str]) -> str:
    arrow = "-.->" if edge.kind == "catch" else "-->"
    labels = () if edge.takes_any_error else ("otherwise",) if edge.kind == "default" else edge.labels
    text = f"|{_quoted('<br>'.join(_short(label) for label in labels))}|" if any(labels) else ""
    return f"{ids[edge.source]} {arrow}{text} {ids[edge.target]}"


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"


def _quoted(text: str) -> str:
    """Return the text quoted, so that Mermaid reads no markup in it. Its line breaks stay."""
    escaped = text.replace("#", "#35;").replace('"', "#quot;").replace("<br>", "\n")
    return '"' + escaped.replace("<", "#lt;").replace(">", "#gt;").replace("\n", "<br>") + '"'
