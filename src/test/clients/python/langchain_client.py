"""The examples of LangChain's ChatOpenAI: chat, stream, tools. Prints what came."""

import json
import os
import sys

from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

model = ChatOpenAI(model=os.environ["MODEL"])  # OPENAI_BASE_URL and OPENAI_API_KEY


@tool
def get_weather(location: str = "Paris") -> str:
    """Get the weather at a location."""
    return f"18 degrees, sunny in {location}"


def chat():
    return model.invoke([SystemMessage("You are a helpful assistant."), HumanMessage("Hello!")]).text


def stream():
    return "".join(chunk.text for chunk in model.stream("Hello!"))


def tools():
    with_tools = model.bind_tools([get_weather])
    messages = [HumanMessage("What is the weather like in Paris today?")]
    answer = with_tools.invoke(messages)
    messages.append(answer)
    assert answer.tool_calls, answer
    for call in answer.tool_calls:
        result = get_weather.invoke(call)
        assert isinstance(result, ToolMessage)
        messages.append(result)
    return with_tools.invoke(messages).text


print(json.dumps({"text": {"chat": chat, "stream": stream, "tools": tools}[sys.argv[1]]()}))
