// Asks once before a story is answered, and shows what is being approved. Nothing is sent before.

import { get, post } from "./api.js";
import { html } from "./dom.js";
import { offerLinks } from "./links.js";

const FACTS = { environment: "Environment", requestedBy: "Requested by", notes: "Notes" };

/** Ask; `key` is the `data-key` of the button that asked, to which the focus goes back. */
export function confirm({ status, label, kind }, { story, machine, name }, key, { tell }) {
  const leaving = new AbortController();
  const facts = html("dl", { class: "request" }, fact("Subject", story), fact("Execution", name));
  const reading = html("p", { class: "quiet" }, "Looking …");
  const links = html("div", { class: "links" });
  const asking = html("label", { for: "message" }, "Message (optional)");
  const message = html("input", { id: "message", autofocus: true, autocomplete: "off" });
  const trouble = html("p", { class: "bad", role: "alert" });
  const cancel = html("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
  const send = html("button", { class: kind }, `Send "${label}"`);
  const dialog = html(
    "dialog",
    { "aria-labelledby": "question", onclose: leave },
    html(
      "form",
      { onsubmit: answer },
      html("h2", { id: "question" }, `${label}: ${story}?`),
      facts,
      reading,
      links,
      asking,
      message,
      trouble,
      html("p", { class: "answers" }, cancel, send),
    ),
  );
  let isBusy;
  offerLinks(links, { story, name });
  busy(true); // until it is shown what is being approved
  document.body.append(dialog);
  dialog.showModal();
  // A change of the view closes the dialog.
  addEventListener("hashchange", () => dialog.close(), { signal: leaving.signal });
  look();

  async function look() {
    try {
      const { request, hold } = await get(`execution?${new URLSearchParams({ machine, name })}`);
      const known = request ? requested(request) : asked(hold);
      facts.append(...known);
      if (hold?.approvers.length) leaveToApprovers(hold.approvers);
      reading.textContent = known.length ? "" : "What it asks for is not known.";
    } catch (error) {
      reading.textContent = `What it asks for cannot be read: ${error.message}`;
    }
    busy(false);
  }

  /** Nobody else decides, so there is nothing to send here. */
  function leaveToApprovers(approvers) {
    facts.append(fact("Only these approvers decide, each by a link of their own", approvers.join(", ")));
    for (const each of [asking, message, send]) each.hidden = true;
    cancel.focus();
  }

  async function answer(event) {
    event.preventDefault();
    if (isBusy) return;
    busy(true);
    try {
      const said = await post("callbacks", { story, status, message: message.value });
      tell(`${story}: ${said.code} ${said.status}. ${said.message}`, said.code >= 400);
      dialog.close();
    } catch (error) {
      trouble.textContent = error.message;
    }
    busy(false);
  }

  /** A button that is really disabled would lose the focus. */
  function busy(isSo) {
    isBusy = isSo;
    send.setAttribute("aria-disabled", isSo);
  }

  /** The button may have been drawn again since, or be gone. */
  function leave() {
    leaving.abort();
    dialog.remove();
    const back = document.querySelector(`main [data-key="${CSS.escape(key)}"]`) ?? document.querySelector("main h1");
    back?.focus({ preventScroll: true });
  }
}

function requested({ packages, ...about }) {
  const several = html(
    "ul",
    {},
    packages.map((each) => html("li", {}, each)),
  );
  return [
    fact("Packages", several),
    ...Object.entries(FACTS).map(([name, label]) => fact(label, about[name] ?? "not said")),
  ];
}

/** What a hold shows of its subject. */
function asked(hold) {
  const facts = { "What is asked": hold?.title, Details: hold?.details };
  return Object.entries(facts).flatMap(([label, text]) => (text ? [fact(label, text)] : []));
}

function fact(name, value) {
  return html("div", {}, html("dt", {}, name), html("dd", {}, value));
}
