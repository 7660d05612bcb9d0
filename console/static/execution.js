// One execution: its facts, its graph, its timeline, and the state that was picked.

import { watch } from "./api.js";
import { now } from "./clock.js";
import { executionDetails, stateDetails } from "./details.js";
import { html, replace } from "./dom.js";
import { duration } from "./format.js";
import { graph } from "./graph.js";
import { logs } from "./logs.js";
import { to, toExecution } from "./routes.js";
import { bill, summary } from "./summary.js";
import { timeline } from "./timeline.js";
import { answers } from "./waits.js";

const TICK = 1000;
const NOT_FOUND = 404;

export function showExecution(main, parameters, context) {
  const { machine, name } = parameters;
  const query = new URLSearchParams({ machine, name });
  const link = (state) => toExecution({ machine, name }, state);
  let record;
  let { state: selected } = parameters;

  const facts = html("section", { "aria-label": "Facts" });
  const call = html("section", { class: "call", "aria-label": "Waiting", hidden: true });
  const drawing = html("div", { class: "drawing", tabindex: 0, role: "region", "aria-label": "Graph" });
  const times = html("div", {});
  const picked = html("section", { class: "picked card", "aria-label": "Details" });
  const costs = html("div", {});
  const log = logs(query, context);
  const title = html("h1", { tabindex: -1 }, name);
  const missing = html(
    "section",
    { class: "empty", role: "alert", hidden: true },
    html("p", {}, "There is no such execution."),
    html("p", {}, html("a", { href: to("executions") }, "Back to the list")),
  );
  const content = html(
    "div",
    {},
    facts,
    call,
    html(
      "div",
      { class: "columns" },
      html(
        "div",
        {},
        html("section", {}, html("h2", {}, "Timeline"), times),
        html("section", {}, html("h2", {}, "Graph"), drawing),
      ),
      picked,
    ),
    log.element,
    html("details", { class: "card" }, html("summary", {}, "Cost"), costs),
    html("p", {}, html("a", { class: "button", href: `api/report?${query}`, download: "" }, "Report as one HTML file")),
  );
  main.append(
    html("p", { class: "crumbs" }, html("a", { href: to("executions") }, "Executions"), ` / ${machine} / ${name}`),
    title,
    missing,
    content,
  );

  const close = watch(`execution?${query}`, draw, failed);
  const timer = setInterval(() => record && record.execution.stopped === null && drawTimes(), TICK);
  return {
    close: () => (close(), clearInterval(timer), log.close()),
    update(next) {
      if (next.machine !== machine || next.name !== name) return false;
      selected = next.state;
      if (record) draw(record, true);
      return true;
    },
  };

  /** One that is not there is no trouble that passes. */
  function failed(error) {
    const isMissing = error?.code === NOT_FOUND;
    if (error === null || isMissing) {
      missing.hidden = !isMissing;
      content.hidden = isMissing;
    }
    context.failed(isMissing ? null : error);
  }

  function draw(next, wasPicked = false) {
    const isFirst = record === undefined;
    record = next;
    title.textContent = record.subject?.id ?? name;
    replace(facts, summary(record, now()));
    drawCall();
    replace(drawing, graph(record, { link, selected }));
    if (isFirst) center(drawing.querySelector(".selected, .tone-waiting, .tone-running"));
    drawTimes();
    replace(picked, choice());
    replace(costs, bill(record));
    if (wasPicked) reveal();
  }

  function drawTimes() {
    replace(times, timeline(record, now(), { link, selected }));
  }

  function choice() {
    if (!selected) return [html("h2", {}, "Input and output"), executionDetails(record)];
    return [
      html(
        "a",
        { class: "close", href: toExecution({ machine, name }), "data-key": "close" },
        "Input and output of the execution",
      ),
      html("h2", { tabindex: -1 }, selected),
      stateDetails(record, selected, now()),
    ];
  }

  /** On a narrow screen the drawing is wider than its frame. */
  function center(state) {
    if (!state) return;
    const [inner, outer] = [state.getBoundingClientRect(), drawing.getBoundingClientRect()];
    drawing.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
  }

  /** On a narrow screen the picked state stands below the graph. */
  function reveal() {
    const box = picked.getBoundingClientRect();
    if (box.top > innerHeight - 100 || box.bottom < 100) picked.scrollIntoView({ block: "start" });
  }

  /** What waits for somebody, and the buttons that answer. */
  function drawCall() {
    const wait = record.visits.find((visit) => visit.status === "waiting");
    const { hold } = record;
    call.hidden = !(wait && hold && context.stack.isKnown);
    if (call.hidden) return replace(call);
    const limit = wait.due ? ` for at most ${duration(wait.due - wait.entered)}` : "";
    const title = hold.title ? `: ${hold.title}` : "";
    return replace(
      call,
      html("p", {}, html("strong", {}, `Waits for ${hold.subject}`), html("span", { class: "quiet" }, limit, title)),
      answers({ story: hold.subject, machine, name }, name, context),
    );
  }
}
