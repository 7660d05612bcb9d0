// Talks to the console's own API, which is part of the sandbox that serves this page.

import { learn } from "./clock.js";

const API = "api/";
const ENDED = "The sandbox has ended: start it again with `python -m sandbox up`";
const FASTEST = 1000; // milliseconds between looks
const PATIENCE = 4; // a look that takes long is followed by a pause that is so many times as long,
const SLOWEST = 10_000; // but not by a longer one than this

/**
 * Look again and again until the returned function is called. What has not changed is not told again: the browser asks
 * with the ETag that it has. `onFailure` hears null when all is well again. Where `onData` gives true, the answer is
 * only the beginning, and the rest is asked for at once.
 */
export function watch(path, onData, onFailure) {
  const stopping = new AbortController();
  let timer, etag;
  const look = async () => {
    clearTimeout(timer);
    if (stopping.signal.aborted) return;
    if (document.hidden) return; // `visible` goes on
    const begun = performance.now();
    let isWhole = true;
    try {
      const { response, content } = await ask(path, { signal: stopping.signal });
      onFailure(null);
      if (etag === undefined || response.headers.get("ETag") !== etag) isWhole = !onData(content);
      etag = response.headers.get("ETag");
    } catch (error) {
      if (stopping.signal.aborted) return;
      etag = undefined;
      onFailure(error);
    }
    const pause = Math.min(Math.max(PATIENCE * (performance.now() - begun), FASTEST), SLOWEST);
    timer = setTimeout(look, isWhole ? pause : 0);
  };
  document.addEventListener("visibilitychange", look, { signal: stopping.signal });
  look();
  return () => {
    clearTimeout(timer);
    stopping.abort();
  };
}

/** Look once. Throws an Error that says why not. */
export async function get(path) {
  return (await ask(path)).content;
}

/** Change something. Throws an Error that says why not. */
export async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return (await ask(path, { method: "POST", headers, body: JSON.stringify(body) })).content;
}

/** A request. The Error of one that was refused has the `code` of the answer, that of one without answer has none. */
async function ask(path, options) {
  let response, content;
  try {
    response = await fetch(API + path, { cache: "no-cache", ...options });
    content = await response.json();
  } catch {
    throw new Error(ENDED);
  }
  learn(response);
  if (!response.ok) throw Object.assign(new Error(content.message), { code: response.status });
  return { response, content };
}
