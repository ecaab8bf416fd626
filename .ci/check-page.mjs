// Opens a page of `history --format html` and compares it with the JSON of the same history.

import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [executablePath, file, json, pictures] = process.argv.slice(2);
const history = JSON.parse(readFileSync(json, 'utf8'));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const address = pathToFileURL(file).href;

const complaints = [];
const complain = (text) => complaints.push(text);
const kilobytes = Math.round(statSync(file).size / 1000);
if (kilobytes >= 400) complain(`the page has ${kilobytes} kB`);

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

async function open(width, colorScheme) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
  const page = await context.newPage();
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complain(`${width}: console: ${message.text()}`));
  page.on('pageerror', (error) => complain(`${width}: ${error}`));
  page.on('request', (request) => request.url() !== address && !request.url().startsWith('data:') && complain(`${width}: asks for ${request.url()}`));
  await page.goto(address);
  return page;
}

// How long the page takes to open in a browser that runs already: the least of a few times, for whatever else the machine does only adds to it.
async function opening() {
  const times = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const page = await open(1024, 'light');
    times.push(await page.evaluate(() => Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd)));
    await page.context().close();
  }
  return Math.min(...times);
}

const letters = { critical: 'C', high: 'H', moderate: 'M', low: 'L' };

// Each cell: the letter of the gravest severity, or that nobody knows; and the OpenSSL.
async function cells(page) {
  const shown = await page.evaluate(() => {
    const text = (element) => element.textContent.trim();
    const drawn = (link) => getComputedStyle(link, '::before').content.slice(1, -1);
    const letter = (cell) => cell.querySelector('b')?.textContent ?? (cell.querySelector('a') ? drawn(cell.querySelector('a')) : '');
    const columns = [...document.querySelectorAll('#matrix thead th .v')].map(text);
    const rows = [...document.querySelectorAll('#matrix tbody tr')];
    return { columns, rows: rows.map((row) => ({ name: text(row.querySelector('th')), cells: [...row.querySelectorAll('td')].map((cell) => ({ letter: letter(cell), text: text(cell), label: cell.querySelector('a')?.ariaLabel, colour: getComputedStyle(cell).backgroundColor, image: getComputedStyle(cell).backgroundImage })) })) };
  });
  const releases = [...history.releases].reverse();
  if (shown.columns.join() !== releases.map((release) => release.version).join()) complain(`columns: ${shown.columns}`);
  const colours = new Map();
  let number = 0;
  for (const row of shown.rows) {
    row.cells.forEach((cell, at) => {
      const release = releases[at];
      const today = release.today[row.name];
      const letter = !today ? '' : !today.known ? '?' : today.severity === null ? '✓' : (letters[today.severity] ?? '!');
      const openssl = (release.carried[row.name] ?? []).join(' ');
      if (cell.label && !cell.label.startsWith(`${openssl}, `)) complain(`${release.version} on ${row.name}: it is read aloud as ${cell.label}`);
      if (cell.letter !== letter || !cell.text.startsWith(cell.label ? openssl : letter)) complain(`${release.version} on ${row.name}: the page has ${cell.letter} ${cell.text}, the JSON ${letter} ${openssl}`);
      if ((letter === '?') !== cell.image.includes('repeating')) complain(`${release.version} on ${row.name}: hatched is what is not known`);
      if (letter) colours.set(letter, (colours.get(letter) ?? new Set()).add(cell.colour));
      number += 1;
    });
  }
  for (const [letter, found] of colours) if (found.size !== 1) complain(`${letter} has ${found.size} colours`);
  if (number !== releases.length * shown.rows.length || number < 720) complain(`${number} cells`);
  return { number, letters: [...colours.keys()].sort().join('') };
}

