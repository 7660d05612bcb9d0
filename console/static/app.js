// The console: shows the view that the address names, and tells what happens.

import { watch } from "./api.js";
import { now } from "./clock.js";
import { html } from "./dom.js";
import { tick } from "./elapsed.js";
import { showExecution } from "./execution.js";
import { showExecutions } from "./executions.js";
import { number } from "./format.js";
import { here } from "./routes.js";
import { showStart } from "./start.js";
import { showWaiting } from "./waiting.js";

const VIEWS = { executions: showExecutions, execution: showExecution, waiting: showWaiting, start: showStart };

const main = document.querySelector("main");
const trouble = document.getElementById("trouble");
const waiting = document.getElementById("waiting-count");
let shown = { close: () => {} };
let stack;

/** Show the view of the address: the one that is there with new parameters, or another one. */
function route() {
  const { view, parameters } = here();
  const show = VIEWS[view] ?? showExecutions;
  for (const link of document.querySelectorAll("header nav a")) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (shown.show === show && shown.update?.(parameters)) return;
  shown.close();
  trouble.hidden = true;
  main.replaceChildren();
  shown = { show, ...show(main, parameters, { stack, failed, tell }) };
  const heading = main.querySelector("h1");
  document.title = `${heading.textContent} · Holdpoint`;
  if (route.isFollowUp) heading.focus();
  route.isFollowUp = true;
}

/** Say that the sandbox does not answer, until it does again. */
function failed(error) {
  trouble.hidden = error === null;
  const text = error && `${error.message}. Trying again …`;
  // Said once, not with every look.
  if (error && trouble.textContent !== text) trouble.textContent = text;
}

/** Say what came of a deed, also to those who do not see it. */
function tell(text, isBad = false) {
  const note = html("p", { class: isBad ? "bad" : "" }, text);
  document.getElementById("told").replaceChildren(note);
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => note.remove(), 10_000);
}

/** Learn what runs here; a stack that is still being deployed comes to be known later. */
function learn(next) {
  const isNews = stack?.isKnown !== next.isKnown;
  stack = next;
  for (const link of document.querySelectorAll("[data-needs=outputs]")) link.hidden = !stack.isKnown;
  document.querySelector("header nav").hidden = false;
  waiting.textContent = number(stack.waiting);
  waiting.hidden = !stack.waiting;
  if (isNews) {
    shown.close();
    shown = { close: () => {} };
    route();
  }
}

// What stands behind the # is the view, so the link to the content moves the focus by itself.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

addEventListener("hashchange", () => stack && route());
setInterval(() => tick(now()), 1000);
// Once it is known, the views themselves notice when the sandbox is gone.
watch("stack", learn, (error) => stack || failed(error));
