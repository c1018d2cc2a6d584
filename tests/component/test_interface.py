"""The component's interface as Python sees it: errors, the clock, WASI's clock, memory, the package."""

import json
import time
import unittest

import interface
import streamgauge
import wasmtime
from interface import COMPONENT, Failed, create, hand_clock, message, plain, record, stream, tp
from streamgauge import Message, Refused, load
from wasmtime.component import Component, Linker, Variant

ORDERS = ("orders", 3)
WASI = COMPONENT.replace("host-clock", "wasi-clock")
ENGINE = wasmtime.Engine()


def refusal(what, expected, got):
    return {"what": what, "expected": expected, "got": got}


class Typed(unittest.TestCase):
    """The interface itself, without the package's Monitor."""

    @classmethod
    def setUpClass(cls):
        cls.clock = hand_clock()
        cls.gauge = load(COMPONENT, cls.clock.now, ENGINE)

    def failure(self, call, *arguments):
        with self.assertRaises(Failed) as caught:
            call(*arguments)
        return caught.exception.tag, caught.exception.payload

    def test_errors_arrive_typed(self):
        monitor = create(self.gauge)
        self.assertEqual(
            self.failure(monitor.on_message_in, tp("a", 2**31), 1, message()),
            ("invalid-argument", refusal("partition", "a whole number in 0..=2147483647", "2147483648")),
        )
        self.assertEqual(
            self.failure(create, self.gauge, '{"max_avg_history": 1000001}'),
            ("invalid-argument", refusal("max_avg_history", "a whole number in 0..=1000000", "1000001")),
        )
        tag, payload = self.failure(create, self.gauge, "{")
        self.assertEqual((tag, payload["place"]), ("invalid-document", ""))
        state = monitor.on_stream_event_in(tp(*ORDERS), 1, stream("totals"))
        self.clock.reading += 1
        ended = monitor.on_stream_event_out(tp(*ORDERS), 1, stream("totals"), state)
        tag, _ = self.failure(monitor.on_stream_event_out, tp(*ORDERS), 1, stream("totals"), ended)
        self.assertEqual(tag, "token-completed")
        call = record(at=1.0, call=Variant("on-commit-completed", 3))
        (failed,) = monitor.record_calls([call])
        expected = "the id of a commit or send that was initiated and is open"
        self.assertEqual(plain(failed), {"index": 0, "error": {"unknown-token": refusal("token", expected, "3")}})
        self.assertEqual(dict(monitor.anomalies())["token_missing"], 0)

    def test_the_hosts_clock_is_asked_once_a_hook_and_once_a_batch(self):
        monitor = create(self.gauge)
        self.clock.reading, self.clock.asked = 12.5, 0
        self.assertEqual(monitor.on_commit_initiated(), 12.5)
        self.assertEqual(self.clock.asked, 1)
        heartbeat = record(at=None, call=Variant("on-heartbeat"))
        monitor.record_calls([heartbeat, heartbeat])
        self.assertEqual(self.clock.asked, 2)
        monitor.record_calls([record(at=1.0, call=Variant("on-heartbeat"))])
        self.assertEqual(self.clock.asked, 2)

    def test_the_clock_is_all_that_is_imported(self):
        component = Component.from_file(ENGINE, COMPONENT)
        self.assertEqual(list(component.type.imports(ENGINE)), ["streamgauge:monitor/clock@0.1.0"])

    def test_an_exception_of_the_clock_is_kept_and_an_anomaly(self):
        failing = OSError("no clock")

        def fails():
            raise failing

        gauge = load(COMPONENT, fails, ENGINE)
        monitor = create(gauge)
        self.assertEqual(monitor.on_commit_initiated(), 0)
        self.assertEqual(dict(monitor.anomalies())["clock_not_finite"], 1)
        self.assertIs(gauge.clock_error, failing)
        # The instance goes on, here with a clock that does.
        gauge.time = lambda: 7.5
        self.assertEqual(monitor.on_commit_initiated(), 7.5)

    def test_typed_options_are_those_of_the_json_form(self):
        """Every option has a value of its own, so that none can stand for another."""
        options = {
            "max_avg_history": 4, "max_commit_latency_history": 5, "max_send_latency_history": 6,
            "max_assignment_latency_history": 7, "max_labels": 50, "max_partitions": 60, "epoch": 70.5,
            "health_commits": 8, "allowed_lag": 9, "health_hold": 10.5, "stuck_after": 11.5, "storm_rebalances": 12,
            "storm_window": 13.5, "label_idle": 14.5, "partition_idle": 15.5, "worker": "worker-1",
            "messages_active": 16, "messages_received_total": 17, "messages_received_by_topic": {"a": 18},
            "messages_sent": 19, "messages_s": 20, "events_active": 21, "events_total": 22, "events_s": 23,
            "events_by_stream": {"b": 24}, "events_by_task": {"c": 25}, "events_runtime": [26.5],
            "events_runtime_avg": 27.5, "commit_latency": [28.5], "send_latency": [29.5],
            "assignment_latency": [30.5], "topic_buffer_full": {"d": 31},
            "tables": {"e": {"keys_retrieved": 32, "keys_updated": 33, "keys_deleted": 34}}, "rebalances": 35,
            "rebalance_return_latency": [36.5], "rebalance_end_latency": [37.5], "rebalance_return_avg": 38.5,
            "rebalance_end_avg": 39.5, "http_response_codes": {"404": 40}, "http_response_latency": [41.5],
            "http_response_latency_avg": 42.5,
        }
        typed = dict(options)
        for family in ("messages_received_by_topic", "events_by_stream", "events_by_task", "topic_buffer_full"):
            typed[family] = list(options[family].items())
        typed["tables"] = [(name, record(**counts)) for name, counts in options["tables"].items()]
        typed["http_response_codes"] = [(404, 40)]
        handle = self.gauge.function("[static]monitor.create")(record(**typed))
        monitors = [interface.Typed(self.gauge, handle), create(self.gauge, json.dumps(options))]
        figures = [json.loads(monitor.asdict_json()) for monitor in monitors]
        self.assertEqual(figures[0], figures[1])
        wanted = {key: value for key, value in options.items() if key in figures[0]}
        self.assertEqual({key: figures[0][key] for key in wanted}, wanted)
        self.assertEqual(len(wanted), 24)
        self.assertEqual([monitor.events_runtime() for monitor in monitors], [[26.5], [26.5]])
        snapshots = [json.loads(monitor.snapshot("json")) for monitor in monitors]
        self.assertEqual(snapshots[0], snapshots[1])
        self.assertEqual(snapshots[0]["worker"], "worker-1")

    def test_dropped_monitors_give_their_memory_back(self):
        """Under a limit that a few hundred of them would reach."""
        gauge = load(COMPONENT, self.clock.now, ENGINE)
        gauge.store.set_limits(memory_size=4 << 20)
        make = gauge.function("[constructor]monitor")
        count = gauge.function("[method]monitor.on-table-get")
        for _ in range(10_000):
            monitor = make()
            count(monitor, "totals")
            monitor.drop(gauge.store)
        kept = []
        with self.assertRaisesRegex(wasmtime.WasmtimeError, "unreachable"):
            for _ in range(10_000):
                kept.append(make())
        self.assertGreater(len(kept), 100)

    def test_the_other_world_reads_wasis_clocks(self):
        component = Component.from_file(ENGINE, WASI)
        imports = sorted(component.type.imports(ENGINE))
        self.assertEqual(imports, ["wasi:clocks/monotonic-clock@0.2.0", "wasi:clocks/wall-clock@0.2.0"])
        store = wasmtime.Store(ENGINE)
        store.set_wasi(wasmtime.WasiConfig())
        linker = Linker(ENGINE)
        linker.add_wasip2()
        instance = linker.instantiate(store, component)
        monitors = instance.get_export_index(store, "streamgauge:monitor/monitors@0.1.0")

        def call(name, *arguments):
            function = instance.get_func(store, instance.get_export_index(store, name, monitors))
            return function(store, *arguments)

        earliest = time.time()
        monitor = call("[constructor]monitor")
        first = call("[method]monitor.on-commit-initiated", monitor)
        self.assertGreaterEqual(call("[method]monitor.secs-since", monitor, first), 0)
        at = json.loads(call("[method]monitor.snapshot", monitor, "json"))["at"]
        # Two clocks of the machine, which may be set while this runs.
        self.assertAlmostEqual(at, (earliest + time.time()) / 2, delta=3600)


