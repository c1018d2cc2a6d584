/** How a live connection goes, in words. */

import type { ConnectionState } from "../../source/source.js";

/** `12 s`, `3 min`, `2 h`: as exact as an age needs to be. */
export function age(seconds: number): string {
  const whole = Math.max(Math.floor(seconds), 0);
  if (whole < 120) return `${whole} s`;
  if (whole < 7200) return `${Math.floor(whole / 60)} min`;
  return whole < 172_800 ? `${Math.floor(whole / 3600)} h` : `${Math.floor(whole / 86_400)} d`;
}

/** A time of the day of the reader's own, `12:03:05`. @param at as `Date.now()` gives it. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

const NAMES: Readonly<Record<ConnectionState["phase"], string>> = {
  connecting: "Connecting",
  live: "Live",
  failing: "No figures",
  stale: "Stale",
  reconnecting: "Reconnecting",
  unauthorized: "No access",
  closed: "Closed",
};

/** The phase in a word or two. */
export const phaseName = ({ phase }: ConnectionState): string => NAMES[phase];

/** Whether what is shown is not of this moment. */
export const isOld = ({ phase, asOf }: ConnectionState): boolean => phase !== "live" && asOf !== null;

/** What stands beside the phase; empty where there is nothing to say. */
export function explanation({ phase, reason, ageSeconds, asOf }: ConnectionState): string {
  if (phase === "live") return reason === "" ? "" : sentence(reason);
  const old = ageSeconds === null || asOf === null ? [] : [`no news for ${age(ageSeconds)}; figures are as of ${timeOfDay(asOf)}`];
  const why = reason === "" ? [] : [reason];
  return [...why, ...old].map(sentence).join(" ");
}

const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`;
