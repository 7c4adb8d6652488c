"""Reads [{pattern, event}] and prints for each whether moto's EventBridge takes the event."""

import json
import sys

from moto.events.models import EventPattern, EventPatternParser


def matches(request):
    text = json.dumps(request["pattern"])
    return EventPattern(text, EventPatternParser(text).parse()).matches_event(
        request["event"]
    )


json.dump([matches(request) for request in json.load(sys.stdin)], sys.stdout)
