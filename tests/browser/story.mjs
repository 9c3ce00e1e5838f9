// From an empty mechanism to a State's cooperation record: six people, and a stranger. The State, the people and what they say are invented.
import { must, PASSPHRASE, Person } from './desk.mjs';

const REPORT = 'On 3 March 2024 the Lake Assembly was dissolved by decree.\n\nQuindarvio, who chaired it, was held for nine days.\n';
const DENIAL = 'The Ministry of Weights stated on 9 March 2024:\n\nNobody was held; the Lake Assembly closed by itself.\n';
const WITNESS = 'A witness saw Zyxwabc at the gate of the old mill.\n';
const TODAY = new Date().toISOString().slice(0, 10);

/** People whom an administrator let in already, two compartments, and a door for those who give without a login. */
export function prepare(desk) {
  desk.vigil(['schema', 'add', desk.file('states.schema', 'vocabulary state\n  term XAA en "Freedonia"\n  term XAB en "Sylvania"\n')]);
  for (const [name, role] of [['adam', 'administrator'], ['cora', 'coordinator'], ['prue', 'protection'], ['rita', 'reviewer'], ['rosa', 'reviewer']]) desk.letIn(name, role);
  desk.vigil(['settings', 'give_mb', '1']);
  desk.vigil(['compartment', 'add', 'witnesses', 'prue']);
  desk.vigil(['compartment', 'add', 'representatives', 'cora']);
}

async function invited(adam, guest, role) {
  await adam.go('/people');
  const form = adam.page.locator('form', { has: adam.page.locator('#invite-name') });
  await form.locator('#invite-name').fill(guest.name);
  await form.locator(`#invite-${role}`).check();
  await adam.press('Make an invitation');
  const link = await adam.page.locator('main code').innerText();
  await guest.go(new URL(link).pathname);
  await guest.reads('You are invited to this desk');
  await guest.page.locator('#new').fill(PASSPHRASE);
  await guest.page.locator('#again').fill(PASSPHRASE);
  await guest.press('Set the passphrase');
  await guest.signIn();
}

async function gives(who, source, files, compartment) {
  await who.go('/intake');
  await who.say('Source', source);
  if (compartment) await who.choose('Compartment', compartment);
  // With scripts files go one by one, and the page stays.
  const byScript = await who.page.locator('#choose-files').isVisible();
  await who.page.locator(byScript ? '#choose-files' : '#file').setInputFiles(files);
  await who.press('Send');
  for (let i = 0; i < 300; i++) {
    if (byScript ? await who.page.locator('#sum-kept').innerText() === String(files.length) : (await who.text()).includes('What came')) return;
    await who.page.waitForTimeout(100);
  }
  throw new Error(`${who.name} is not told that it came: ${await who.text()}`);
}

/** Looks until the text, which is made behind the desk, is found; opens it. */
async function findsText(who, word) {
  for (let i = 0; i < 240; i++) {
    await who.go(`/find?q=${word}&in=texts`);
    const hits = who.page.locator('.hits a');
    if (await hits.count()) {
      await hits.first().click();
      await who.page.waitForLoadState();
      return who.path().split('/')[2];
    }
    await who.page.waitForTimeout(250);
  }
  throw new Error(`no text with ${word}`);
}

async function marks(who, words) {
  await who.follow('Choose a passage for a claim');
  await who.say('Only these words', words);
  await who.press('Make a claim of it');
}

