// The last lines that the functions, the workflow and the APIs logged about an execution, and its own log file.

import { watch } from "./api.js";
import { html, replace } from "./dom.js";
import { clock } from "./format.js";

/** The panel; it looks only while it is open. Gives { element, close }. */
export function logs(query, { stack, failed }) {
  let stop = () => {};
  const lines = html("div", {});
  const element = html(
    "details",
    { class: "card", hidden: !stack.isKnown, ontoggle },
    html("summary", {}, "Log"),
    lines,
  );
  return { element, close: () => stop() };

  function ontoggle() {
    stop();
    if (element.open) stop = watch(`log?${query}`, draw, failed);
  }

  function draw({ file, lines: said }) {
    replace(
      lines,
      file === null
        ? null
        : [
            html("h3", {}, "execution.log"),
            html("pre", { tabindex: 0, "data-key": "file", role: "group", "aria-label": "execution.log" }, file),
          ],
      html("h3", {}, "Functions, workflow and APIs"),
      said.length
        ? html(
            "pre",
            { class: "lines", tabindex: 0, "data-key": "lines", role: "log", "aria-label": "Log lines" },
            said.map(line),
          )
        : html("p", { class: "empty" }, "Nothing was logged yet."),
    );
  }
}

function line({ at, source, level, text }) {
  const isBad = level === "ERROR" || level === "CRITICAL";
  return html(
    "span",
    { class: isBad ? "bad" : "" },
    html("span", { class: "quiet" }, `${clock(at)}  ${source}  `),
    `${level && level !== "INFO" ? `${level} ` : ""}${text}\n`,
  );
}
