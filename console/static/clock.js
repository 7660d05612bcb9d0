// The sandbox's clock, which somebody may have moved forward: what time it is there, not here.

const COARSE = 2000; // milliseconds; a Date header has whole seconds, and takes a moment to come

let ahead = 0;

/** Learn from an answer what time it is. */
export function learn(response) {
  const difference = Date.parse(response.headers.get("Date")) - Date.now();
  ahead = Math.abs(difference) > COARSE ? difference : 0;
}

/** Now, in milliseconds since 1970. */
export function now() {
  return Date.now() + ahead;
}
