"""Streams a chat by the official OpenAI client and prints what arrived, as one line of JSON.

Usage: stream_chat.py BASE-URL API-KEY MODEL PROMPT
"""

import json
import sys

from openai import OpenAI

base_url, api_key, model, prompt = sys.argv[1:]
client = OpenAI(base_url=base_url, api_key=api_key, max_retries=0, timeout=60)

pieces, finish_reason, usage = [], None, None
stream = client.chat.completions.create(
    model=model,
    messages=[{"role": "user", "content": prompt}],
    temperature=0,
    max_tokens=24,
    stream=True,
    stream_options={"include_usage": True},
)
for chunk in stream:
    usage = chunk.usage or usage
    for choice in chunk.choices:
        finish_reason = choice.finish_reason or finish_reason
        if choice.delta.content:
            pieces.append(choice.delta.content)

print(
    json.dumps(
        {
            "text": "".join(pieces),
            "pieces": len(pieces),
            "finish_reason": finish_reason,
            "completion_tokens": usage.completion_tokens,
            "models": [each.id for each in client.models.list()],
        }
    )
)
