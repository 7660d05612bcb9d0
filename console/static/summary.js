// The facts of an execution in a few words.

import { html } from "./dom.js";
import { elapsed } from "./elapsed.js";
import { count, dateTime, number, usd } from "./format.js";
import { pill } from "./status.js";

const SUBJECTS = { story: "Story", order: "Order", subject: "Subject" };

/** A list of facts, as of the moment `now`. */
export function summary(record, now) {
  const { execution, cost, transitions } = record;
  const retries = Object.values(record.states).reduce((sum, state) => sum + state.retries, 0);
  return html(
    "dl",
    { class: "summary" },
    fact("Status", pill(execution.outcome ?? execution.status)),
    record.subject ? fact(SUBJECTS[record.subject.kind], record.subject.id) : null,
    fact("Started", dateTime(execution.started)),
    fact("Duration", elapsed(execution.started, execution.stopped, now)),
    fact("Transitions", number(transitions) + (retries ? `, ${count(retries, "retry", "retries")}` : "")),
    execution.redrives ? fact("Redriven", count(execution.redrives, "time")) : null,
    fact("Cost", usd(cost.total)),
  );
}

/** What the run cost, line by line. */
export function bill({ cost }) {
  return html(
    "table",
    { class: "bill" },
    html("caption", { class: "quiet" }, `At list price, without free tier. ${cost.leavesOut}`),
    html(
      "thead",
      {},
      html(
        "tr",
        {},
        ["Item", "Quantity", "US dollars"].map((name) => html("th", { scope: "col" }, name)),
      ),
    ),
    html(
      "tbody",
      {},
      cost.lines.map((line) => entry(line.item, String(line.quantity), usd(line.usd))),
      entry("total", "", usd(cost.total)),
    ),
  );
}

function entry(item, quantity, amount) {
  return html(
    "tr",
    {},
    html("th", { scope: "row" }, item),
    html("td", { class: "number" }, quantity),
    html("td", { class: "number" }, amount),
  );
}

function fact(name, value) {
  return html("div", {}, html("dt", {}, name), html("dd", {}, value));
}
