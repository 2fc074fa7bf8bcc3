// Fails unless each Mermaid diagram in the Markdown files that are named can be read by Mermaid itself.
import fs from "node:fs";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");

let read = 0;
for (const file of process.argv.slice(2)) {
  const text = fs.readFileSync(file, "utf8");
  for (const found of text.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)) {
    try {
      await mermaid.parse(found[1]);
      read++;
    } catch (error) {
      const line = text.slice(0, found.index).split("\n").length;
      console.error(`${file}:${line}: ${error.message}`);
      process.exitCode = 1;
    }
  }
}
console.log(`${read} diagrams can be read`);
if (read === 0) {
  process.exitCode = 1;
}
