// Draws when each state was entered and left, one row for each stay.

import { html } from "./dom.js";
import { clock, count, duration } from "./format.js";
import { status } from "./status.js";

const SMALLEST = 0.4; // per cent: shorter stays would not be seen

/** The table of a record's stays, as of the moment `now`. `link(state)` gives the address of a state. */
export function timeline(record, now, { link, selected }) {
  const { started, stopped } = record.execution;
  const whole = Math.max((stopped ?? now) - started, 1);
  const percent = (moment) => Math.min(Math.max((100 * (moment - started)) / whole, 0), 100);
  return html(
    "table",
    { class: "timeline" },
    html("caption", { class: "quiet" }, `From ${clock(started)}, ${duration(whole)} in all`),
    html(
      "thead",
      { class: "unseen" },
      html(
        "tr",
        {},
        ["State", "Time", "Duration"].map((name) => html("th", { scope: "col" }, name)),
      ),
    ),
    html(
      "tbody",
      {},
      record.visits.map((visit, index) => row(visit, index)),
    ),
  );

  function row(visit, index) {
    const end = visit.exited ?? lastMoment(visit) ?? stopped ?? now;
    const { word, tone } = status(visit.status);
    const tries = visit.attempts.length > 1 ? `, ${count(visit.attempts.length, "try", "tries")}` : "";
    const spans =
      visit.attempts.length > 1 ? visit.attempts : [{ started: visit.entered, ended: end, status: visit.status }];
    return html(
      "tr",
      { class: `tone-${tone}${selected === visit.state ? " selected" : ""}` },
      html(
        "th",
        { scope: "row" },
        inset(html("a", { href: link(visit.state), "data-key": `timeline ${index}` }, visit.state), visit.depth),
      ),
      html(
        "td",
        { class: "bars" },
        html("span", { class: "unseen" }, `${clock(visit.entered)}, ${word}${tries}`),
        bar("stay", percent(visit.entered), percent(end)),
        spans.map((span) =>
          bar(`try tone-${status(span.status).tone}`, percent(span.started), percent(span.ended ?? end)),
        ),
      ),
      html("td", { class: "number" }, duration(end - visit.entered)),
    );
  }
}

/** When a stay ended that was never left: with its last try, if that has ended. */
function lastMoment(visit) {
  return ["running", "waiting", "retrying"].includes(visit.status) ? undefined : visit.attempts.at(-1)?.ended;
}

function inset(element, depth) {
  element.style.marginLeft = `${depth * 1.1}rem`;
  return element;
}

function bar(kind, from, to) {
  const element = html("span", { class: kind });
  const width = Math.max(to - from, SMALLEST);
  element.style.left = `${Math.min(from, 100 - width)}%`;
  element.style.width = `${width}%`;
  return element;
}
