// Starts a release, or submits an order.

import { post } from "./api.js";
import { html } from "./dom.js";
import { toExecution } from "./routes.js";

const ROWS = 16;

const OTHERWISE = "Start a workflow of this stack with: python -m ops start --workflow NAME FILE";

const FORMS = [
  {
    kind: "release",
    title: "A release",
    what: "The document is uploaded, and its release started.",
    action: "Start the release",
  },
  {
    kind: "order",
    title: "An order",
    what: "The event is put on the bus, whose rule starts the workflow.",
    action: "Submit the order",
  },
];

export function showStart(main, _parameters, context) {
  const { examples } = context.stack;
  const forms = FORMS.filter(({ kind }) => examples[kind]);
  main.append(
    html("h1", { tabindex: -1 }, "Start"),
    html("div", { class: "forms" }, forms.map((each) => form(each, examples[each.kind], context))),
    ...(forms.length ? [] : [html("p", { class: "empty" }, OTHERWISE)]),
  );
  return { close: () => {} };
}

function form({ kind, title, what, action }, example, { tell }) {
  const refused = html("pre", { class: "failure", role: "alert", hidden: true });
  const document_ = html("textarea", {
    id: `${kind}-document`,
    rows: ROWS,
    spellcheck: "false",
    "aria-describedby": `${kind}-what`,
    value: example,
  });
  const unchecked = html("input", { type: "checkbox", id: `${kind}-unchecked` });
  const button = html("button", { class: "main" }, action);
  return html(
    "form",
    { class: "card", onsubmit: send },
    html("h2", {}, html("label", { for: document_.id }, title)),
    html("p", { class: "quiet", id: `${kind}-what` }, what),
    document_,
    html("p", {}, html("label", {}, unchecked, " even if it would be refused")),
    refused,
    button,
  );

  async function send(event) {
    event.preventDefault();
    button.disabled = true;
    refused.hidden = true;
    try {
      const started = await post(`${kind}s`, { document: document_.value, isChecked: !unchecked.checked });
      tell(started.message);
      location.hash = toExecution(started);
    } catch (error) {
      refused.textContent = error.message;
      refused.hidden = false;
    }
    button.disabled = false;
  }
}
