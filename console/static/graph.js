// Draws a state machine, with how each state stands. Every state is a link.

import { svg } from "./dom.js";
import { count } from "./format.js";
import { END, FONT_SIZE, START, layout } from "./layout.js";
import { sign, status } from "./status.js";

const ARROW = "arrow";
const CORNER = 7;

/**
 * The drawing of a record's state machine.
 *
 * Options: `link(state)` gives the address of a state, `selected` is the state to mark.
 */
export function graph(record, { link, selected }) {
  const drawn = layout(record.graph);
  const ways = new Set(record.ways.map((way) => JSON.stringify(way)));
  const context = { record, link, selected, ways };
  const drawing = svg(
    "svg",
    {
      class: "graph",
      viewBox: `0 0 ${drawn.width} ${drawn.height}`,
      width: drawn.width,
      height: drawn.height,
      role: "group",
      "aria-label": "The states of the workflow",
    },
    svg("defs", {}, ["", "-taken"].map(arrowHead)),
    scope(drawn, context),
  );
  drawing.style.setProperty("--natural", `${drawn.width}px`);
  return drawing;
}

function arrowHead(kind) {
  return svg(
    "marker",
    {
      id: ARROW + kind,
      class: `arrow${kind}`,
      viewBox: "0 0 8 8",
      refX: 7,
      refY: 4,
      markerWidth: 9,
      markerHeight: 9,
      markerUnits: "userSpaceOnUse",
      orient: "auto",
    },
    svg("path", { d: "M0 0L8 4L0 8z" }),
  );
}

function scope(drawn, context) {
  // Ways first: no line may cross a name.
  return [drawn.ways.map((each) => way(each, context)), drawn.nodes.map((each) => box(each, context))];
}

function way({ edge, points, rail }, { record, ways }) {
  const isTaken =
    ways.has(JSON.stringify([edge.source, edge.target])) ||
    (edge.source === START && record.visits.length > 0) ||
    (edge.target === END && record.states[edge.source]?.status === "done");
  const kind = `${edge.kind === "catch" ? " catch" : ""}${isTaken ? " taken" : ""}`;
  return svg(
    "path",
    {
      class: `way${kind}`,
      d: rail ? along(rail, isTaken) : curve(points),
      // A way that was not taken ends where it comes upon its neighbour's.
      "marker-end": rail && rail.joint !== null && !isTaken ? undefined : `url(#${ARROW}${isTaken ? "-taken" : ""})`,
    },
    edge.labels.length ? svg("title", {}, edge.labels.join("\n")) : null,
  );
}

/** A smooth line that begins and ends where it should and passes near every point between. */
function curve(points) {
  const middle = (a, b) => at({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const inner = points.slice(1, -1).map((point, index) => `Q${at(point)} ${middle(point, points[index + 2])}`);
  return `M${at(points[0])}${inner.join("")}L${at(points.at(-1))}`;
}

/** A line along the axes with rounded corners: all the way where it was taken, else as far as it is alone. */
function along({ from, x, into, joint }, isWhole) {
  const down = Math.sign(into.y - from.y) || 1;
  const begin = `M${at(from)}H${(x - CORNER).toFixed(1)}q${CORNER} 0 ${CORNER} ${CORNER * down}`;
  if (joint !== null && !isWhole) return `${begin}V${(joint + CORNER * down).toFixed(1)}`;
  const turn = `q0 ${CORNER * down} ${-CORNER} ${CORNER * down}`;
  return `${begin}V${(into.y - CORNER * down).toFixed(1)}${turn}H${into.x.toFixed(1)}`;
}

function at({ x, y }) {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

function box({ node, x, y, width, height, inside }, context) {
  const move = `translate(${x.toFixed(1)} ${y.toFixed(1)})`;
  if (node.name === START || node.name === END) {
    return svg("circle", { class: "dot", cx: x + width / 2, cy: y + height / 2, r: width / 2 });
  }
  const state = context.record.states[node.name];
  const stands = status(state?.status ?? "not reached");
  const notes = remarks(state);
  const isSelected = context.selected === node.name;
  return svg(
    "g",
    { transform: move, class: `state tone-${stands.tone}${isSelected ? " selected" : ""}` },
    svg(
      "a",
      {
        href: context.link(node.name),
        "data-key": `graph ${node.name}`,
        "data-state": node.name,
        "aria-label": [node.name, stands.word, ...notes].join(", "),
        "aria-current": isSelected ? "true" : undefined,
      },
      shape(node, width, height),
      svg("g", { transform: "translate(9 12)" }, sign(state?.status ?? "not reached")),
      svg("text", { x: 31, y: 25, "font-size": FONT_SIZE }, node.name),
      notes.length ? badge(notes, width) : null,
    ),
    inside.map((branch) => svg("g", { transform: `translate(${branch.x} ${branch.y})` }, scope(branch, context))),
  );
}

/** A hexagon for a choice, a box for all else. */
function shape(node, width, height) {
  if (node.type !== "Choice") return svg("rect", { class: "shape", width, height, rx: 7 });
  const [cut, middle] = [9, height / 2];
  const right = width - cut;
  return svg("path", {
    class: "shape",
    d: `M${cut} 0H${right}L${width} ${middle}L${right} ${height}H${cut}L0 ${middle}z`,
  });
}

function remarks(state) {
  if (!state) return [];
  const notes = [];
  if (state.visits > 1) notes.push(count(state.visits, "visit"));
  if (state.retries) notes.push(count(state.retries, "retry", "retries"));
  return notes;
}

function badge(notes, width) {
  const text = notes.join(", ");
  const length = text.length * 6 + 12;
  return svg(
    "g",
    { class: "badge", transform: `translate(${width - length + 6} -9)` },
    svg("rect", { width: length, height: 18, rx: 9 }),
    svg("text", { x: length / 2, y: 13, "text-anchor": "middle" }, text),
  );
}
