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
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
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

await page.goto(base + '/', PATIENCE);
await tree('chat-completions').click();
await page.locator('.react-flow__node').filter({ hasText: 'chat-completions.cache-store' }).waitFor();
const nodes = (await page.locator('.react-flow__node').allInnerTexts()).map(text => text.replace(/\s+/g, ' '));
await page.locator('.react-flow__controls-fitview').click().catch(() => {});
await shot('diagram');

await tree('routes').click();
await page.getByRole('link', { name: 'Routes', exact: true }).or(page.getByRole('tab', { name: 'Routes', exact: true })).first().click();
await page.getByRole('row').filter({ hasText: 'chat-completions' }).first().waitFor();
const heads = await page.getByRole('columnheader').allInnerTexts();
const rows = await page.getByRole('row').evaluateAll(all => all.map(row => [...row.children].map(cell => cell.innerText.trim())));
await shot('routes');

await page.getByRole('link', { name: 'JMX', exact: true }).click();
await tree('io.iir').click();
await shot('jmx');
await page.getByRole('link', { name: 'Runtime', exact: true }).click();
await page.getByText('java.vm', { exact: false }).or(page.getByText('System properties', { exact: false })).first().waitFor({ timeout: 5000 }).catch(() => {});
await shot('runtime');
await browser.close();
console.log(JSON.stringify({ nodes, heads, rows, wrong }));
