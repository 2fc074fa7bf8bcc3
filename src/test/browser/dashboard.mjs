// dashboard.mjs DASHBOARD.json SETTINGS.json PICTURE.png: draws one dashboard in chromium, prints a list of the panels
// that found nothing. Settings: prometheus (its URL), start and end (seconds), step, rate ($__rate_interval).
import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const [dashboard, settings] = await Promise.all(
  process.argv.slice(2, 4).map(async file => JSON.parse(await readFile(file, 'utf8'))));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.on('pageerror', error => console.error(error.message));
  await page.goto(new URL('dashboard.html', import.meta.url).href);
  const empty = await page.evaluate(([board, options]) => window.render(board, options), [dashboard, settings]);
  await page.screenshot({ path: process.argv[4], fullPage: true });
  console.log(JSON.stringify(empty));
} finally {
  await browser.close();
}
