// Draws the report of one execution from the record that stands in the page.

import { executionDetails, stateDetails } from "./details.js";
import { html } from "./dom.js";
import { graph } from "./graph.js";
import { bill, summary } from "./summary.js";
import { timeline } from "./timeline.js";

function draw() {
  const record = JSON.parse(document.getElementById("record").textContent);
  const now = Number(document.body.dataset.written);
  const reached = [...new Set(record.visits.map((visit) => visit.state))];
  const link = (state) => (reached.includes(state) ? `#state-${reached.indexOf(state)}` : "#states");
  document.querySelector("main").append(
    summary(record, now),
    section("Timeline", timeline(record, now, { link })),
    section(
      "Graph",
      html("div", { class: "drawing", tabindex: 0, role: "region", "aria-label": "Graph" }, graph(record, { link })),
    ),
    section("Input and output", executionDetails(record)),
    section(
      "States",
      reached.map((state, index) => part(record, state, index, now)),
      "states",
    ),
    section("Cost", bill(record)),
  );
  addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details")) each.open = true;
  });
}

function part(record, state, index, now) {
  return html(
    "section",
    { id: `state-${index}`, class: "card" },
    html("h3", {}, state),
    stateDetails(record, state, now),
  );
}

function section(name, content, id) {
  return html("section", { id }, html("h2", {}, name), content);
}

draw();
