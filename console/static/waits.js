// What waits for somebody, longest first, with the buttons that answer for Jira.

import { watch } from "./api.js";
import { now } from "./clock.js";
import { confirm } from "./confirm.js";
import { html, replace } from "./dom.js";
import { ago } from "./elapsed.js";
import { number } from "./format.js";
import { to, toExecution } from "./routes.js";

/** A release gets the status that Jira would send for its story; other workflows get the decision itself. */
const RELEASE = [
  { status: "done", label: "Done", kind: "good" },
  { status: "failed", label: "Failed", kind: "bad" },
];
const OTHERS = [
  { status: "success", label: "Approve", kind: "good" },
  { status: "failure", label: "Reject", kind: "bad" },
];

/** Fill the section with at most `limit` waits, for as long as the returned function is not called. */
export function showWaits(section, limit, context) {
  const draw = ({ waits, total }) => {
    section.hidden = total === 0 && limit < Infinity;
    replace(section, list(waits, total, limit, context));
  };
  return watch(`waiting?limit=${Number.isFinite(limit) ? limit : ""}`, draw, context.failed);
}

function list(waits, total, limit, context) {
  return [
    limit < Infinity ? html("h2", {}, "Waiting for people") : null,
    total === 0 ? html("p", { class: "empty" }, "Nothing waits.") : null,
    html(
      "ul",
      { class: "waiting" },
      waits.map((wait) => item(wait, context)),
    ),
    total > waits.length
      ? html("p", {}, html("a", { href: to("waiting"), "data-key": "all waits" }, `All ${number(total)} that wait`))
      : null,
  ];
}

function item(wait, context) {
  return html(
    "li",
    { class: "card" },
    html(
      "div",
      {},
      html("a", { class: "story", href: toExecution(wait), "data-key": `wait ${wait.arn}` }, wait.story),
      html("span", { class: "quiet" }, " waiting for ", ago(wait.since, now())),
    ),
    wait.hasCallback
      ? html("span", { class: "quiet" }, "called back, about to go on")
      : answers(wait, wait.arn, context),
  );
}

/** The buttons that ask whether to send a decision. */
export function answers(wait, key, context) {
  const workflow = context.stack.workflows.find(({ machine }) => machine === wait.machine);
  const buttons = (workflow?.label === "release" ? RELEASE : OTHERS).map((answer) =>
    html(
      "button",
      {
        type: "button",
        class: answer.kind,
        "data-key": `${answer.status} ${key}`,
        "aria-haspopup": "dialog",
        "aria-label": `${answer.label}: ${wait.story}`,
        onclick: (event) => confirm(answer, wait, event.currentTarget.dataset.key, context),
      },
      answer.label,
    ),
  );
  return html("span", { class: "answers" }, buttons);
}
