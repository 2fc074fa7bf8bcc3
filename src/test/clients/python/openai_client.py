"""The examples of the official openai package: chat, stream, tools. Prints what came."""

import json
import os
import sys

from openai import OpenAI

client = OpenAI()  # OPENAI_BASE_URL and OPENAI_API_KEY
MODEL = os.environ["MODEL"]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Get current temperature for a given location.",
            "parameters": {
                "type": "object",
                "properties": {
                    "location": {"type": "string", "description": "City and country e.g. Bogotá, Colombia"}
                },
                "required": ["location"],
                "additionalProperties": False,
            },
        },
    }
]


def chat():
    completion = client.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "developer", "content": "You are a helpful assistant."},
            {"role": "user", "content": "Hello!"},
        ],
    )
    return completion.choices[0].message.content


def stream():
    events = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "Hello!"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    text, usage = "", None
    for event in events:
        if event.choices and event.choices[0].delta.content:
            text += event.choices[0].delta.content
        usage = event.usage or usage
    assert usage is not None and usage.completion_tokens > 0
    return text


def tools():
    messages = [{"role": "user", "content": "What is the weather like in Paris today?"}]
    completion = client.chat.completions.create(model=MODEL, messages=messages, tools=TOOLS)
    message = completion.choices[0].message
    assert completion.choices[0].finish_reason == "tool_calls", completion
    messages.append(message)
    for call in message.tool_calls:
        assert call.function.name and json.loads(call.function.arguments) is not None
        messages.append({"role": "tool", "tool_call_id": call.id, "content": "18 degrees, sunny"})
    completion = client.chat.completions.create(model=MODEL, messages=messages, tools=TOOLS)
    return completion.choices[0].message.content


print(json.dumps({"text": {"chat": chat, "stream": stream, "tools": tools}[sys.argv[1]]()}))
