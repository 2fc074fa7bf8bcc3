// The examples of the official openai package: chat, stream, tools. Prints what came.
import assert from "node:assert";
import OpenAI from "openai";

const client = new OpenAI(); // OPENAI_BASE_URL and OPENAI_API_KEY
const model = process.env.MODEL;
const tools = [
  {
    type: "function",
    function: {
      name: "get_weather",
      description: "Get current temperature for a given location.",
      parameters: {
        type: "object",
        properties: { location: { type: "string", description: "City and country" } },
        required: ["location"],
        additionalProperties: false,
      },
    },
  },
];

const examples = {
  async chat() {
    const completion = await client.chat.completions.create({
      model,
      messages: [
        { role: "developer", content: "You are a helpful assistant." },
        { role: "user", content: "Hello!" },
      ],
    });
    return completion.choices[0].message.content;
  },
  async stream() {
    const stream = await client.chat.completions.create({
      model,
      messages: [{ role: "user", content: "Hello!" }],
      stream: true,
    });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? "";
    return text;
  },
  async tools() {
    const messages = [{ role: "user", content: "What is the weather like in Paris today?" }];
    const first = await client.chat.completions.create({ model, messages, tools });
    const message = first.choices[0].message;
    messages.push(message);
    for (const call of message.tool_calls) {
      assert.ok(call.function.name);
      assert.ok(JSON.parse(call.function.arguments));
      messages.push({ role: "tool", tool_call_id: call.id, content: "18 degrees, sunny" });
    }
    const second = await client.chat.completions.create({ model, messages, tools });
    return second.choices[0].message.content;
  },
};

console.log(JSON.stringify({ text: await examples[process.argv[2]]() }));
