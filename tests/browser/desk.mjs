// A mechanism of its own, a desk that serves it on loopback, and people in browsers.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const PASSPHRASE = 'correct horse battery';
const program = join(process.env.VIGIL_BUILD ?? join(root, 'build'), 'vigil');

/** Throws with what was expected. */
export function must(yes, what) {
  if (!yes) throw new Error(what);
}

/** One mechanism, with `vigil serve` for it. `end()` stops the server and leaves nothing behind. */
export class Desk {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'vigil-browser-'));
    this.env = Object.fromEntries(Object.entries(process.env).filter(([k]) => !/^(VIGIL|XDG)_/.test(k)));
    for (const [name, below] of [['HOME', 'home'], ['XDG_RUNTIME_DIR', 'run']]) {
      mkdirSync(join(this.folder, below), { mode: 0o700 });
      this.env[name] = join(this.folder, below);
    }
    this.mechanism = join(this.folder, 'mechanism');
    this.vigil(['init', this.mechanism, '--name', 'example.org/monitor'], '', []);
  }

  /** What `vigil` prints. */
  vigil(args, input = '', where = ['-C', this.mechanism]) {
    const done = spawnSync(program, [...where, ...args], { input, env: this.env, cwd: this.folder, encoding: 'utf8' });
    must(done.status === 0, `vigil ${args.join(' ')}: exit ${done.status}\n${done.stderr}`);
    return done.stdout;
  }

  lines(...args) {
    return this.vigil([...args, '--json']).trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  file(name, content) {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  letIn(name, role) {
    this.vigil(['login', 'add', name, '--role', role], `${PASSPHRASE}\n`);
  }

  async serve() {
    this.said = join(this.folder, 'serve.err');
    this.server = spawn(program, ['-C', this.mechanism, 'serve', '--listen', '127.0.0.1:0'],
      { env: this.env, cwd: this.folder, stdio: ['ignore', 'pipe', openSync(this.said, 'a')] });
    const line = await new Promise((done, failed) => {
      this.server.stdout.once('data', (data) => done(String(data)));
      this.server.once('exit', () => failed(new Error(`vigil serve ended: ${readFileSync(this.said, 'utf8')}`)));
    });
    this.origin = `http://127.0.0.1:${/:(\d+)\/\s*$/.exec(line)[1]}`;
  }

  async end() {
    if (this.server && this.server.exitCode === null) {
      const over = new Promise((done) => this.server.once('exit', done));
      this.server.kill('SIGTERM');
      await over;
    }
    const said = this.said && existsSync(this.said) ? readFileSync(this.said, 'utf8') : '';
    rmSync(this.folder, { recursive: true, force: true });
    must(!said.includes('the table of routes does not say'), said);
  }
}

/** A page on which nothing may go wrong unseen: what a browser complains of, and what would leave the desk. */
export function watch(page, origin, complaints) {
  page.on('console', (m) => {
    // A page that is refused or missing is told by its status, where a test wants it.
    if (m.type() === 'error' && !/the server responded with a status of 40[034]/.test(m.text())) complaints.push(`${page.url()}: ${m.text()}`);
  });
  page.on('pageerror', (e) => complaints.push(`${page.url()}: ${e.message}`));
  page.on('request', (r) => {
    if (!r.url().startsWith(`${origin}/`) && !/^(data|blob|about):/.test(r.url())) complaints.push(`${page.url()} asks for ${r.url()}`);
  });
  return page;
}

/** Somebody with a browser of their own. */
export class Person {
  constructor(desk, page, context, name) {
    Object.assign(this, { desk, page, context, name });
  }

  static async come(desk, chromium, name, complaints, options = {}) {
    const context = await chromium.newContext({ locale: 'en', viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(20000);
    return new Person(desk, watch(await context.newPage(), desk.origin, complaints), context, name);
  }

  async go(address) {
    const answer = await this.page.goto(address.startsWith('http') ? address : this.desk.origin + address);
    return answer.status();
  }

  async signIn() {
    await this.go('/sign-in');
    await this.say('Name', this.name);
    await this.say('Passphrase', PASSPHRASE);
    await this.press('Sign in');
    await this.reads('Sign out');
  }

  async say(label, value) {
    await this.page.locator('main').getByLabel(label, { exact: false }).first().fill(value);
  }

  async choose(label, value) {
    await this.page.locator('main').getByLabel(label, { exact: false }).first().selectOption(value);
  }

  async press(name, within = 'main') {
    const button = this.page.locator(within).getByRole('button', { name, exact: true }).first();
    must(await button.count(), `${this.name} has no "${name}" at ${this.page.url()}:\n${await this.text()}`);
    await button.click();
    await this.page.waitForLoadState();
  }

  async follow(name, within = 'main') {
    await this.page.locator(within).getByRole('link', { name, exact: false }).first().click();
    await this.page.waitForLoadState();
  }

  async text() {
    return (await this.page.locator('body').innerText()).replace(/\s+/g, ' ');
  }

  async reads(...words) {
    const text = await this.text();
    for (const w of words) must(text.includes(w), `${this.name} does not read "${w}" at ${this.page.url()}:\n${text.slice(0, 4000)}`);
  }

  async readsNot(...words) {
    const text = await this.text();
    for (const w of words) must(!text.includes(w), `${this.name} reads "${w}" at ${this.page.url()}`);
  }

  path() {
    return new URL(this.page.url()).pathname;
  }
}
