// Moments, durations and amounts in words. Moments are milliseconds since 1970, shown in the reader's own time zone.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration in at most two units: "0.28 s", "42 s", "3 min 5 s", "1 d 2 h". */
export function duration(milliseconds) {
  const time = Math.max(milliseconds, 0);
  if (time < 10 * SECOND) return `${(time / SECOND).toFixed(2)} s`;
  if (time < MINUTE) return `${(time / SECOND).toFixed(0)} s`;
  const [big, bigName, small, smallName] =
    time < HOUR ? [MINUTE, "min", SECOND, "s"] : time < DAY ? [HOUR, "h", MINUTE, "min"] : [DAY, "d", HOUR, "h"];
  const rest = Math.floor((time % big) / small);
  return `${Math.floor(time / big)} ${bigName}` + (rest ? ` ${rest} ${smallName}` : "");
}

/** How long ago, without fractions: "42 s", "3 min". */
export function age(milliseconds) {
  return milliseconds < MINUTE ? `${Math.floor(Math.max(milliseconds, 0) / SECOND)} s` : duration(milliseconds);
}

/** The time of day to the millisecond. */
export function clock(moment) {
  const date = new Date(moment);
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** Date and time to the second: "2026-01-31 12:00:00". */
export function dateTime(moment) {
  const date = new Date(moment);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${day.join("-")} ${date.toTimeString().slice(0, 8)}`;
}

/** US dollars, small ones with as many digits as they need. */
export function usd(amount) {
  return `$${amount < 0.01 ? amount.toFixed(7) : amount.toFixed(2)}`;
}

/** "1,000". */
export function number(amount) {
  return amount.toLocaleString("en");
}

/** "1 retry", "2 retries". */
export function count(amount, one, many = `${one}s`) {
  return `${number(amount)} ${amount === 1 ? one : many}`;
}
