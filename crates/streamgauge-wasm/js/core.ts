/** The wasm module's figures as a class. */

import { desk, givenBytes, givenTexts, putNumbers, putText, wasm, type Address } from "./module.js";

/** Frees what a program let go of without `free()`. */
const lettingGo = new FinalizationRegistry((address: Address) => wasm.figures_free(address));

/** One monitor's figures. `now` is the clock's reading, finite; names are numbers, which the look-ups give. */
export class Figures {
  readonly #address: Address;
  /** Where the module has a log; empty where the module's memory has moved. */
  #log = new Float64Array(0);

  /** Figures with these limits, by row of the table of figures, that were checked. */
  constructor(limits: readonly (readonly [row: number, value: number])[]) {
    putNumbers(limits.flat());
    this.#address = wasm.figures_new(desk);
    if (this.#address === 0) throw new Error(`the module refused limits that were checked: ${JSON.stringify(limits)}`);
    lettingGo.register(this, this.#address, this);
  }

  /** Gives the memory back. Nothing may be called afterwards. */
  free(): void {
    lettingGo.unregister(this);
    wasm.figures_free(this.#address);
  }

  /** Who is monitored, in snapshots. */
  setWorker(worker: string): void {
    wasm.figures_set_worker(this.#address, desk, putText(worker));
  }

  // Starting values, by row of the table of figures. False where the row takes none of the kind.

  #start(row: number, kind: number, length: number, first = 0, second = 0, third = 0): boolean {
    return wasm.figures_start(this.#address, desk, row, kind, length, first, second, third) !== 0;
  }

  startWhole(row: number, value: number): boolean {
    return this.#start(row, 0, 0, value);
  }

  startSeconds(row: number, value: number): boolean {
    return this.#start(row, 1, 0, value);
  }

  startList(row: number, values: Float64Array): boolean {
    putNumbers(values);
    return this.#start(row, 2, 0);
  }

  startLabel(row: number, label: string, count: number): boolean {
    return this.#start(row, 3, putText(label), count);
  }

  startTable(row: number, table: string, retrieved: number, updated: number, deleted: number): boolean {
    return this.#start(row, 4, putText(table), retrieved, updated, deleted);
  }

  startStatus(row: number, status: number, count: number): boolean {
    return this.#start(row, 5, 0, status, count);
  }

  startOffset(row: number, topic: string, partition: number, offset: number): boolean {
    return this.#start(row, 6, putText(topic), partition, offset);
  }

  // Reading.

  /** The names behind a row's numbers, from number `from` on. */
  names(row: number, from: number): string[] {
    wasm.figures_names(this.#address, desk, row, from);
    return givenTexts();
  }

  /** Every figure in the snapshot's CBOR form. */
  snapshot(now: number): Uint8Array {
    wasm.figures_snapshot(this.#address, desk, now);
    return givenBytes().slice();
  }

  /** The same without the partitions, whose list is empty and stands last. */
  snapshotWithoutPartitions(now: number): Uint8Array {
    wasm.figures_snapshot_without_partitions(this.#address, desk, now);
    return givenBytes().slice();
  }

  /** What stands in that list, of the partitions whose numbers are `from` up to `to`. */
  partitionRows(now: number, from: number, to: number): Uint8Array {
    wasm.figures_partition_rows(this.#address, desk, now, from, to);
    return givenBytes().slice();
  }

  /** The end of the partitions' numbers. */
  partitionNumbers(): number {
    return wasm.figures_partition_numbers(this.#address) >>> 0;
  }

  /**
   * What changed in health, five texts each: topic, partition, status before, after, reason. Of the group the first
   * two are empty, and the reason begins with its worst partition.
   */
  healthChanges(now: number): string[] {
    wasm.figures_health_changes(this.#address, desk, now);
    return givenTexts();
  }

  /** Time counts from `now` on. Once, after the starting values. */
  begin(now: number): void {
    wasm.figures_begin(this.#address, now);
  }

  /** Where the block of `asdict()` lies, in bytes; valid until the next call of any kind. */
  asdictBlock(): number {
    return wasm.figures_asdict_block(this.#address) >>> 0;
  }

  /** Where the block of one row of the table of figures lies. */
  figureBlock(row: number): number {
    return wasm.figures_figure_block(this.#address, row) >>> 0;
  }

  /** The number in a row of the shapes whole and seconds. */
  number(row: number): number {
    return wasm.figures_number(this.#address, row);
  }

  /** How often an anomaly was seen; 0 for a kind that is none. */
  anomaly(kind: number): number {
    return wasm.figures_anomaly(this.#address, kind);
  }

  /** Counts an anomaly that was seen on this side. */
  note(kind: number): void {
    wasm.figures_note(this.#address, kind);
  }

  /** The kinds of anomaly seen for the first time since the last call, as bits. */
  takeUnreported(): number {
    return wasm.figures_take_unreported(this.#address) >>> 0;
  }

  /** Changes whenever the number of a label or partition may have got another meaning. */
  revision(): number {
    return wasm.figures_revision(this.#address) >>> 0;
  }

  // Look-ups: the number of a name in its family, `NONE` where there is no room.

  partitionIndex(topic: string, partition: number): number {
    return wasm.figures_partition(this.#address, desk, putText(topic), partition) >>> 0;
  }

  #label(family: number, name: string): number {
    return wasm.figures_label(this.#address, desk, putText(name), family) >>> 0;
  }

  receivedTopic(name: string): number {
    return this.#label(0, name);
  }

  sentTopic(name: string): number {
    return this.#label(1, name);
  }

  bufferFullTopic(name: string): number {
    return this.#label(2, name);
  }

  errorKind(name: string): number {
    return this.#label(3, name);
  }

  errorTopic(name: string): number {
    return this.#label(4, name);
  }

  retryTopic(name: string): number {
    return this.#label(5, name);
  }

  deadLetterTopic(name: string): number {
    return this.#label(6, name);
  }

  streamLabel(name: string): number {
    return this.#label(7, name);
  }

  taskLabel(name: string): number {
    return this.#label(8, name);
  }

  tableName(name: string): number {
    return this.#label(9, name);
  }

  metricName(name: string): number {
    return this.#label(10, name);
  }

  // The hooks. Those of a message wait in the log.

  /** How many numbers the log holds. */
  logLength(): number {
    return wasm.figures_log_length(this.#address) >>> 0;
  }

  /** Applies a log's calls, the last of which is first. */
  applyLog(numbers: Float64Array): void {
    // The module's memory moved, or nothing was applied yet.
    if (this.#log.length === 0) this.#log = new Float64Array(wasm.memory.buffer, wasm.figures_log_address(this.#address) >>> 0, this.logLength());
    this.#log.set(numbers);
    wasm.figures_apply_log(this.#address, numbers.length);
  }

  /** Seconds from `start` to `now`. */
  secondsBetween(start: number, now: number): number {
    return wasm.figures_seconds_between(this.#address, start, now);
  }

  messageInByTopic(topic: number, now: number): void {
    wasm.figures_message_in_by_topic(this.#address, topic, now);
  }

  bufferFull(topic: number): void {
    wasm.figures_buffer_full(this.#address, topic);
  }

  tableGet(table: number): void {
    wasm.figures_table_get(this.#address, table);
  }

  tableSet(table: number): void {
    wasm.figures_table_set(this.#address, table);
  }

  tableDel(table: number): void {
    wasm.figures_table_del(this.#address, table);
  }

  commitCompleted(started: number, now: number): void {
    wasm.figures_commit_completed(this.#address, started, now);
  }

  sendInitiated(topic: number, bytes: number, now: number): void {
    wasm.figures_send_initiated(this.#address, topic, bytes, now);
  }

  sendCompleted(started: number, now: number): void {
    wasm.figures_send_completed(this.#address, started, now);
  }

  /** `kind` is of `errorKind`, or `NONE`. */
  sendError(kind: number, started: number, now: number): void {
    wasm.figures_send_error(this.#address, kind, started, now);
  }

  count(metric: number, n: number): void {
    wasm.figures_count(this.#address, metric, n);
  }

  committedOffset(partition: number, offset: number, now: number): void {
    wasm.figures_offset(this.#address, 0, partition, offset, now);
  }

  position(partition: number, offset: number, now: number): void {
    wasm.figures_offset(this.#address, 1, partition, offset, now);
  }

  endOffset(partition: number, offset: number, now: number): void {
    wasm.figures_offset(this.#address, 2, partition, offset, now);
  }

  assignmentOver(started: number, now: number, completed: boolean): void {
    wasm.figures_assignment_over(this.#address, started, now, completed);
  }

  /** `rebalances` is the app's count, NaN where it keeps none. */
  rebalanceStarted(rebalances: number, now: number): void {
    wasm.figures_rebalance_started(this.#address, rebalances, now);
  }

  rebalanceReturned(started: number, now: number): number {
    return wasm.figures_rebalance_returned(this.#address, started, now);
  }

  rebalanceEnded(started: number, now: number): number {
    return wasm.figures_rebalance_ended(this.#address, started, now);
  }

  /** NaN, and nothing changed, for a status outside 100 to 599. */
  webRequestEnded(status: number, started: number, now: number): number {
    return wasm.figures_web_request_ended(this.#address, status, started, now);
  }

  partitionAssigned(partition: number, now: number): void {
    wasm.figures_partition_assigned(this.#address, partition, now);
  }

  partitionRevoked(partition: number, now: number): void {
    wasm.figures_partition_revoked(this.#address, partition, now);
  }

  partitionLost(partition: number, now: number): void {
    wasm.figures_partition_lost(this.#address, partition, now);
  }

  /** `stage` is its place among the stages; `topic` of `errorTopic`, or `NONE`. */
  error(stage: number, kind: number, topic: number): void {
    wasm.figures_error(this.#address, stage, kind, topic);
  }

  /** `topic` is of `retryTopic`, or `NONE`. */
  retry(topic: number): void {
    wasm.figures_retry(this.#address, topic);
  }

  /** `topic` is of `deadLetterTopic`, or `NONE`. */
  deadLetter(topic: number): void {
    wasm.figures_dead_letter(this.#address, topic);
  }

  heartbeat(now: number): void {
    wasm.figures_heartbeat(this.#address, now);
  }

  partitionPaused(partition: number, paused: boolean): void {
    wasm.figures_partition_paused(this.#address, partition, paused);
  }

  /** `bytes` is NaN where not known. */
  polled(records: number, bytes: number): void {
    wasm.figures_polled(this.#address, records, bytes);
  }

  sample(now: number): void {
    wasm.figures_sample(this.#address, now);
  }
}
