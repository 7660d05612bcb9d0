// Where everything stands in the drawing of a state machine. Branches are laid out by themselves, and stand side by
// side in the box of their Parallel or Map: no way leads from one into another, so nothing has to cross a frame.

import * as dagre from "./vendor/dagre/dagre.esm.js";

const SIGN = 31; // what the sign of the status takes
const PADDING = 14;
const HEIGHT = 40;
const HEADER = 44;
const GAP = 16;
const DOT = 12;
const RAIL = 13; // from one rail to the next, and to the nodes

export const FONT_SIZE = 13;
export const START = "\u0000start";
export const END = "\u0000end";

/**
 * Lay out a machine's graph.
 *
 * Returns { width, height, nodes: [{ node, x, y, width, height, inside }], ways: [{ edge, points, rail }] }. x and y
 * are upper left corners; each of `inside` is of the same form, at a place in the node. `rail` is there where a way
 * leaves the nodes: { from, x, into, joint }, with `joint` being where it comes upon a neighbour's way, if it does.
 */
export function layout(graph) {
  // While an execution runs its graph stays the same, and to lay it out takes longer than to draw it.
  const key = JSON.stringify(graph);
  if (last.key !== key) last = { key, drawn: place(withEnds(graph), ruler()) };
  return last.drawn;
}

let last = {};

/** Gives the width of a name. */
function ruler() {
  const context = document.createElement("canvas").getContext("2d");
  context.font = `${FONT_SIZE}px ${getComputedStyle(document.body).fontFamily}`;
  return (text) => context.measureText(text).width;
}

/** The graph with a start, and an end where a state that is no end of its own ends the machine. */
function withEnds(graph) {
  const ends = graph.nodes.filter((node) => node.isEnd && node.type !== "Fail" && node.type !== "Succeed");
  return {
    nodes: [{ name: START, branches: [] }, ...graph.nodes, ...(ends.length ? [{ name: END, branches: [] }] : [])],
    edges: [
      { source: START, target: graph.start, kind: "next", labels: [] },
      ...graph.edges,
      ...ends.map((node) => ({ source: node.name, target: END, kind: "next", labels: [] })),
    ],
  };
}

function place({ nodes, edges }, measure) {
  const drawing = new dagre.Graph();
  drawing.setGraph({ rankdir: "TB", nodesep: 18, ranksep: 30, edgesep: 12, marginx: 2, marginy: 2 });
  const inner = new Map(nodes.map((node) => [node.name, boxes(node, measure)]));
  for (const node of nodes) drawing.setNode(node.name, size(node, inner.get(node.name), measure));
  const [laid, railed] = sorted(edges);
  for (const edge of laid) drawing.setEdge(edge.source, edge.target, { edge });
  dagre.layout(drawing);
  const { width, height } = drawing.graph();
  const targets = [...new Set(railed.map((edge) => edge.target))].sort((a, b) => drawing.node(a).y - drawing.node(b).y);
  return {
    width: width + targets.length * RAIL,
    height,
    nodes: nodes.map((node) => {
      const { x, y, width: wide, height: high } = drawing.node(node.name);
      return { node, x: x - wide / 2, y: y - high / 2, width: wide, height: high, inside: inner.get(node.name) };
    }),
    ways: [
      ...targets.flatMap((target, index) =>
        rails(
          drawing,
          railed.filter((edge) => edge.target === target),
          width + (index + 1) * RAIL - 2,
        ),
      ),
      ...drawing.edges().map((name) => drawing.edge(name)),
    ],
  };
}

/**
 * The ways that are laid out, and those that are led along rails on the right: catches of states to which other ways
 * lead as well. There are as many as there are states, and between the others nothing would be seen for them.
 */
function sorted(edges) {
  const found = new Map();
  // One way is enough between two states; the one that leads on hides the one that leads there on an error.
  for (const edge of edges) {
    const key = JSON.stringify([edge.source, edge.target]);
    if (!found.has(key) || found.get(key).kind === "catch") found.set(key, edge);
  }
  const each = [...found.values()];
  const reached = new Set(each.filter((edge) => edge.kind !== "catch").map((edge) => edge.target));
  const laid = [];
  const railed = [];
  for (const edge of each) {
    const isRailed = edge.kind === "catch" && reached.has(edge.target);
    reached.add(edge.target);
    (isRailed ? railed : laid).push(edge);
  }
  return [laid, railed];
}

/** Out of the sources on their right, along one rail at `x`, and into the target that they share. */
function rails(drawing, edges, x) {
  const all = edges.map((edge) => {
    const source = drawing.node(edge.source);
    const target = drawing.node(edge.target);
    return {
      edge,
      rail: {
        from: { x: source.x + source.width / 2, y: source.y + 8 },
        x,
        into: { x: target.x + target.width / 2, y: target.y - 8 },
      },
    };
  });
  for (const { rail } of all) {
    const isBetween = (y) => Math.min(rail.from.y, rail.into.y) < y && y < Math.max(rail.from.y, rail.into.y);
    const onTheWay = all.map((each) => each.rail.from.y).filter(isBetween);
    rail.joint = onTheWay.length
      ? onTheWay.reduce((a, b) => (Math.abs(a - rail.from.y) < Math.abs(b - rail.from.y) ? a : b))
      : null;
  }
  return all;
}

/** What is drawn inside of a node: its branches from left to right. */
function boxes(node, measure) {
  let x = GAP;
  return node.branches.map((branch) => {
    const placed = { x, y: HEADER, ...place(branch, measure) };
    x += placed.width + GAP;
    return placed;
  });
}

function size(node, inside, measure) {
  if (node.name === START || node.name === END) return { width: DOT, height: DOT };
  const own = SIGN + measure(node.name) + PADDING;
  if (!inside.length) return { width: own, height: HEIGHT };
  const within = inside.reduce((sum, branch) => sum + branch.width + GAP, GAP);
  return { width: Math.max(own, within), height: HEADER + Math.max(...inside.map((each) => each.height)) + GAP };
}