// Each bar: its days in words, and where it begins and ends.
async function bars(page) {
  await page.evaluate(() => document.querySelectorAll('#exposure details').forEach((fold) => (fold.open = true)));
  const shown = await page.evaluate(() =>
    [...document.querySelectorAll('#exposure li')].map((item) => ({
      id: item.querySelector('a').textContent,
      bars: [...item.querySelectorAll('.lane')].map((lane) => {
        const [line, bar] = [lane, lane.querySelector('.bar')].map((element) => element.getBoundingClientRect());
        return { label: lane.querySelector('.label > span').textContent, said: lane.querySelector('.vh').textContent, from: (bar.left - line.left) / line.width, to: (bar.right - line.left) / line.width };
      }),
    })),
  );
  const day = (text) => Date.parse(text) / 86_400_000;
  const first = Math.min(...history.exposures.flatMap((exposure) => exposure.spans.map((span) => day(span.from))));
  const length = day(history.as_of) - first;
  let number = 0;
  for (const exposure of history.exposures) {
    const item = shown.find((item) => item.id === exposure.id);
    if (!item || item.bars.length !== exposure.spans.length) {
      complain(`${exposure.id}: ${item?.bars.length} bars for ${exposure.spans.length} spans`);
      continue;
    }
    exposure.spans.forEach((span, at) => {
      const bar = item.bars[at];
      const end = span.until ?? history.as_of;
      const label = `${span.days} day${span.days === 1 ? '' : 's'}${span.fixed_in ? '' : ', open'}`;
      if (!bar.label.startsWith(label)) complain(`${exposure.id}: ${bar.label}, not ${label}`);
      if (span.fixed_in && !bar.said.includes(`fixed in ${span.fixed_in} of ${span.until}`)) complain(`${exposure.id}: ${bar.said}`);
      const [from, to] = [(day(span.from) - first) / length, (day(end) - first) / length];
      // A bar of a day or two is made wide enough to be seen.
      if (Math.abs(bar.from - from) > 0.003 || Math.abs(bar.to - to) > (to - from < 0.01 ? 0.01 : 0.003)) complain(`${exposure.id}: the bar is at ${bar.from} to ${bar.to}, not ${from} to ${to}`);
      number += 1;
    });
  }
  if (shown.length !== history.exposures.length || number < 50) complain(`${shown.length} advisories, ${number} bars`);
  return number;
}

async function accessible(page, what) {
  await page.addScriptTag({ content: axe });
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  for (const { id, impact, nodes } of violations) {
    if (['serious', 'critical'].includes(impact)) complain(`${what}: ${id} (${impact}): ${nodes.length} x ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`);
  }
}

const page = await open(1024, 'light');
const found = await cells(page);
const drawn = await bars(page);

const opened = await opening();

// The keyboard reaches the table and scrolls it; a choice of a cell opens what it has.
await page.keyboard.press('Tab');
if ((await page.evaluate(() => document.activeElement.textContent)) !== 'Skip to the table') complain('the first stop is not the skip link');
await page.keyboard.press('Tab');
if (!(await page.evaluate(() => document.activeElement.classList.contains('scroll')))) complain('the keyboard does not reach the table');
const chosen = page.locator('#matrix td.h a').last();
const target = (await chosen.getAttribute('href')).slice(1);
await chosen.click();
if (!(await page.locator(`[id="${target}"]`).isVisible())) complain(`${target} did not open`);

for (const scheme of ['light', 'dark']) {
  for (const width of [320, 1024, 2000]) {
    const page = await open(width, scheme);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) complain(`${width}: the page is ${wide} px too wide`);
    if (pictures) await page.screenshot({ path: `${pictures}/${scheme}-${width}.png`, fullPage: true });
    if (scheme === 'dark' || width !== 2000) await accessible(page, `${scheme} ${width}`);
    await page.context().close();
  }
}
if (pictures) {
  await page.pdf({ path: `${pictures}/print.pdf`, preferCSSPageSize: true });
}
await browser.close();
for (const complaint of complaints.slice(0, 20)) console.error(complaint);
console.log(`${kilobytes} kB, opened in ${opened} ms, ${found.number} cells (${found.letters}), ${drawn} bars, ${complaints.length} wrong`);
process.exit(complaints.length ? 1 : 0);
