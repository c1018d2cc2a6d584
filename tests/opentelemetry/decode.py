"""Decodes the body of an OTLP metrics request from standard input, by the official messages, and prints it as JSON."""

import sys

from google.protobuf.json_format import MessageToJson
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

request = ExportMetricsServiceRequest()
request.ParseFromString(sys.stdin.buffer.read())
print(MessageToJson(request))
