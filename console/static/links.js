// Links to the approval page of a wait. Each is a secret, and is made only when a person asks for it.

import { get, post } from "./api.js";
import { html } from "./dom.js";

/** Fill the element with a button that makes the links, where the stack has an approval page. */
export async function offerLinks(element, { story, name }) {
  const trouble = html("p", { class: "bad", role: "alert" });
  await attempt(async () => {
    const { exists } = await get("approval-page");
    if (exists) element.append(html("button", { type: "button", onclick: () => attempt(make) }, "Show approval links"));
  });
  element.append(trouble);

  async function make() {
    const { links } = await post("links", { story, name });
    element.replaceChildren(html("p", { class: "quiet" }, "Who has a link may decide:"), html("ul", {}, links.map(item)));
    element.querySelector("a")?.focus();
  }

  async function attempt(step) {
    try {
      await step();
    } catch (error) {
      trouble.textContent = error.message;
    }
  }
}

function item({ approver, url }) {
  const text = `Approval page for ${approver}`;
  return html("li", {}, html("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text));
}
