// Giving files, with scripts: files and whole folders are dropped or chosen, and sent in pieces. What breaks off goes on by itself:
// it asks where it stands, and waits longer each time. Every word stands in the page (sending.html); nothing is kept in the browser.
const form = document.getElementById('intake');
const part = (id) => document.getElementById(id);

const AT_ONCE = 2;
const [LEAST, MOST] = [256 * 1024, 8 * 1024 * 1024]; // bytes of a piece: as many as come through in some seconds
const [FIRST_MS, LONGEST_MS, PATIENCE_MS] = [1000, 60000, 120000];

const files = []; // { file, name, row, state, offset, address }
let sending = 0, started = false;

// ---- what is shown ----

const size = (bytes) => {
  const steps = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let i = 0;
  for (; bytes >= 1000 && i < steps.length - 1; i++)
    bytes /= 1000;
  return new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit: steps[i], maximumFractionDigits: 1 }).format(bytes);
};

const STATES = ['waits', 'goes', 'held', 'unread', 'lost', 'kept'];
const at_end = (f) => ['unread', 'lost', 'kept'].includes(f.state);

function sums() {
  const count = (states) => files.filter((f) => states.includes(f.state)).length;
  part('sum-left').textContent = count(['waits', 'goes', 'held']);
  part('sum-kept').textContent = count(['kept']);
  part('sum-lost').textContent = count(['lost', 'unread']);
  part('about-receipts').hidden = !count(['kept']);
}

function show(f, state) {
  const before = f.state;
  f.state = state;
  for (const s of STATES)
    f.row.querySelector(`.${s}`).hidden = s !== state;
  f.row.querySelector('progress').value = f.file.size ? f.offset / f.file.size : state === 'kept' ? 1 : 0;
  f.row.querySelector('.remove').hidden = state !== 'waits';
  if (state !== before)
    sums();
}

function add(file, name) {
  const row = part('sent-row').cloneNode(true);
  const f = { file, name, row, offset: 0 };
  row.removeAttribute('id');
  row.querySelector('.name').textContent = name;
  row.querySelector('.size').textContent = size(file.size);
  row.querySelector('progress').setAttribute('aria-label', name);
  const remove = row.querySelector('.remove');
  remove.setAttribute('aria-label', `${remove.textContent}: ${name}`);
  remove.addEventListener('click', () => {
    files.splice(files.indexOf(f), 1);
    row.remove();
    sums();
    part('choose-files').focus();
  });
  files.push(f);
  part('sent').append(row);
  show(f, 'waits');
  if (started)
    next();
}

// ---- sending ----

class Stale extends Error {}
class Refused extends Error {}
class Unread extends Error {}
class Gone extends Error {} // it is not known there (any more)

const token = () => form.querySelector('input[name="token"]').value;

// What hangs is given up after a while, and at once when there is a network again: its connection was the old one's.
const hanging = new Set();
addEventListener('online', () => hanging.forEach((c) => c.abort()));

async function ask(address, body, type) {
  const giving_up = new AbortController();
  const timer = setTimeout(() => giving_up.abort(), PATIENCE_MS);
  hanging.add(giving_up);
  try {
    return await answer(address, body, type, giving_up.signal);
  } finally {
    clearTimeout(timer);
    hanging.delete(giving_up);
  }
}

async function answer(address, body, type, signal) {
  const headers = { Accept: 'application/json', 'X-Vigil-Token': token() };
  if (type)
    headers['Content-Type'] = type;
  const got = await fetch(address, {
    method: body === undefined ? 'GET' : 'POST', body, headers, redirect: 'manual', signal,
  });
  if (got.type === 'opaqueredirect' || got.status === 403)
    throw new Stale();
  const json = (got.headers.get('Content-Type') ?? '').startsWith('application/json');
  const said = json ? await got.json() : null;
  if (got.status === 200 || got.status === 409)
    return said;
  if (got.status === 404)
    throw new Gone();
  if (got.status === 400 && said)
    throw new Refused(said.message ?? '');
  throw new Error(String(got.status)); // too many, or broken: later
}

function begin(f) {
  const fields = new URLSearchParams({ token: token(), name: f.name, size: f.file.size });
  for (const name of ['source', 'via', 'note', 'compartment'])
    if (form.elements[name])
      fields.set(name, form.elements[name].value);
  return ask(part('sending-to').href, fields.toString(), 'application/x-www-form-urlencoded');
}

async function piece_of(f, n) {
  try {
    return await f.file.slice(f.offset, f.offset + n).arrayBuffer();
  } catch {
    throw new Unread();
  }
}

let length = 1024 * 1024;

