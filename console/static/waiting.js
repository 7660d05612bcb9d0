// Everything that waits for somebody.

import { html } from "./dom.js";
import { showWaits } from "./waits.js";

export function showWaiting(main, _parameters, context) {
  const section = html("section", { class: "waits", "aria-label": "What waits" });
  main.append(html("h1", { tabindex: -1 }, "Waiting"), section);
  return { close: showWaits(section, Infinity, context) };
}
