#!/usr/bin/env python3
"""Reduces the description of the Telegram Bot API to what the sandbox's emulator needs.

    scripts/reduce-telegram-api.py

Reads tests/data/telegram-api.json and writes src/sandbox/data/telegram-methods.json: the methods in METHODS, the types
that they reach, and of every field its name, types and whether it is required. What stands in prose only is turned into
data: `always` (the one value of a type's discriminator), `reactions` and `update_kinds`.

A method that the emulator is to serve: add its name to METHODS, run this, write the method.
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "tests" / "data" / "telegram-api.json"
TARGET = ROOT / "src" / "sandbox" / "data" / "telegram-methods.json"

METHODS = """
getMe deleteWebhook setWebhook getWebhookInfo getUpdates
sendMessage sendMessageDraft sendVideo sendDocument sendPhoto sendChatAction
editMessageText editMessageReplyMarkup editMessageCaption deleteMessage
setMessageReaction answerCallbackQuery getFile getChat getChatMember
setMyCommands getMyCommands deleteMyCommands
""".split()

# The one value of a discriminator, as the documentation words it.
ALWAYS = re.compile(r"(?:must be|always) ['‘“\"]?([a-z_]+)['’”\"]?\.?$")


def fields_of(thing: dict) -> list[dict]:
    fields = []
    for field in thing.get("fields", []):
        kept = {key: field[key] for key in ("name", "types", "required")}
        always = ALWAYS.search(field.get("description", "")) if field["name"] == "type" else None
        if always:
            kept["always"] = always[1]
        fields.append(kept)
    return fields


def main() -> None:
    api = json.loads(SOURCE.read_text(encoding="utf-8"))
    methods = {name: {"fields": fields_of(api["methods"][name])} for name in METHODS}
    types: dict[str, dict] = {}
    todo = [kind for method in methods.values() for field in method["fields"] for kind in field["types"]]
    while todo:
        name = todo.pop().split("Array of ")[-1]
        if name in types or name not in api["types"]:
            continue
        thing = api["types"][name]
        members = thing.get("subtypes") or thing.get("guess_subtypes") or []
        types[name] = {"fields": fields_of(thing)}
        if members:
            types[name]["subtypes"] = members
        todo += members + [kind for field in types[name]["fields"] for kind in field["types"]]
    emoji = next(f for f in api["types"]["ReactionTypeEmoji"]["fields"] if f["name"] == "emoji")
    reduced = {
        "version": api["version"],
        "source": api["source"],
        "licence": "MIT, see README.md beside this file",
        "methods": methods,
        "types": dict(sorted(types.items())),
        "reactions": re.findall(r'"([^"]+)"', emoji["description"]),
        "update_kinds": [f["name"] for f in api["types"]["Update"]["fields"] if f["name"] != "update_id"],
    }
    text = json.dumps(reduced, ensure_ascii=False, separators=(",", ":"))
    # A line for each method and type, so that a difference can be read.
    text = re.sub(r'(?<=[{,])("\w+":\{"fields")', r"\n\1", text)
    TARGET.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
