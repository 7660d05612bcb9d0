"""A line that a function prints is one event of its log."""

from sandbox.services.lambda_.log_streams import Report, log_lines

REPORT = Report(request_id="r", version="$LATEST", memory_mb=128, duration_ms=1.0, init_ms=None, status="success")


def test_only_a_line_feed_ends_a_line() -> None:
    printed = "a\u2028b\x85c\x1cd\x0be\rf\ng\n"
    first, *lines, last = log_lines(REPORT, printed, None, json_format=True)
    assert lines == ["a\u2028b\x85c\x1cd\x0be\rf", "g"]
    assert "platform.start" in first
    assert "platform.report" in last
