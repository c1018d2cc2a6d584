"""Hooks that are told what is no number, no name or no stage; threads, and monitors that were closed."""

import threading
import unittest
from types import SimpleNamespace

import wasmtime
from interface import COMPONENT, hand_clock
from streamgauge import Message, load

ORDERS = ("orders", 3)
ENGINE = wasmtime.Engine()


def got(monitor):
    return [(refused.code, refused.what, refused.got) for refused in monitor.refused]


class Hooks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clock = hand_clock()
        cls.gauge = load(COMPONENT, cls.clock.now, ENGINE)

    def test_what_is_no_number_is_refused_and_nothing_else(self):
        monitor = self.gauge.monitor()
        monitor.on_message_in(ORDERS, 41, Message())
        monitor.on_message_in(ORDERS, 42, Message(timestamp=None))
        monitor.on_message_in(ORDERS, None, Message())
        monitor.on_poll("5")
        monitor.count("large", 10**400)
        monitor.count("huge", 10**5000)
        monitor.on_web_request_end(None, None, object, 0.0)
        monitor.on_heartbeat()
        self.assertEqual(monitor.asdict()["messages_received_total"], 1)
        self.assertEqual(monitor.snapshot()["consumer"]["heartbeats"], 1)
        self.assertEqual(monitor.refusals, 6)
        self.assertEqual([refused.expected for refused in monitor.refused], ["a number"] * 6)
        self.assertEqual([refused.got for refused in monitor.refused][:3], ["None", "None", "'5'"])

    def test_statuses_of_responses(self):
        monitor = self.gauge.monitor()
        responses = [
            None, 404, SimpleNamespace(status=201), SimpleNamespace(status_code=202),
            SimpleNamespace(status="203 SOMETHING", status_code=203),
        ]
        for response in responses:
            monitor.on_web_request_end(None, None, response, monitor.on_web_request_start())
        self.assertEqual(monitor.asdict()["http_response_codes"], {"201": 1, "202": 1, "203": 1, "404": 1, "500": 1})
        self.assertEqual(monitor.refusals, 0)

    def test_what_is_no_name_is_refused(self):
        monitor = self.gauge.monitor()
        for table in (7, None, "\ud800", {"a": 1}, b"t"):
            monitor.on_table_get(table)
        for tp in (None, "orders", ("orders",), ("orders", "3"), ("orders", None), (None, 3), ("\udfff", 3)):
            monitor.on_retry(("orders", 3) if tp is None else tp)
            monitor.track_tp_end_offset(tp, 5)
        monitor.on_stream_event_in(ORDERS, 1, ("a", "b", "c"))
        monitor.on_stream_event_in(ORDERS, 1, None)
        monitor.on_topic_buffer_full(None)
        monitor.on_topic_buffer_full(())
        refusals = monitor.refusals
        self.assertGreaterEqual(refusals, 5)
        self.assertEqual(monitor.refused[0].expected, "Unicode text")
        monitor.on_table_get("t")
        self.assertEqual(monitor.asdict()["tables"], {"t": {"keys_retrieved": 1, "keys_updated": 0, "keys_deleted": 0}})
        self.assertEqual(monitor.asdict()["topic_end_offsets"], {})
        self.assertGreater(monitor.refusals, refusals)

    def test_a_pair_may_be_a_list(self):
        monitor = self.gauge.monitor()
        monitor.track_tp_end_offset(["orders", 3], 50)
        self.assertEqual(monitor.asdict()["topic_end_offsets"], {"orders": {"3": 50}})
        self.assertEqual(monitor.refusals, 0)

    def test_partitions_do_not_wrap(self):
        monitor = self.gauge.monitor()
        for partition in (-1, 2**31, 2**32 + 3):
            monitor.track_tp_end_offset(("orders", partition), 50)
        expected = [("invalid-argument", "partition", shown) for shown in ("-1", "2147483648", "4294967299")]
        self.assertEqual(got(monitor), expected)
        monitor.track_tp_end_offset(("orders", 2**31 - 1), 50)
        self.assertEqual(monitor.asdict()["topic_end_offsets"], {"orders": {"2147483647": 50}})

    def test_a_stage_that_is_not_known_is_refused(self):
        monitor = self.gauge.monitor()
        monitor.on_error("procces", ValueError("x"))
        self.assertEqual(got(monitor), [("invalid-argument", "stage", "'procces'")])
        self.assertEqual(monitor.snapshot()["errors"]["byStage"], {})

    def test_a_closed_monitor_collects_nothing(self):
        monitor = self.gauge.monitor()
        monitor.on_table_get("t")
        monitor.close()
        monitor.close()
        monitor.on_table_get("t")
        monitor.on_table_get("new")
        monitor.on_message_in(ORDERS, None, Message())
        monitor.on_error("none", "x")
        monitor.sample()
        self.assertEqual((monitor.refusals, monitor._calls), (0, []))
        with self.assertRaisesRegex(ValueError, "the monitor must be open for asdict-json, got one that was closed"):
            monitor.asdict()
        with self.gauge.monitor() as other:
            self.assertEqual(other.asdict()["tables"], {})

    def test_the_store_is_touched_under_the_lock_alone(self):
        gauge = load(COMPONENT, self.clock.now, ENGINE)
        held = []

        class Watched:
            def __getattr__(self, name):
                held.append(gauge.lock._is_owned())
                return getattr(instance, name)

        instance, gauge._instance = gauge._instance, Watched()
        with gauge.monitor() as monitor:
            monitor.asdict()
            looked_up = len(held)
            monitor.asdict()
        self.assertTrue(all(held))
        self.assertEqual(len(held), looked_up, "functions are looked up once")

    def test_threads_share_a_gauge(self):
        gauge = load(COMPONENT, self.clock.now, ENGINE)
        begin, found = threading.Barrier(2), {}

        def work(name):
            begin.wait()
            with gauge.monitor() as monitor:
                for count in range(1, 101):
                    monitor.on_table_get(name)
                    found[name] = monitor.asdict()["tables"]

        threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        counts = {"keys_retrieved": 100, "keys_updated": 0, "keys_deleted": 0}
        self.assertEqual(found, {"a": {"a": counts}, "b": {"b": counts}})


if __name__ == "__main__":
    unittest.main()
