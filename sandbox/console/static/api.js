// Talks to the console's own API, which is part of the sandbox that serves this page.

import { learn } from "./clock.js";

const API = "api/";
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
      const response = await fetch(API + path, { cache: "no-cache", signal: stopping.signal });
      const content = await read(response);
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

/** Change something. Throws an Error that says why not. */
export async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return read(await fetch(API + path, { method: "POST", headers, body: JSON.stringify(body) }));
}

async function read(response) {
  learn(response);
  const content = await response.json();
  if (!response.ok) throw new Error(content.message);
  return content;
}
