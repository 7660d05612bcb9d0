// Starts a release, or submits an order.

import { post } from "./api.js";
import { html } from "./dom.js";
import { toExecution } from "./routes.js";

const ROWS = 16;

export function showStart(main, _parameters, context) {
  const { examples } = context.stack;
  main.append(
    html("h1", { tabindex: -1 }, "Start"),
    html(
      "div",
      { class: "forms" },
      form(
        "release",
        "A release",
        "The document is uploaded, and its release started.",
        "Start the release",
        examples.release,
        context,
      ),
      form(
        "order",
        "An order",
        "The event is put on the bus, whose rule starts the workflow.",
        "Submit the order",
        examples.order,
        context,
      ),
    ),
  );
  return { close: () => {} };
}

function form(kind, title, what, action, example, { tell }) {
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
