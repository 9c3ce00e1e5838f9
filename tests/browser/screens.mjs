#!/usr/bin/env node
// Pictures of every page in light, dark, on a phone and in Arabic, for docs/screens/. Run by script/screens.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium as engine } from 'playwright-core';
import { complete } from './pages.mjs';
import { Desk, root } from './desk.mjs';
import { prepare, story } from './story.mjs';

const LOOKS = {
  light: { locale: 'en', viewport: { width: 1200, height: 800 } },
  dark: { locale: 'en', viewport: { width: 1200, height: 800 }, colorScheme: 'dark' },
  phone: { locale: 'en', viewport: { width: 360, height: 740 } },
  arabic: { locale: 'ar', viewport: { width: 1200, height: 800 } },
};
const TALLEST = 1600;
const folder = process.argv[2] ?? join(root, 'docs/screens');

/** WebP, which playwright does not make, but the browser does. */
async function picture(page, path) {
  const size = await page.evaluate(() => ({ width: innerWidth, height: Math.max(innerHeight, document.documentElement.scrollHeight) }));
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp', quality: 55, captureBeyondViewport: true, clip: { x: 0, y: 0, width: size.width, height: Math.min(size.height, TALLEST), scale: 1 },
  });
  writeFileSync(path, Buffer.from(data, 'base64'));
}

function nameOf(pattern) {
  return pattern.replace(/[{}]/g, '').replace(/^\/|\/$/g, '').replaceAll('/', '-') || 'home';
}

const desk = new Desk();
const chromium = await engine.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', chromiumSandbox: false });
const rows = [];
try {
  prepare(desk);
  await desk.serve();
  const places = await complete(desk, chromium, await story(desk, chromium, true, []));
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) if (old.endsWith('.webp')) rmSync(join(folder, old));
  for (const place of places) {
    const name = nameOf(place.pattern);
    let shown = false;
    for (const [look, options] of Object.entries(LOOKS)) {
      const context = await chromium.newContext({ ...options, storageState: { ...place.state, cookies: place.state.cookies.filter((c) => !c.name.includes('language')) } });
      const type = (await context.request.get(desk.origin + place.address)).headers()['content-type'] ?? '';
      if (type.startsWith('text/html') && place.pattern !== '/language/{tag}') {
        const page = await context.newPage();
        await page.goto(desk.origin + place.address, { waitUntil: 'networkidle' });
        await picture(page, join(folder, `${name}.${look}.webp`));
        shown = true;
      }
      await context.close();
    }
    if (shown) rows.push(`| \`${place.pattern}\` | ${Object.keys(LOOKS).map((look) => `[${look}](${name}.${look}.webp)`).join(' | ')} |`);
  }
  writeFileSync(join(folder, 'README.md'), `# What the desk looks like

Made by \`script/screens\` of an invented mechanism; whoever changes a page makes them anew and looks at them. Pages that are longer are cut at ${TALLEST} pixels.

| page | light | dark | phone | Arabic |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`);
} finally {
  await chromium.close();
  await desk.end();
}