class App:
    rebalancing_count = 4


class Package(unittest.TestCase):
    """The package's Monitor."""

    @classmethod
    def setUpClass(cls):
        cls.clock = hand_clock()
        cls.gauge = load(COMPONENT, cls.clock.now, ENGINE)

    def setUp(self):
        self.clock.reading = 0.0

    def pass_by(self, seconds):
        self.clock.reading += seconds

    def test_what_is_read_is_never_behind(self):
        with self.gauge.monitor() as monitor:
            kept = Message()
            monitor.on_message_in(ORDERS, 41, kept)
            state = monitor.on_stream_event_in(ORDERS, 41, ("totals", "sum"))
            self.assertEqual(monitor.asdict()["messages_active"], 1)
            self.pass_by(0.25)
            monitor.on_stream_event_out(ORDERS, 41, ("totals", "sum"), None, state)
            monitor.on_message_out(ORDERS, 41, kept)
            found = monitor.asdict()
            self.assertEqual((found["messages_active"], found["events_active"]), (0, 0))
            self.assertEqual(found["topic_read_offsets"], {"orders": {"3": 41}})
            self.assertEqual((kept.time_in, kept.time_out, kept.time_total), (0, 0.25, 0.25))
            life = monitor.snapshot()["events"]["runtime"]["life"]
            self.assertEqual((life["count"], life["max"]), (1, 0.25))

    def test_a_full_batch_is_handed_over_by_itself(self):
        monitor = self.gauge.monitor()
        read = self.gauge.function("[method]monitor.asdict-json")
        for offset in range(streamgauge.BATCH):
            monitor.on_message_in(ORDERS, offset, Message())
        self.assertEqual(json.loads(read(monitor.handle))["messages_received_total"], 0)
        monitor.on_heartbeat()
        self.assertEqual(json.loads(read(monitor.handle))["messages_received_total"], streamgauge.BATCH)

    def test_every_hook_reaches_its_figure(self):
        monitor = self.gauge.monitor(max_avg_history=5)
        commit = monitor.on_commit_initiated()
        send = monitor.on_send_initiated(None, "totals", None, 3, 4)
        failed = monitor.on_send_initiated(None, "totals", None, 1, 1)
        assignment = monitor.on_assignment_start()
        request = monitor.on_web_request_start()
        unanswered = monitor.on_web_request_start()
        self.pass_by(0.5)
        monitor.on_commit_completed(None, commit)
        monitor.on_send_completed(None, send)
        monitor.on_send_error(None, TimeoutError("late"), failed)
        monitor.on_assignment_completed(None, assignment)
        monitor.on_assignment_error(None, assignment)
        monitor.on_web_request_end(None, None, type("Response", (), {"status": 204}), request)
        monitor.on_web_request_end(None, None, None, unanswered)
        rebalance = monitor.on_rebalance_start(App())
        self.pass_by(0.125)
        monitor.on_rebalance_return(App(), rebalance)
        monitor.on_rebalance_end(App(), rebalance)
        monitor.on_topic_buffer_full(ORDERS)
        monitor.on_table_get("t")
        monitor.on_table_set("t")
        monitor.on_table_del("t")
        monitor.count("large", -2)
        monitor.on_tp_commit({ORDERS: 42})
        monitor.track_tp_end_offset(ORDERS, 50)
        monitor.on_partitions_assigned([ORDERS, ("orders", 4)])
        monitor.on_partitions_revoked([("orders", 4)])
        monitor.on_partitions_lost([ORDERS])
        monitor.on_pause([ORDERS])
        monitor.on_resume([ORDERS])
        monitor.on_error("deserialize", "bad-magic", ORDERS)
        monitor.on_error("other", ValueError("x"))
        monitor.on_retry(ORDERS)
        monitor.on_retry()
        monitor.on_dead_letter(ORDERS)
        monitor.on_partitions_assigned([("orders", 5)])
        monitor.on_position(("orders", 5), 43)
        monitor.on_heartbeat()
        monitor.on_poll(5, 700)
        monitor.on_poll(0)
        monitor.on_threaded_producer_buffer_processed(None, 3)
        monitor.sample()
        found = monitor.asdict()
        expected = {
            "commit_latency": [0.5], "send_latency": [0.5], "messages_sent": 2, "messages_sent_by_topic": {"totals": 2},
            "send_errors": 1, "assignments_completed": 1, "assignments_failed": 1, "assignment_latency": [0.5, 0.5],
            "http_response_codes": {"204": 1, "500": 1}, "http_response_latency_avg": 0.5, "rebalances": 4,
            "rebalance_return_latency": [0.125], "rebalance_end_latency": [0.125], "topic_buffer_full": {"orders": 1},
            "tables": {"t": {"keys_retrieved": 1, "keys_updated": 1, "keys_deleted": 1}}, "metric_counts": {"large": -2},
            "topic_committed_offsets": {"orders": {"3": 42}}, "topic_end_offsets": {"orders": {"3": 50}},
        }
        self.assertEqual({key: found[key] for key in expected}, expected)
        snapshot = monitor.snapshot()
        stages = {"send": {"TimeoutError": 1}, "http": {"500": 1}, "deserialize": {"bad-magic": 1}, "other": {"ValueError": 1}}
        self.assertEqual(snapshot["errors"]["byStage"], stages)
        self.assertEqual(snapshot["errors"]["byTopic"], {"orders": 1})
        messages, consumer, ownership = (snapshot[key] for key in ("messages", "consumer", "ownership"))
        self.assertEqual((messages["retried"], messages["deadLettered"], messages["bytesReceived"]), (2, 1, 700))
        self.assertEqual((messages["bytesSent"], consumer["heartbeats"], consumer["emptyPolls"]), (9, 1, 1))
        self.assertEqual((ownership["assigned"], ownership["revoked"], ownership["lost"]), (3, 1, 1))
        self.assertEqual([(of["topic"], of["partition"], of["position"]) for of in snapshot["partitions"]], [("orders", 5, 43)])
        self.assertEqual(monitor.refusals, 0)
        self.assertEqual(sum(monitor.anomalies().values()), 0)

    def test_what_is_refused_is_kept_and_raises_nothing(self):
        monitor = self.gauge.monitor()
        monitor.on_table_get("t" * 5000)
        monitor.on_message_in(ORDERS, -1, Message())
        monitor.on_table_get("kept")
        self.assertEqual(monitor.asdict()["tables"], {"kept": {"keys_retrieved": 1, "keys_updated": 0, "keys_deleted": 0}})
        codes = [(refused.code, refused.what) for refused in monitor.refused]
        self.assertEqual(codes, [("invalid-argument", "name"), ("unknown-handle", "handle"), ("invalid-argument", "offset")])
        self.assertEqual(monitor.refusals, 3)
        self.assertEqual(monitor.refused[2].got, "-1")

    def test_options_that_are_refused_raise(self):
        with self.assertRaises(Refused) as caught:
            self.gauge.monitor(max_labels=-1)
        self.assertEqual(caught.exception.code, "invalid-document")
        with self.assertRaisesRegex(Refused, "health_commits must be a whole number in 2..=1000, got 1"):
            self.gauge.monitor(health_commits=1)

    def test_restore_goes_on_and_merge_adds_up(self):
        first = self.gauge.monitor(worker="a")
        first.on_table_get("t")
        second = self.gauge.restore(first.asdict(), worker="b")
        second.on_table_get("t")
        self.assertEqual(second.asdict()["tables"]["t"]["keys_retrieved"], 2)
        for monitor in (first, second):
            monitor.on_message_in(ORDERS, 1, Message())
        merged = self.gauge.merge([first.snapshot(), json.dumps(second.snapshot())])
        self.assertEqual(merged["messages"]["received"], 2)

    def test_work_that_raises_is_counted_and_goes_on_raising(self):
        monitor = self.gauge.monitor(epoch=1_000)
        record_ = type("Record", (), {"topic": lambda _: "orders", "partition": lambda _: 3, "offset": lambda _: 41,
                                      "timestamp": lambda _: (1, 1_000_000)})()
        with self.assertRaises(KeyError), monitor.processing(record_, "totals"):
            self.pass_by(0.5)
            raise KeyError("customer")
        found, snapshot = monitor.asdict(), monitor.snapshot()
        self.assertEqual((found["messages_active"], found["events_active"]), (0, 0))
        self.assertEqual(snapshot["errors"]["byStage"], {"process": {"KeyError": 1}})
        self.assertEqual(snapshot["messages"]["endToEnd"]["life"]["max"], 0.5)


if __name__ == "__main__":
    unittest.main()
