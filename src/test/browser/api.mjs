// api.mjs URL KEY PICTURE.png: opens the API's pages of the gateway at URL in chromium, lists its models with KEY as a
// reader would, and prints as JSON what was seen: operations, status and answer of the try, what the browser complained of.
import { createRequire } from 'node:module';

const { chromium } = createRequire(process.env.IIR_TEST_BROWSER + '/')('playwright-core');
const [url, key, picture] = process.argv.slice(2);
const complaints = [];
const foreign = [];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  page.setDefaultTimeout(60_000);
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(error.message));
  page.on('request', request => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) foreign.push(request.url());
  });
  await page.goto(url + '/docs');
  await page.waitForSelector('.opblock');
  const operations = await page.locator('.opblock').count();
  const title = (await page.locator('.info h1').first().innerText()).split('\n')[0].trim();

  await page.locator('button.authorize').first().click();
  await page.locator('.auth-container input[type=text], .auth-container input[type=password]').first().fill(key);
  await page.locator('.auth-container button.authorize').first().click();
  await page.locator('button.btn-done').first().click();

  const models = page.locator('#operations-inference-listModels');
  await models.locator('.opblock-summary').click();
  await models.locator('button.execute').click();
  const answer = models.locator('.live-responses-table .response').first();
  await answer.waitFor();
  const status = (await answer.locator('.response-col_status').innerText()).trim().split(/\s/)[0];
  const body = await answer.locator('.response-col_description').innerText();
  await page.locator('#operations-tag-inference').scrollIntoViewIfNeeded();
  await models.scrollIntoViewIfNeeded();
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: picture });
  console.log(JSON.stringify({ title, operations, status, body, complaints, foreign }));
} finally {
  await browser.close();
}
