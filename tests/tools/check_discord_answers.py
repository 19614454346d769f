#!/usr/bin/env python3
"""Check what a Discord server answered against Discord's OpenAPI description.

    check_discord_answers.py ANSWERS.jsonl

Prints one line per finding and a closing line "N answers, M findings".
Exit code: 0 no finding, 1 findings, 2 the input, the spec or the jsonschema
package is missing. Needs Python 3.11 and jsonschema 4.18 or newer.

Input: JSON Lines, one answer per line, in one of two forms:

    {"method": "GET", "path": "/api/v10/channels/1", "status": 200, "body": {...}}
    {"schema": "MessageResponse", "body": {...}}

The second form is for objects of the gateway. A name of FIELDS_OF_EVENTS that
only the gateway adds is taken away before. Unknown fields count: every object
is closed, save for ADDITIONS.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))
from check_discord_calls import SPEC, Draft202012Validator, close_objects, explain  # noqa: E402

# What the gateway adds to an object of the API.
FIELDS_OF_EVENTS = {"MessageResponse": ("guild_id", "member", "channel_type")}
# Documented fields that the description lacks: schema -> field -> its schema.
ADDITIONS = {
    "ApplicationCommandAttachmentOptionResponse": {"file_types": {"type": "array"}},
}
# Routes in use that the description lacks -> the schema of their answer.
EXTRA_ROUTES = {
    ("post", "/attachments/refresh-urls"): {
        "type": "object",
        "required": ["refreshed_urls"],
        "properties": {"refreshed_urls": {"type": "array", "items": {
            "type": "object", "required": ["original", "refreshed"],
            "properties": {"original": {"type": "string"}, "refreshed": {"type": "string"}}}}},
    },
}


class Checker:
    """Checks answers; check() returns a list of messages."""

    def __init__(self, spec: dict) -> None:
        schemas = spec["components"]["schemas"]
        for name, fields in ADDITIONS.items():
            for field, schema in fields.items():
                schemas[name]["properties"].setdefault(field, schema)
        close_objects(schemas)
        # Two closed halves would refuse each other's fields.
        for half in (schemas["Error"], schemas["ErrorResponse"]["allOf"][1]):
            half.pop("additionalProperties")
        schemas["ErrorResponse"]["unevaluatedProperties"] = False
        # A deferred response comes back with its message too.
        schemas["CreateMessageInteractionCallbackResponse"]["properties"]["type"] = {"enum": [4, 5]}
        self.components = spec["components"]
        self.paths = spec["paths"]
        self.validators: dict = {}

    def check(self, record: dict) -> list[str]:
        if "schema" in record:
            name = record["schema"]
            body = {k: v for k, v in record["body"].items() if k not in FIELDS_OF_EVENTS.get(name, ())}
            return self.validate(name, {"$ref": f"#/components/schemas/{name}"}, body)
        method, path = record["method"].lower(), urlsplit(record["path"]).path.removeprefix("/api/v10")
        label = f"{record['method']} {path} {record['status']}"
        if (method, path) in EXTRA_ROUTES:
            return self.validate(label, EXTRA_ROUTES[method, path], record["body"])
        template = self.template(method, path)
        if template is None:
            return [f"{label}: no such route"]
        responses = self.paths[template][method]["responses"]
        status = str(record["status"])
        answer = responses.get(status) or responses.get(f"{status[0]}XX")
        if answer is None:
            return [f"{label}: no such status, there are {sorted(responses)}"]
        if "$ref" in answer:
            answer = self.components["responses"][answer["$ref"].rsplit("/", 1)[1]]
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return [] if record["body"] is None else [f"{label}: a body where there is none"]
        return self.validate(label, schema, record["body"])

    def template(self, method: str, path: str) -> str | None:
        def literal(template: str) -> int:
            return sum(1 for part in template.split("/") if part and "{" not in part)

        fitting = [t for t, item in self.paths.items() if method in item
                   and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", t), path)]
        return max(fitting, key=literal, default=None)

    def validate(self, label: str, schema: dict, body: object) -> list[str]:
        key = json.dumps(schema)
        if key not in self.validators:
            self.validators[key] = Draft202012Validator({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "components": self.components,
                "allOf": [schema],
            })
        found = []
        for error in self.validators[key].iter_errors(body):
            place, message = explain(error)
            found.append(f"{label}: {place}: {message}")
        return found


def main() -> int:
    if Draft202012Validator is None:
        print("this check needs the Python package jsonschema: pip install 'jsonschema>=4.18'", file=sys.stderr)
        return 2
    try:
        checker = Checker(json.loads(SPEC.read_text(encoding="utf-8")))
        lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError, KeyError, IndexError) as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return 2
    answers = findings = 0
    for number, line in enumerate(lines, 1):
        answers += 1
        for message in checker.check(json.loads(line)):
            print(f"line {number}: {message}")
            findings += 1
    print(f"{answers} answers, {findings} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
