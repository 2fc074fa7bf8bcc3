"""The examples of the official anthropic package: chat, stream, tools. Prints what came."""

import json
import os
import sys

from anthropic import Anthropic

client = Anthropic()  # ANTHROPIC_BASE_URL and ANTHROPIC_API_KEY
MODEL = os.environ["MODEL"]
TOOLS = [
    {
        "name": "get_weather",
        "description": "Get the current weather in a given location",
        "input_schema": {
            "type": "object",
            "properties": {"location": {"type": "string", "description": "The city and state"}},
            "required": ["location"],
        },
    }
]


def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")


def chat():
    message = client.messages.create(
        model=MODEL,
        max_tokens=1024,
        system="You are a helpful assistant.",
        messages=[{"role": "user", "content": "Hello!"}],
    )
    assert message.usage.input_tokens > 0 and message.stop_reason == "end_turn", message
    return text_of(message)


def stream():
    with client.messages.stream(
        model=MODEL, max_tokens=1024, messages=[{"role": "user", "content": "Hello!"}]
    ) as events:
        text = "".join(events.text_stream)
        assert events.get_final_message().usage.output_tokens > 0
    return text


def tools():
    messages = [{"role": "user", "content": "What is the weather like in Paris today?"}]
    message = client.messages.create(model=MODEL, max_tokens=1024, tools=TOOLS, messages=messages)
    assert message.stop_reason == "tool_use", message
    messages.append({"role": "assistant", "content": message.content})
    results = []
    for block in message.content:
        if block.type == "tool_use":
            assert block.name and block.input is not None
            results.append({"type": "tool_result", "tool_use_id": block.id, "content": "18 degrees, sunny"})
    messages.append({"role": "user", "content": results})
    return text_of(client.messages.create(model=MODEL, max_tokens=1024, tools=TOOLS, messages=messages))


print(json.dumps({"text": {"chat": chat, "stream": stream, "tools": tools}[sys.argv[1]]()}))
