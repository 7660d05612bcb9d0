// Times that go on.

import { html } from "./dom.js";
import { age, duration } from "./format.js";

/** How long something took; where it has no end yet, as of `now`, and `tick` brings it up to date. */
export function elapsed(since, until, now) {
  return html("span", { "data-since": until ? undefined : since }, duration((until ?? now) - since));
}

/** How long ago something began. */
export function ago(since, now) {
  return html("span", { "data-age": since }, age(now - since));
}

/** Bring all times that go on up to date. */
export function tick(now) {
  for (const each of document.querySelectorAll("[data-since]")) each.textContent = duration(now - each.dataset.since);
  for (const each of document.querySelectorAll("[data-age]")) each.textContent = age(now - each.dataset.age);
}
