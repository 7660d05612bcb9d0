// How executions and states stand: a word, a tone and a sign for each, so that none is told by its colour alone.

import { html, svg } from "./dom.js";

const TICK = "M3.5 8.5l3 3 6-7";
const CROSS = "M4 4l8 8M12 4l-8 8";
const DOTS = "M3.5 8h.01M8 8h.01M12.5 8h.01";
const PAUSE = "M5.5 4v8M10.5 4v8";
const AGAIN = "M12.5 8a4.5 4.5 0 1 1-1.4-3.3M12.5 2.5v3h-3";
const STOP = "M4.5 4.5h7v7h-7z";
const RING = "M8 3.5a4.5 4.5 0 1 0 .01 0z";

const STATUSES = {
  RUNNING: ["running", "running", DOTS],
  SUCCEEDED: ["succeeded", "good", TICK],
  FAILED: ["failed", "bad", CROSS],
  REJECTED: ["rejected", "caught", CROSS],
  TIMED_OUT: ["timed out", "bad", CROSS],
  ABORTED: ["stopped", "muted", STOP],
  PENDING_REDRIVE: ["about to be redriven", "running", AGAIN],
  running: ["running", "running", DOTS],
  waiting: ["waiting", "waiting", PAUSE],
  retrying: ["failed, about to try again", "waiting", AGAIN],
  done: ["done", "good", TICK],
  caught: ["failed and caught", "caught", AGAIN],
  failed: ["failed", "bad", CROSS],
  "timed out": ["timed out", "bad", CROSS],
  aborted: ["cut off", "muted", STOP],
  "not reached": ["not reached", "none", RING],
};

/** The word, and the tone by which the style sheet colours it. */
export function status(name) {
  const [word, tone, path] = STATUSES[name] ?? [name, "none", RING];
  return { word, tone, path };
}

/** The sign of a status, as a 16 by 16 SVG; its word is for somebody else to say. */
export function sign(name) {
  return svg(
    "svg",
    { class: "sign", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" },
    svg("path", { d: status(name).path }),
  );
}

/** Sign and word. */
export function pill(name) {
  const { word, tone } = status(name);
  return html("span", { class: `pill tone-${tone}` }, sign(name), word);
}
