/** The wasm module of `streamgauge`: loading it, its exports, and what crosses beside numbers. */

/** An address in the module's memory. */
export type Address = number;

/** What the module exports: `desk.rs`, `figures.rs`, `figures/hooks.rs`. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  desk(): Address;
  desk_text(desk: Address, bytes: number): Address;
  desk_numbers(desk: Address, count: number): Address;
  desk_given(desk: Address): Address;
  desk_given_length(desk: Address): number;
  figures_new(desk: Address): Address;
  figures_free(figures: Address): void;
  figures_set_worker(figures: Address, desk: Address, length: number): void;
  figures_begin(figures: Address, now: number): void;
  figures_start(figures: Address, desk: Address, row: number, kind: number, length: number, first: number, second: number, third: number): number;
  figures_asdict_block(figures: Address): Address;
  figures_figure_block(figures: Address, row: number): Address;
  figures_number(figures: Address, row: number): number;
  figures_names(figures: Address, desk: Address, row: number, from: number): void;
  figures_anomaly(figures: Address, kind: number): number;
  figures_note(figures: Address, kind: number): void;
  figures_take_unreported(figures: Address): number;
  figures_revision(figures: Address): number;
  figures_snapshot(figures: Address, desk: Address, now: number): void;
  figures_snapshot_without_partitions(figures: Address, desk: Address, now: number): void;
  figures_partition_rows(figures: Address, desk: Address, now: number, from: number, to: number): void;
  figures_partition_numbers(figures: Address): number;
  figures_health_changes(figures: Address, desk: Address, now: number): void;
  figures_partition(figures: Address, desk: Address, length: number, partition: number): number;
  figures_label(figures: Address, desk: Address, length: number, family: number): number;
  figures_log_address(figures: Address): Address;
  figures_log_length(figures: Address): number;
  figures_apply_log(figures: Address, numbers: number): void;
  figures_seconds_between(figures: Address, start: number, now: number): number;
  figures_message_in_by_topic(figures: Address, topic: number, now: number): void;
  figures_buffer_full(figures: Address, topic: number): void;
  figures_table_get(figures: Address, table: number): void;
  figures_table_set(figures: Address, table: number): void;
  figures_table_del(figures: Address, table: number): void;
  figures_commit_completed(figures: Address, started: number, now: number): void;
  figures_send_initiated(figures: Address, topic: number, bytes: number, now: number): void;
  figures_send_completed(figures: Address, started: number, now: number): void;
  figures_send_error(figures: Address, kind: number, started: number, now: number): void;
  figures_count(figures: Address, metric: number, n: number): void;
  figures_offset(figures: Address, kind: number, partition: number, offset: number, now: number): void;
  figures_assignment_over(figures: Address, started: number, now: number, completed: boolean): void;
  figures_rebalance_started(figures: Address, rebalances: number, now: number): void;
  figures_rebalance_returned(figures: Address, started: number, now: number): number;
  figures_rebalance_ended(figures: Address, started: number, now: number): number;
  figures_web_request_ended(figures: Address, status: number, started: number, now: number): number;
  figures_partition_assigned(figures: Address, partition: number, now: number): void;
  figures_partition_revoked(figures: Address, partition: number, now: number): void;
  figures_partition_lost(figures: Address, partition: number, now: number): void;
  figures_error(figures: Address, stage: number, kind: number, topic: number): void;
  figures_retry(figures: Address, topic: number): void;
  figures_dead_letter(figures: Address, topic: number): void;
  figures_heartbeat(figures: Address, now: number): void;
  figures_partition_paused(figures: Address, partition: number, paused: boolean): void;
  figures_polled(figures: Address, records: number, bytes: number): void;
  figures_sample(figures: Address, now: number): void;
}

/** @internal What the module exports, once it is loaded. */
export let wasm: Exports;
/** @internal The address of the desk, where texts, lists and bytes lie while they cross. */
export let desk: Address;
const encoder = new TextEncoder();
// A name may begin with U+FEFF.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function begin(instance: WebAssembly.Instance): void {
  wasm = instance.exports as unknown as Exports;
  desk = wasm.desk();
}

/** Makes the module at once. */
export function loadNow(bytes: BufferSource): void {
  begin(new WebAssembly.Instance(new WebAssembly.Module(bytes)));
}

/** Fetches the module. */
export async function load(url: URL): Promise<void> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`fetching ${response.url} gave ${response.status} ${response.statusText}, not a wasm module`);
  // Some servers do not know the type, without which the bytes must be there before they are compiled.
  const isTyped = response.headers.get("content-type")?.startsWith("application/wasm");
  const { instance } = await (isTyped ? WebAssembly.instantiateStreaming(response) : WebAssembly.instantiate(await response.arrayBuffer()));
  begin(instance);
}

/** The module's memory, where the blocks and the log lie. */
export const wasmMemory = (): WebAssembly.Memory => wasm.memory;

/** Puts a text on the desk; gives its length in bytes. */
export function putText(text: string): number {
  // No code unit of UTF-16 is more than three bytes of UTF-8.
  const room = text.length * 3;
  const address = wasm.desk_text(desk, room) >>> 0;
  return encoder.encodeInto(text, new Uint8Array(wasm.memory.buffer, address, room)).written;
}

/** Puts numbers on the desk. */
export function putNumbers(numbers: ArrayLike<number>): void {
  const address = wasm.desk_numbers(desk, numbers.length) >>> 0;
  new Float64Array(wasm.memory.buffer, address, numbers.length).set(numbers);
}

/** What a call gave, where it lies: until the next call. */
export function givenBytes(): Uint8Array {
  return new Uint8Array(wasm.memory.buffer, wasm.desk_given(desk) >>> 0, wasm.desk_given_length(desk) >>> 0);
}

/** The texts that a call gave, each behind its length. */
export function givenTexts(): string[] {
  const bytes = givenBytes();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at + 4;
    at = start + view.getUint32(at, true);
    texts.push(decoder.decode(bytes.subarray(start, at)));
  }
  return texts;
}
