#!/usr/bin/env node
// The desk in a browser: the whole story with and without scripts, then every page of the table of routes (with `story`: only that each has one). Prints TAP.
import { chromium as engine } from 'playwright-core';
import { Desk } from './desk.mjs';
import { prepare, story } from './story.mjs';
import { complete, visit } from './pages.mjs';

let failed = 0;
async function test(name, what) {
  try {
    await what();
    console.log(`ok ${name}`);
  } catch (e) {
    failed++;
    console.log(`not ok ${name}`);
    console.log(String(e.stack ?? e).replace(/^/gm, '# '));
  }
}

function nothingOf(complaints) {
  if (complaints.length) throw new Error(complaints.join('\n'));
}

// The sandbox of Chromium needs rights that a container may not give; all it opens here is our own.
const chromium = await engine.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', chromiumSandbox: false });
async function one(scripts) {
  const desk = new Desk();
  try {
    const complaints = [];
    let told;
    await test(`story, scripts ${scripts ? 'on' : 'off'}`, async () => {
      prepare(desk);
      await desk.serve();
      told = await story(desk, chromium, scripts, complaints);
      nothingOf(complaints);
    });
    if (!scripts || !told) return;
    let places;
    await test('every route of the table has a page to visit', async () => {
      places = await complete(desk, chromium, told);
    });
    if (process.argv[2] === 'story') return;
    for (const place of places ?? []) await test(`page ${place.pattern}`, () => visit(desk, chromium, place));
  } finally {
    await test(`the desk ends well, scripts ${scripts ? 'on' : 'off'}`, () => desk.end());
  }
}
await one(false);
await one(true);
await chromium.close();
process.exitCode = failed ? 1 : 0;
