// Opens Hawtio as an operator does and tells what it shows: node hawtio.mjs <management URL> <folder for screenshots>.
// The last line of its output is JSON: what the pages showed, and what went wrong in the browser.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.env.IIR_TEST_BROWSER, 'node_modules', '/'));
const { chromium } = require('playwright-core');
const [base, folder] = process.argv.slice(2);
const PATIENCE = { timeout: 120_000 };

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
page.setDefaultTimeout(PATIENCE.timeout);
const wrong = [];
page.on('console', message => message.type() === 'error' && wrong.push(`console: ${message.text()}`));
page.on('pageerror', error => wrong.push(`script: ${error.message}`));
page.on('requestfailed', request => wrong.push(`request: ${request.url()} ${request.failure().errorText}`));
page.on('response', async response => {
  if (response.status() >= 400) wrong.push(`answer: ${response.status()} ${response.url()}`);
});

const shot = name => page.screenshot({ path: join(folder, `${name}.png`) });
const tree = name => page.getByRole('treeitem').getByText(name, { exact: true }).first();

await page.goto(base + '/hawtio/camel/routes', PATIENCE);
const table = page.getByTestId('camel-routes-table');
await table.getByRole('row').filter({ hasText: 'chat-completions' }).waitFor();
const rows = await table.getByRole('row').evaluateAll(all =>
  all.map(row => [...row.children].map(cell => cell.innerText.trim())));

// The picture of docs/HAWTIO.md: without the menu, busy routes first.
const menu = page.locator('.pf-v6-c-masthead__toggle button');
await menu.click();
const completed = table.getByRole('columnheader', { name: 'Completed' });
for (const order of ['ascending', 'descending']) {
  await completed.getByRole('button').click();
  await table.locator(`th[aria-sort=${order}]`).filter({ hasText: 'Completed' }).waitFor();
}
await shot('routes');
await menu.click();

await tree('chat-completions').click();
await page.getByRole('link', { name: 'Route Diagram', exact: true }).click();
await page.locator('.react-flow__node').filter({ hasText: 'chat-completions.cache-store' }).waitFor();
const nodes = (await page.locator('.react-flow__node').allInnerTexts()).map(text => text.replace(/\s+/g, ' '));
await shot('diagram');

await page.getByRole('link', { name: 'JMX', exact: true }).click();
await tree('io.iir').click();
await shot('jmx');
await browser.close();
console.log(JSON.stringify({ nodes, rows, wrong }));
