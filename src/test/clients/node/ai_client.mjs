// The examples of the Vercel AI SDK with its OpenAI provider (the Responses API): chat, stream, tools. Prints what came.
import { openai } from "@ai-sdk/openai";
import { generateText, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";

const model = openai(process.env.MODEL); // OPENAI_BASE_URL and OPENAI_API_KEY

const examples = {
  async chat() {
    const { text } = await generateText({ model, system: "You are a helpful assistant.", prompt: "Hello!" });
    return text;
  },
  async stream() {
    const result = streamText({ model, prompt: "Hello!" });
    let text = "";
    for await (const part of result.textStream) text += part;
    return text;
  },
  async tools() {
    const { text, steps } = await generateText({
      model,
      prompt: "What is the weather like in Paris today?",
      stopWhen: stepCountIs(5),
      tools: {
        get_weather: tool({
          description: "Get the weather in a location",
          inputSchema: z.object({ location: z.string().describe("The location") }),
          execute: async ({ location }) => ({ location, temperature: 18 }),
        }),
      },
    });
    if (steps.length !== 2) throw new Error(`${steps.length} steps instead of 2`);
    return text;
  },
};

console.log(JSON.stringify({ text: await examples[process.argv[2]]() }));