// Once round: where it stands, and the next piece. True: there is more.
async function step(f) {
  let said;
  if (!f.address) {
    said = await begin(f);
    f.address = `${part('sending-to').href}/${said.id}`;
  } else if (f.lost_sight) {
    said = await ask(f.address);
  } else {
    const bytes = await piece_of(f, length);
    if (bytes.byteLength !== Math.min(length, f.file.size - f.offset))
      throw new Unread();
    const began = performance.now();
    said = await ask(`${f.address}/${f.offset}`, bytes, 'application/octet-stream');
    const took = performance.now() - began;
    if (took < 1500 && bytes.byteLength === length)
      length = Math.min(2 * length, MOST);
    else if (took > 8000)
      length = Math.max(length / 2, LEAST);
  }
  f.lost_sight = false;
  f.offset = said.offset;
  if (said.ended)
    end(f, said.rows[0]);
  else
    show(f, 'goes');
  return !said.ended;
}

function end(f, row) {
  f.row.querySelector('.hash').textContent = row.sha256 ?? '';
  f.row.querySelector('.why').textContent = row.why ?? '';
  // The API's address of it; the page's is without what that begins with.
  if (row.receipt_address)
    f.row.querySelector('.receipt').setAttribute('href', row.receipt_address.replace(/^\/api\/v\d+(?=\/)/, ''));
  show(f, row.kept ? 'kept' : 'lost');
}

// A while, or until the browser says that there is a network again.
const pause = (ms) => new Promise((go) => {
  const on = () => {
    clearTimeout(timer);
    removeEventListener('online', on);
    go();
  };
  const timer = setTimeout(on, ms);
  addEventListener('online', on);
});

async function send(f) {
  let wait = FIRST_MS;
  for (;;) {
    const before = f.offset;
    try {
      if (!await step(f))
        return;
      if (f.offset > before)
        wait = FIRST_MS;
      continue;
    } catch (e) {
      if (e instanceof Stale) {
        part('stale').hidden = false;
        show(f, 'held');
        throw e;
      }
      if (e instanceof Unread)
        return show(f, 'unread');
      if (e instanceof Refused) {
        f.row.querySelector('.why').textContent = e.message;
        return show(f, 'lost');
      }
      if (e instanceof Gone) {
        f.address = null;
        f.offset = 0;
      }
    }
    f.lost_sight = Boolean(f.address);
    length = Math.max(length / 2, LEAST);
    show(f, 'held');
    await pause(wait);
    wait = Math.min(2 * wait, LONGEST_MS);
  }
}

async function next() {
  const f = sending < AT_ONCE && files.find((x) => x.state === 'waits');
  if (!f)
    return;
  sending++;
  show(f, 'goes');
  next();
  try {
    await send(f);
  } catch {
    return; // the page must be opened anew: nothing more is sent from it
  }
  sending--;
  next();
}

// ---- what is chosen ----

const entries_of = (reader) => new Promise((go, fail) => reader.readEntries(go, fail));
const file_of = (entry) => new Promise((go, fail) => entry.file(go, fail));

// As vigil add names what is below a folder: by the folder's name, and the way from there.
async function add_entry(entry) {
  const todo = [entry];
  while (todo.length) {
    const e = todo.shift();
    if (e.isFile) {
      add(await file_of(e), e.fullPath.replace(/^\//, ''));
    } else if (e.isDirectory) {
      const reader = e.createReader();
      for (let some = await entries_of(reader); some.length; some = await entries_of(reader))
        todo.push(...some);
    }
  }
}

async function drop(event) {
  event.preventDefault();
  part('drop').classList.remove('over');
  // They must all be asked for before the first is waited for.
  const items = [...event.dataTransfer.items].filter((i) => i.kind === 'file')
    .map((i) => ({ entry: i.webkitGetAsEntry?.(), file: i.getAsFile() }));
  for (const { entry, file } of items)
    if (entry)
      await add_entry(entry).catch(() => file && add(file, file.name));
    else if (file)
      add(file, file.name);
}

function chosen(input) {
  for (const file of input.files)
    add(file, file.webkitRelativePath || file.name);
  input.value = '';
}

function start() {
  const plain = part('file'), folder = part('choose-folder'), zone = part('drop');
  plain.disabled = true; // nor is it needed then
  part('plain').hidden = true;
  part('sending').hidden = false;
  if ('webkitdirectory' in folder)
    folder.webkitdirectory = true;
  else
    part('whole-folders').hidden = true;
  for (const input of [part('choose-files'), folder])
    input.addEventListener('change', () => chosen(input));
  for (const name of ['dragenter', 'dragover'])
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add('over');
    });
  zone.addEventListener('dragleave', () => zone.classList.remove('over'));
  zone.addEventListener('drop', drop);
  // A file that misses would be opened in the page's place.
  for (const name of ['dragover', 'drop'])
    addEventListener(name, (event) => event.preventDefault());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    started = true;
    if (files.length)
      for (let i = 0; i < AT_ONCE; i++)
        next();
    else
      part('choose-files').focus();
  });
  addEventListener('beforeunload', (event) => {
    if (started && files.some((f) => !at_end(f)))
      event.preventDefault();
  });
}

if (form && part('sending'))
  start();
