// What there is to know of one state, or of the execution as a whole: input, output, error and every try.

import { html } from "./dom.js";
import { elapsed } from "./elapsed.js";
import { clock, count, duration } from "./format.js";
import { pill } from "./status.js";

/** The stays in a state, one after the other; says so where it was never reached. */
export function stateDetails(record, state, now) {
  const stays = record.visits.filter((visit) => visit.state === state);
  return [
    stays.length
      ? stays.map((visit, index) => stay(visit, `${state} ${index}`, record, now))
      : html("p", {}, pill("not reached")),
    text("Definition", record.definitions[state], `${state} definition`),
  ];
}

/** Input, output and error of the execution. */
export function executionDetails({ execution }) {
  return [
    failure(execution),
    text("Input", execution.input, "execution input", true),
    text("Output", execution.output, "execution output", true),
  ];
}

function stay(visit, key, record, now) {
  const end = visit.exited ?? record.execution.stopped;
  return html(
    "section",
    { class: "stay" },
    html(
      "p",
      { class: "facts" },
      pill(visit.status),
      html("span", {}, visit.type),
      html("span", {}, `entered ${clock(visit.entered)}`),
      html("span", {}, visit.exited ? "left after " : "for ", elapsed(visit.entered, end, now)),
    ),
    // A try says itself why it failed.
    visit.attempts.length ? null : failure(visit),
    text("Input", visit.input, `${key} input`),
    visit.attempts.map((attempt) => tried(attempt, visit.attempts.length, `${key} try ${attempt.number}`)),
    text("Variables", visit.variables, `${key} variables`),
    text("Output", visit.output, `${key} output`, isShort(visit.output)),
  );
}

/** Whether there is something to be read at a glance. */
function isShort(content) {
  return content !== null && content !== "{}" && content.length < 600;
}

/** One try. The only one of a state that went well needs no heading of its own. */
function tried(attempt, of, key) {
  const took = attempt.ended ? `, ${duration(attempt.ended - attempt.started)}` : "";
  const heading = of > 1 ? `Try ${attempt.number} of ${count(of, "try", "tries")}` : "Call";
  return html(
    "details",
    { "data-key": key, open: attempt.error !== null },
    html(
      "summary",
      {},
      heading,
      html("span", { class: "quiet" }, ` ${attempt.resource || ""} at ${clock(attempt.started)}${took} `),
      pill(attempt.status),
    ),
    failure(attempt),
    block("Sent", attempt.parameters),
    block("Answer", attempt.output),
  );
}

function failure({ error, cause }) {
  if (!error && !cause) return null;
  return html(
    "div",
    { class: "failure" },
    html("strong", {}, error ?? "Failed"),
    cause ? html("pre", {}, cause) : null,
  );
}

/** A text behind its name. */
function text(name, content, key, isOpen = false) {
  if (content === null || content === undefined) return null;
  return html(
    "details",
    { "data-key": key, open: isOpen },
    html("summary", {}, name),
    html("pre", { "data-key": `${key} text`, tabindex: 0, role: "group", "aria-label": name }, content),
  );
}

function block(name, content) {
  if (content === null) return null;
  return html(
    "div",
    {},
    html("p", { class: "label" }, name),
    html("pre", { tabindex: 0, role: "group", "aria-label": name }, content),
  );
}
