// Every page that `vigil serve --list` tells of, with real things: what axe-core finds, what the browser complains of, what does not fit.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { must, PASSPHRASE, Person, watch } from './desk.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/* In the dark other colours, and all else alike. */
const LOOKS = [
  { name: 'light', options: {}, rules: {} },
  { name: 'dark', options: { colorScheme: 'dark' }, rules: { runOnly: ['color-contrast', 'link-in-text-block'] } },
  { name: 'phone', options: { viewport: { width: 360, height: 740 } }, rules: {} },
];

/** What an authenticator app would show for this secret (RFC 6238). */
function code(secret) {
  const bits = [...secret.replace(/[^A-Z2-7]/g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const mac = createHmac('sha1', key).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}

/** Somebody who stands between the passphrase and the second step. */
async function halfSignedIn(desk, chromium) {
  desk.letIn('zoe', 'analyst');
  const zoe = await Person.come(desk, chromium, 'zoe', []);
  await zoe.signIn();
  await zoe.go('/me/factors');
  await zoe.page.locator('#pass-app').fill(PASSPHRASE);
  await zoe.press('Set up an app');
  await zoe.page.locator('#code').fill(code(await zoe.page.locator('dd code').first().innerText()));
  await zoe.press('Confirm');
  await zoe.press('Sign out', 'header');
  await zoe.go('/sign-in');
  await zoe.say('Name', 'zoe');
  await zoe.say('Passphrase', PASSPHRASE);
  await zoe.press('Sign in');
  must(zoe.path() === '/sign-in/second', zoe.page.url());
  return zoe;
}

/** A file of so many bytes that is yet to come, by the form on this page. */
async function begins(who, address, size) {
  await who.go(address);
  const token = await who.page.locator('main input[name="token"]').first().getAttribute('value');
  const begun = await who.context.request.post(`${who.desk.origin}${address}/uploads`, { form: { token, name: 'minutes.txt', size: String(size) }, headers: { Accept: 'application/json' } });
  must(begun.status() === 200, `${address}: ${await begun.text()}`);
  return { ...await begun.json(), token };
}

/** What the story did not need, and a page shows: a picture, a translation, a case, a task, an upload that waits, an invitation. */
async function more(desk, { people, known }) {
  const picture = desk.file('board.png', await people.stranger.page.screenshot());
  const add = (...args) => desk.lines('add', ...args).find((line) => line.item).item;
  known.picture = add(picture);
  const letter = desk.file('ordinance.txt', 'Article 1\n\nEverybody is free.\n\nArticle 2\n\nNobody is held apart.\n');
  known.translated = add(letter);
  desk.vigil(['translation', 'add', known.translated, desk.file('fr.txt', "Article 1\n\nTous sont libres.\n\nArticle 2\n\nPersonne n'est tenu à l'écart.\n"), '--language', 'fr', '--by', 'Odile', '--status', 'draft']);
  const made = (...args) => desk.lines('new', ...args)[0].record;
  known.case = made('case', 'title=The Lake Assembly');
  made('task', 'title=Ask the registry for its minutes', 'due=2126-01-01');
  made('event', 'title=A gathering at the lake', 'began=2023-05', 'place=Lake @ 41.31,69.24');
  const { adam, anna } = people;
  await adam.go('/people');
  await adam.page.locator('#invite-name').fill('newcomer');
  await adam.page.locator('#invite-analyst').check();
  await adam.press('Make an invitation');
  known.invitation = new URL(await adam.page.locator('main code').innerText()).pathname;
  known.upload = (await begins(anna, '/intake', 4096)).id;
  known.gift = (await begins(people.stranger, '/give', 4096)).id;
  const whole = await begins(people.stranger, '/give', 5);
  const came = await people.stranger.context.request.post(`${desk.origin}/give/uploads/${whole.id}/0`, {
    data: Buffer.from('12345'), headers: { Accept: 'application/json', 'Content-Type': 'application/octet-stream', 'X-Vigil-Token': whole.token },
  });
  known.giftReceipt = (await came.json()).rows[0].receipt_address.replace(/^\/api\/v\d+/, '');
  await anna.go(`/items/${known.translated}`);
  known.translation = new URL(await anna.page.locator('a[href*="/translations/"]').first().getAttribute('href'), desk.origin).pathname;
}

/** By the route: who visits, and where (the route itself, where nothing is to fill in). */
function table(known) {
  const { event, item, letter } = known;
  return {
    '/static/{name}': ['stranger', '/static/style.css'], '/healthz': ['stranger'], '/sign-in': ['stranger'], '/sign-in/second': ['zoe'],
    '/invitation/{word}': ['stranger', known.invitation], '/language/{tag}': ['stranger', '/language/en?to=/sign-in'], '/': ['anna'],
    '/openapi.json': ['anna'], '/intake': ['sam'], '/intake/uploads/{upload}': ['anna', `/intake/uploads/${known.upload}`],
    '/give': ['stranger'], '/give/uploads/{upload}': ['stranger', `/give/uploads/${known.gift}`], '/give/receipts/{entry}/{word}': ['stranger', known.giftReceipt],
    '/receipts/{entry}': ['anna', '/receipts/1'], '/me': ['anna'], '/me/factors': ['anna'], '/find': ['anna', '/find?q=lake'],
    '/items/{id}': ['anna', `/items/${item}`], '/items/{id}/text': ['anna', `/items/${item}/text`], '/items/{id}/original': ['anna', `/items/${item}/original`],
    '/items/{id}/picture': ['anna', `/items/${known.picture}/picture?clear=1`], '/items/{id}/look': ['anna', `/items/${known.picture}/look?clear=1`],
    '/items/{id}/translations/{text}': ['anna', known.translation], '/records/{id}': ['anna', `/records/${event}`],
    '/records': ['anna', '/records?type=event'], '/records/{id}/same': ['anna', `/records/${event}/same`], '/types': ['anna'], '/types/{type}': ['anna', '/types/event'],
    '/claims/{claim}': ['anna', `/claims/${known.claim}`], '/cases': ['anna'], '/cases/{case}': ['anna', `/cases/${known.case}`], '/findings': ['rita'],
    '/findings/new': ['anna', `/findings/new?for=${known.claim}`], '/findings/{finding}': ['rita', `/findings/${known.finding}`], '/tasks': ['anna', '/tasks?of=open'],
    '/tasks/new': ['anna'], '/states': ['anna'], '/states/{code}': ['anna', '/states/XAA'], '/due': ['anna'], '/due.ics': ['anna'],
    '/records/{id}/step': ['cora', `/records/${letter}/step?state=public`], '/states/{code}/log': ['anna', '/states/XAA/log'], '/letters': ['cora'],
    '/letters/new': ['cora'], '/letters/{id}': ['cora', `/letters/${letter}`], '/letters/{id}/draft': ['cora', `/letters/${known.draft}/draft`],
    '/letters/{id}/roster': ['cora', `/letters/${letter}/roster`], '/sign/{code}': ['stranger', known.sign], '/sign/{code}/{id}': ['stranger', known.signed],
    '/sign/{code}/{id}/receipt': ['stranger', `${known.signed}/receipt`], '/states/{code}/{part}': ['anna', '/states/XAA/letters'], '/map': ['anna', '/map?type=event'],
    '/timeline': ['anna', '/timeline?type=event'], '/network': ['anna', `/network?record=${event}`], '/statistics': ['anna', '/statistics?type=event'],
    '/counted': ['anna', '/counted?type=event'], '/about': ['anna'], '/claim': ['anna', `/claim?record=${event}&property=title`], '/new': ['anna', '/new?type=law'],
    '/log': ['anna'], '/log/checkpoint': ['anna'], '/log/verify': ['rita'], '/log/{entry}': ['anna', '/log/20'], '/log/{entry}/head': ['anna', '/log/20/head'],
    '/log/{entry}/proof': ['anna', '/log/20/proof'], '/receipts': ['stranger'], '/people': ['adam'], '/access/{id}': ['prue', `/access/${known.secret}`],
    '/compartments': ['prue'], '/items/{id}/take': ['anna', `/items/${item}/take`], '/items/{id}/keeping': ['prue', `/items/${item}/keeping`], '/given': ['prue'],
    '/erasures': ['rita'], '/disclosures': ['prue'], '/settings': ['adam'], '/schema': ['adam'], '/schema/{name}': ['adam', '/schema/states.schema'], '/backup': ['adam'],
  };
}

/** One place for each route that is asked for by GET; fails if the table of routes has one that is not known here. */
export async function complete(desk, chromium, { people, known }) {
  await more(desk, { people, known });
  known.draft = desk.lines('new', 'letter', 'kind=AL', 'subject=The mill', 'state=XAA', 'status=drafted')[0].record;
  people.zoe = await halfSignedIn(desk, chromium);
  const where = table(known);
  const routes = desk.lines('serve', '--list').filter((r) => r.method === 'GET');
  const unknown = routes.map((r) => r.path).filter((path) => !(path in where));
  must(unknown.length === 0, `no page is visited for: ${unknown.join(' ')}`);
  return Promise.all(routes.map(async ({ path }) => {
    const [who, address] = where[path];
    return { pattern: path, address: address ?? path, who, state: await people[who].context.storageState() };
  }));
}

/** The first words of what axe-core finds. */
function told(violations) {
  return violations.map((v) => `${v.id} (${v.help}): ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`);
}

async function look(desk, chromium, place, { name, options, rules }) {
  const complaints = [];
  const context = await chromium.newContext({ locale: 'en', viewport: { width: 1280, height: 900 }, ...options, storageState: place.state });
  try {
    const page = watch(await context.newPage(), desk.origin, complaints);
    const answer = await page.goto(desk.origin + place.address, { waitUntil: 'load' });
    must(answer.status() === 200, `${place.address}: ${answer.status()}`);
    const { violations } = await page.evaluate(`${axe}; axe.run(${JSON.stringify(rules)})`);
    complaints.push(...told(violations));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) complaints.push(`${wide} pixels lie beside the page`);
  } finally {
    await context.close();
  }
  return complaints.map((c) => `${name}: ${c}`);
}

/** Throws with all that is wrong with a page in any of its looks. Files are asked for, and no more. */
export async function visit(desk, chromium, place) {
  const context = await chromium.newContext({ storageState: place.state });
  const answer = await context.request.get(desk.origin + place.address);
  await context.close();
  must(answer.status() === 200, `${place.address}: ${answer.status()}`);
  if (!/^text\/html/.test(answer.headers()['content-type'] ?? '')) return;
  const wrong = await Promise.all(LOOKS.map((how) => look(desk, chromium, place, how)));
  must(wrong.flat().length === 0, wrong.flat().join('\n'));
}
