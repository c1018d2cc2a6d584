/** Numbers as the page shows them: as many digits as the eye needs, always the same width class. */

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const marks = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const oneDigit = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** What stands where nothing is known. */
export const UNKNOWN = "–";

/** `12,345` */
export function count(value: number | null | undefined): string {
  return value == null ? UNKNOWN : whole.format(value);
}

/** `7.3`, `104`, `1,250` */
export function rate(value: number | null | undefined): string {
  if (value == null) return UNKNOWN;
  return value !== 0 && value < 99.95 ? oneDigit.format(value) : whole.format(value);
}

/** A number and its unit, apart, so that each can have its own look. */
export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

/** `820 µs`, `10.4 ms`, `1.25 s` */
export function seconds(value: number | null | undefined): Quantity {
  if (value == null || !Number.isFinite(value)) return { value: UNKNOWN, unit: "ms" };
  if (value === 0) return { value: "0", unit: "ms" };
  if (value < 0.001) return { value: digits(value * 1e6), unit: "µs" };
  if (value < 1) return { value: digits(value * 1e3), unit: "ms" };
  return { value: digits(value), unit: "s" };
}

export function secondsText(value: number | null | undefined): string {
  const { value: number, unit } = seconds(value);
  return number === UNKNOWN ? UNKNOWN : `${number} ${unit}`;
}

/** `1.3 %` */
export function percent(share: number | null | undefined): string {
  return share == null ? UNKNOWN : `${oneDigit.format(share * 100)} %`;
}

/** `0:01:23.4` */
export function clock(time: number): string {
  const tenths = Math.floor(time * 10 + 1e-6);
  const inMinute = Math.floor(tenths / 10) % 60;
  const minutes = Math.floor(tenths / 600) % 60;
  return `${Math.floor(tenths / 36_000)}:${two(minutes)}:${two(inMinute)}.${tenths % 10}`;
}

/** A round number on an axis: `50`, `2.5` */
export function mark(value: number): string {
  return marks.format(value);
}

/** Round seconds on an axis: `100 µs`, `10 ms`, `1 s` */
export function secondsMark(value: number): string {
  if (value < 0.00099) return `${mark(value * 1e6)} µs`;
  return value < 0.99 ? `${mark(value * 1e3)} ms` : `${mark(value)} s`;
}

/** A moment on an axis: `1:23`, `1:02:03`, with tenths where they tell moments apart. */
export function moment(time: number, withTenths: boolean): string {
  const tenths = Math.round(time * 10);
  const seconds = `${two(Math.floor(tenths / 10) % 60)}${withTenths ? `.${tenths % 10}` : ""}`;
  const minutes = Math.floor(tenths / 600);
  return minutes < 60 ? `${minutes}:${seconds}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${seconds}`;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** Three significant digits, without an exponent. */
function digits(value: number): string {
  if (value >= 99.95) return whole.format(value);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 2 });

/** Where there is no room: `950`, `1.2K`, `10K` */
export function short(value: number): string {
  return value < 1000 ? whole.format(value) : compact.format(value);
}

/** `2.3` */
export const oneDecimal = (value: number): string => oneDigit.format(value);