async function analyses(anna, known) {
  known.item = await findsText(anna, 'quindarvio');
  known.textAddress = anna.page.url().replace(anna.desk.origin, '').replace(/#.*/, '');
  await marks(anna, 'Quindarvio, who chaired it, was held for nine days.');
  await anna.choose('Its type', 'event');
  await anna.page.locator('form[action="/new"] button').click();
  await anna.page.waitForLoadState();
  await anna.page.locator('[name="v.title"]').fill('The holding of the chair of the Lake Assembly');
  await anna.say('Who says so', 'The Morning Paper');
  await anna.press('Make the record');
  known.event = anna.path().split('/').pop();
  await anna.reads('The Morning Paper', 'The holding of the chair');

  await findsText(anna, 'weights');
  await marks(anna, 'Nobody was held');
  await anna.say('Its name or its id', known.event);
  await anna.page.locator('form[action="/claim"] button').first().click();
  await anna.page.waitForLoadState();
  await anna.choose('What is said of it?', 'title');
  await anna.press('Go on');
  await anna.page.locator('[name="value"]').fill('The holding of the chair of the Lake Assembly');
  await anna.say('Who says so', 'Ministry of Weights');
  await anna.choose('What they say of it', 'denies');
  await anna.press('Make the claim');
  await anna.go(`/records/${known.event}`);
  await anna.reads('The Morning Paper', 'Ministry of Weights', 'denies');
  known.claim = anna.desk.lines('show', known.event)[0].claims.find((c) => c.stance === 'asserts').claim;

  await anna.go('/new?type=visit&v.state=XAA&ask=requested');
  await anna.page.locator('[name="v.requested"]').fill('2024-04-01');
  await anna.press('Make the record');
}

async function writes(cora, stranger, known) {
  await cora.go(`/letters/new?about=${known.event}`);
  const say = (name, value) => cora.page.locator(`[name="v.${name}"]`).fill(value);
  await say('subject', 'The Lake Assembly');
  await say('state', 'Freedonia');
  await say('text', 'Excellency,\nwe ask what became of the Lake Assembly.');
  await cora.page.locator('[name="v.kind"]').evaluate((x) => x.tagName).then(async (tag) => {
    if (tag === 'SELECT') await cora.page.locator('[name="v.kind"]').selectOption('AL');
    else await say('kind', 'AL');
  });
  await cora.press('Keep the draft');
  known.letter = cora.path().split('/')[2];
  await cora.page.locator('[name="page"]').check();
  await cora.press('Open it for signing');
  known.sign = new URL(await cora.page.locator('a[href^="/sign/"]').first().getAttribute('href'), cora.desk.origin).pathname;

  await stranger.go(known.sign);
  await stranger.reads('The Lake Assembly');
  await stranger.say('Organisation', 'Lake Watch');
  await stranger.page.locator('#representative').fill('Ana Invented');
  await stranger.page.locator('[name="named"][value="yes"]').check();
  await stranger.press('Sign');
  known.signed = stranger.path();
  await stranger.go(known.sign);
  await stranger.readsNot('Lake Watch');

  await cora.go(`/letters/${known.letter}/roster`);
  await cora.page.locator('[name="endorsement"]').first().check();
  await cora.press('Accept those chosen');
  await stranger.go(known.sign);
  await stranger.reads('Lake Watch');
  await cora.go(`/letters/${known.letter}`);
  await cora.press('Close the sign-on');
  await cora.go(`/records/${known.letter}/step?state=sent`);
  await cora.press('Take the step');
  await cora.go(`/letters/${known.letter}`);
  await cora.follow('Log a reply');
  await cora.page.locator('[name="v.received"]').fill(TODAY);
  await cora.press('Make the record');
  await cora.go(`/letters/${known.letter}`);
  await cora.reads('answered');
}

async function finds(anna, rita, rosa, known) {
  await anna.go(`/claims/${known.claim}`);
  await anna.follow('Propose a finding');
  await anna.say('What is found', 'Its chair was held for nine days.');
  await anna.page.locator('#standard').selectOption({ index: 1 });
  await anna.page.locator('#reasons').fill('A paper that was there says so; the denial names no day.');
  await anna.page.locator('#state').fill('XAA');
  await anna.press('Propose a finding');
  known.finding = anna.path().split('/').pop();
  await anna.page.locator('#why-not').fill('A risk to those who were there.');
  await anna.press('Record it');
  for (const reviewer of [rita, rosa]) {
    await reviewer.go(`/findings/${known.finding}`);
    await reviewer.press('I reviewed it');
  }
  await rosa.go(`/findings/${known.finding}`);
  await rosa.press('Adopt it');
  await rosa.reads('adopted');
}

async function protects(prue, cora, known) {
  await gives(prue, 'A witness', [prue.desk.file('witness.txt', WITNESS)], 'witnesses');
  known.secret = await findsText(prue, 'zyxwabc');
  await prue.go(`/items/${known.secret}`);
  await prue.go(`/access/${known.secret}`);
  await prue.reads('Who may see it, and why', 'Who opened it', 'witnesses', 'prue');
  await prue.readsNot('cora');
  must(await cora.go(`/items/${known.secret}`) === 404, 'the coordinator is not in that compartment');
  await cora.go('/find?q=zyxwabc');
  await cora.reads('Nothing found');
}

/** Everybody, as they are signed in at its end, and what they made. */
export async function story(desk, chromium, javaScriptEnabled, complaints) {
  const come = (name) => Person.come(desk, chromium, name, complaints, { javaScriptEnabled });
  const people = {};
  for (const name of ['adam', 'sam', 'anna', 'cora', 'rita', 'rosa', 'prue', 'stranger']) people[name] = await come(name);
  const { adam, sam, anna, cora, rita, rosa, prue, stranger } = people;
  const known = {};
  for (const p of [adam, cora, rita, rosa, prue]) await p.signIn();
  await invited(adam, sam, 'submitter');
  await invited(adam, anna, 'analyst');
  await gives(sam, 'The Morning Paper', [desk.file('report.txt', REPORT), desk.file('denial.txt', DENIAL)]);
  must(await sam.go('/find?q=quindarvio') === 404, 'who submits does not search');
  await analyses(anna, known);
  await writes(cora, stranger, known);
  await finds(anna, rita, rosa, known);
  await protects(prue, cora, known);
  await anna.go('/states/XAA');
  await anna.reads('Freedonia');
  const record = desk.lines('cooperation', 'XAA')[0];
  must(record.letters.sent === 1 && record.letters.answered === 1 && record.visits.requested === 1, JSON.stringify(record));
  const letters = anna.page.locator('section.card', { has: anna.page.locator(`a[href$="${known.letter}"]`) });
  must(await letters.count() === 1, "the State's page leads to the letter");
  desk.vigil(['verify']);
  return { people, known };
}
