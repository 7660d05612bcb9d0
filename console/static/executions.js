// The list of executions, newest first, and above it what waits for somebody.

import { watch } from "./api.js";
import { now } from "./clock.js";
import { html, replace } from "./dom.js";
import { elapsed } from "./elapsed.js";
import { count, dateTime, number } from "./format.js";
import { amend, to, toExecution } from "./routes.js";
import { pill, status } from "./status.js";
import { showWaits } from "./waits.js";

const STATUSES = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"];
const COLUMNS = ["Status", "Subject", "Workflow", "Started", "Duration", "Execution"];
const WAITS = 3;
const TYPING = 250; // milliseconds without a key before the search begins

export function showExecutions(main, parameters, context) {
  const { stack, failed } = context;
  const list = html("section", { "aria-label": "Executions" }, html("p", { class: "empty" }, "Looking …"));
  const waits = html("section", { class: "waits", hidden: true });
  let current = parameters;
  const controls = filters(stack, parameters, (changed) =>
    amend(to("executions", { ...current, ...changed, page: "" })),
  );
  main.append(html("h1", { tabindex: -1 }, "Executions"), waits, controls, list);
  const closeWaits = stack.isKnown ? showWaits(waits, WAITS, context) : () => {};
  let close = look();
  return { close: () => (close(), closeWaits(), controls.close()), update };

  function look() {
    const query = new URLSearchParams(current);
    const draw = (answer) => {
      replace(list, found(answer, current));
      return answer.unread > 0;
    };
    return watch(`executions?${query}`, draw, failed);
  }

  function update(next) {
    current = next;
    controls.show(next);
    close();
    close = look();
    return true;
  }
}

/** The fields by which the list is narrowed down; `show` brings them in line with the address, `close` ends them. */
function filters(stack, parameters, onChange) {
  let timer;
  const text = html("input", {
    type: "search",
    name: "q",
    placeholder: "Story, order or name",
    "aria-label": "Story, order or name",
    value: parameters.q ?? "",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => onChange({ q: text.value.trim() }), TYPING);
    },
  });
  const workflow = choice(
    "Workflow",
    stack.workflows.map(({ machine, label }) => [machine, label]),
    (value) => onChange({ machine: value }),
  );
  const state = choice(
    "Status",
    STATUSES.map((name) => [name, status(name).word]),
    (value) => onChange({ status: value }),
  );
  const form = html(
    "form",
    { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() },
    text,
    workflow,
    state,
  );
  form.show = ({ q = "", machine = "", status: wanted = "" }) => {
    if (document.activeElement !== text) text.value = q;
    workflow.firstElementChild.value = machine;
    state.firstElementChild.value = wanted;
  };
  form.show(parameters);
  // A search that was typed and not begun must not call its reader back from where they went.
  form.close = () => clearTimeout(timer);
  return form;
}

function choice(name, options, onChange) {
  return html(
    "span",
    { class: "choice" },
    html(
      "select",
      { "aria-label": name, onchange: (event) => onChange(event.target.value) },
      html("option", { value: "" }, `Any ${name.toLowerCase()}`),
      options.map(([value, label]) => html("option", { value }, label)),
    ),
  );
}

function found({ executions, total, page, first, unread }, parameters) {
  const last = first + executions.length - 1;
  return [
    unread && html("p", { class: "quiet", role: "status" }, `Looking further: ${count(unread, "execution")} to go`),
    executions.length ? table(executions) : nothing(parameters),
    html(
      "nav",
      { class: "pages", "aria-label": "Pages" },
      html("span", { class: "quiet" }, total ? `${number(first)} to ${number(last)} of ${number(total)}` : ""),
      page > 1 && turn("Newer", page - 1, parameters),
      last < total && turn("Older", page + 1, parameters),
    ),
  ];
}

function turn(name, page, parameters) {
  const href = to("executions", { ...parameters, page: page > 1 ? page : "" });
  return html("a", { class: "button", href, "data-key": name }, name);
}

function nothing({ q, machine, status: wanted }) {
  if (q || machine || wanted) return html("p", { class: "empty" }, "No such execution.");
  const start = html("a", { href: to("start") }, "Start a release or an order");
  return html("p", { class: "empty" }, "Nothing has run yet. ", start);
}

function table(executions) {
  const heads = COLUMNS.map((name) => html("th", { scope: "col" }, name));
  return html(
    "table",
    { class: "executions" },
    html("caption", { class: "unseen" }, "Executions, newest first"),
    html("thead", {}, html("tr", {}, heads)),
    html("tbody", {}, executions.map(row)),
  );
}

function row(execution) {
  const { subject, name, started, stopped } = execution;
  return html(
    "tr",
    {},
    html("td", {}, pill(execution.outcome ?? execution.status)),
    html(
      "th",
      { scope: "row" },
      html("a", { class: "row", href: toExecution(execution), "data-key": execution.arn }, subject?.id ?? name),
    ),
    html("td", {}, execution.workflow),
    html("td", { class: "number" }, dateTime(started)),
    html("td", { class: "number" }, elapsed(started, stopped, now())),
    html("td", { class: "name quiet" }, name),
  );
}
