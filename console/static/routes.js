// What is shown stands in the address, behind the #: a view's name, and what it shows. So the back button works.

/** The view that the address names, and what of it. */
export function here() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { view: path || "executions", parameters: Object.fromEntries(new URLSearchParams(query)) };
}

/** The address of a view; parameters without a value are left out. */
export function to(view, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const query = new URLSearchParams(given).toString();
  return `#/${view === "executions" ? "" : view}${query ? `?${query}` : ""}`;
}

/** The address of an execution. */
export function toExecution({ machine, name }, state) {
  return to("execution", { machine, name, state });
}

/** Go there without a step for the back button. */
export function amend(address) {
  history.replaceState(null, "", address);
  dispatchEvent(new HashChangeEvent("hashchange"));
}
