#!/usr/bin/env python3
"""Reads with TensorBoard's own code what the test `event_files_have_a_record_for_each_moment` wrote.

usage: python3 -m venv SOMEWHERE && SOMEWHERE/bin/pip install tensorboard
       NETFORM_TENSORBOARD=/tmp/events cargo test -p netform --test callbacks event_files
       SOMEWHERE/bin/python tests/oracle/tensorboard_reads.py /tmp/events

Last run with TensorBoard 2.21.
"""

import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event

folder = Path(sys.argv[1])
events = EventAccumulator(str(folder), size_guidance={"histograms": 0, "scalars": 0}).Reload()
tags = events.Tags()
print("scalars", tags["scalars"])
print("histograms", tags["histograms"])
lines = [line.split(",") for line in (folder / "history.csv").read_text().split()]
for tag, column in [("training/loss", "loss"), ("validation/accuracy", "validation_accuracy")]:
    at = lines[0].index(column)
    for event, line in zip(events.Scalars(tag), lines[1:], strict=True):
        assert event.step == int(line[0]) and abs(event.value - float(line[at])) < 1e-6, (tag, event, line)
assert [event.step for event in events.Scalars("batch/loss")] == list(range(4, 37, 4))
for event in events.Histograms("first.weight"):
    histogram = event.histogram_value
    assert histogram.num == 6 * 16 == sum(histogram.bucket)
    assert histogram.min == histogram.bucket_limit[0] and histogram.max == histogram.bucket_limit[-1]
    print(f"epoch {event.step}: first.weight from {histogram.min:.3f} to {histogram.max:.3f}")

# Every checksum of every record, by the reader that refuses a wrong one.
path = next(folder.glob("events.out.tfevents.*"))
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import PyRecordReader_New

reader, count = PyRecordReader_New(str(path)), 0
while True:
    try:
        reader.GetNext()
    except Exception as end:
        assert type(end).__name__ in ("OutOfRangeError", "EOFError"), end
        break
    Event.FromString(reader.record())
    count += 1
print(count, "records, all checksums right")
