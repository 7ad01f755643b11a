// Opens each sheet in headless Chromium: no request beyond the file, no violation of WCAG 2.2 AA
// in light and in dark, and a usual interview prints on one page of A4 or Letter, in letters of 9
// points (the fullest on two, in 8), its sources in 7.
//
//   node check.mjs <folder of sheets> [folder for screenshots]
//
// A sheet named `full-*.html` may take two pages; every other one takes one.
import { readdirSync, readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [folder, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
if (pictures) mkdirSync(pictures, { recursive: true });
let failed = 0;
const fail = (what) => { failed += 1; console.error(`FAIL ${what}`); };

for (const name of readdirSync(folder).filter((name) => name.endsWith('.html')).sort()) {
  const url = pathToFileURL(resolve(folder, name)).href;
  for (const colorScheme of ['light', 'dark']) {
    // The page's own policy forbids scripts; axe comes in past it, from outside the page.
    const context = await browser.newContext({ colorScheme, bypassCSP: true });
    const page = await context.newPage();
    const requests = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => fail(`${name}: ${error}`));
    await page.goto(url);
    await page.waitForLoadState('networkidle');
    const others = requests.filter((request) => request !== url && !request.startsWith('data:'));
    if (others.length) fail(`${name} asks for ${others}`);
    await page.evaluate(axe);
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const found = await page.evaluate((tags) => axe.run(document, { runOnly: tags }), tags);
    for (const violation of found.violations) {
      const nodes = violation.nodes.map((node) => node.html.slice(0, 200)).join('\n    ');
      fail(`${name} (${colorScheme}) ${violation.id}: ${violation.help}\n    ${nodes}`);
    }
    const unsure = found.incomplete.map((it) => `${it.id} (${it.nodes.length})`).join(', ');
    for (const width of [1100, 400]) {
      await page.setViewportSize({ width, height: 900 });
      const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      if (wider) fail(`${name} scrolls sideways at ${width} columns`);
      if (pictures) {
        const path = `${pictures}/${name}-${colorScheme}-${width}.png`;
        await page.screenshot({ path, fullPage: true });
      }
    }
    if (colorScheme === 'light') {
      const most = name.startsWith('full-') ? 2 : 1;
      await page.emulateMedia({ media: 'print', colorScheme });
      const points = await page.evaluate(() => ['html', '.sources', '.about'].map((part) => {
        const found = document.querySelector(part);
        return found ? Math.round(parseFloat(getComputedStyle(found).fontSize) * 7.5) / 10 : 99;
      }));
      [most > 1 ? 8 : 9, 7, 7].forEach((least, at) => {
        if (points[at] < least) fail(`${name} is printed in ${points[at]} points`);
      });
      await page.emulateMedia({ media: null, colorScheme });
      for (const format of ['A4', 'Letter']) {
        const pdf = await page.pdf({ format, tagged: true, printBackground: true });
        if (pictures) writeFileSync(`${pictures}/${name}-${format}.pdf`, pdf);
        const pages = (pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
        if (pages > most) fail(`${name} takes ${pages} pages of ${format}`);
        console.log(`${name}: ${pages} page(s) of ${format}`);
      }
    }
    console.log(`${name} (${colorScheme}): ${found.passes.length} checks passed` +
      (unsure ? `; to be looked at: ${unsure}` : ''));
    await context.close();
  }
}
await browser.close();
if (failed) { console.error(`${failed} failed`); process.exit(1); }
