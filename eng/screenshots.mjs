// Brings the programs that eng/screenshots.sh started into a state, and takes its pictures.
// Arguments: the state, the folder of Playwright, the path of chromium, the state file of the operator.

import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';

const [state, playwright, executablePath, stateFile] = process.argv.slice(2);
const [web, operator, simulator] = [51339, 8080, 5380].map((port) => `http://127.0.0.1:${port}`);
const zone = `${simulator}/v5/livedns/domains/example.com/records`;
const desktop = { width: 1280, height: 900 };

async function send(method, url, body, headers = {}) {
  const answer = await fetch(url, {
    method,
    headers: { ...(body && { 'Content-Type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer.json().catch(() => null);
}

const wan = (ipv4) => send('PUT', `${simulator}/control/wan`, { ipv4, ipv6: '' });
const fault = (service, kind, more) => send('POST', `${simulator}/control/faults`, { service, kind, ...more });
const round = () => send('POST', `${operator}/sync`);

/** Waits until a test of a JSON document is true. */
async function until(url, test) {
  let found;
  for (let i = 0; i < 300; i++) {
    found = await send('GET', url).catch(() => null);
    if (found && test(found)) return found;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`${state} did not come within a minute: ${JSON.stringify(found)}`);
}

/** Waits until the operator reports the state, and the web service has it. */
async function reports(test) {
  const status = await until(`${operator}/status`, test);
  await until(`${web}/api/v1/status`, (known) => known.round >= status.round && !known.stale);
}

/** Each state, and its pictures: the name of the file and the options of the window. */
const states = {
  async 'first-address'() {
    await round();
    await wan('203.0.113.77');
    await round();
    return [];
  },

  /** A state file as after a month, with a few short faults. */
  async 'month-of-history'() {
    const stored = JSON.parse(readFileSync(stateFile, 'utf8'));
    const before = (hours) => new Date(Date.now() - hours * 3600000).toISOString().replace('Z', '0000Z');
    const lines = [];
    const add = (hours, name, from, to) => lines.push([hours, `${before(hours)} ${name}.example.com A ${from} ${to}`]);
    for (const name of ['home', 'nas', 'vpn']) {
      add(717, name, '-', 'InSync');
      for (const [start, end] of [[420, 419.99], [212, 207], [101, 100.99], [20.5, 20.4], [2.002, 2]]) {
        add(start, name, 'InSync', 'OutOfSync');
        add(end, name, 'OutOfSync', 'InSync');
      }
    }
    add(60, 'vpn', 'InSync', 'Unknown');
    add(36, 'vpn', 'Unknown', 'InSync');
    lines.sort((one, other) => one[0] - other[0]);
    stored.transitionsSince = before(718);
    stored.transitions = lines.map(([, line]) => line);
    const [ours, former] = ['203.0.113.77', '203.0.113.10'];
    const addresses = [ours, former, '203.0.113.52', '203.0.113.31', '203.0.113.8'];
    const took = [1.9, 2.3, 1.4, 4.8];
    stored.history = [2, 101, 212, 420].flatMap((hours, i) =>
      ['home', 'nas', 'vpn'].map((name, nth) => ({
        at: before(hours - nth / 3600),
        by: stored.by,
        fqdn: `${name}.example.com`,
        type: 'A',
        from: [addresses[i + 1]],
        to: [addresses[i]],
        why: `Canary: 3 providers report ${addresses[i]}`,
        convergedAfter: took[i] + nth / 10,
      })),
    );
    for (const family of stored.wan) family.since = before(2);
    for (const record of stored.records) record.lastWritten = before(2);
    writeFileSync(stateFile, JSON.stringify(stored));
    return [];
  },

  async 'in-sync'() {
    await round();
    await reports((s) => s.inSync && s.records.every((r) => r.propagation?.isDone));
    return [
      ['light', { viewport: desktop }],
      ['top', { viewport: { width: 1280, height: 1000 } }],
      ['dark', { viewport: desktop, colorScheme: 'dark' }],
      ['phone', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true }],
    ];
  },

  async 'carrier-nat'() {
    await fault('echo-b', 'wrongAddress', { address: '100.64.3.4' });
    await round();
    await reports((s) => s.wan.some((w) => w.isBehindCarrierNat));
    return [['carrier-nat', { viewport: desktop }]];
  },

  async drift() {
    await send('DELETE', `${simulator}/control/faults`);
    await send(
      'PUT',
      `${zone}/home/A`,
      { rrset_values: ['203.0.113.77', '192.0.2.99'], rrset_ttl: 300 },
      { Authorization: 'Bearer simulator-token' },
    );
    await round();
    await reports((s) => s.inSync && s.records[0].foreign?.length > 0);
    return [['drift', { viewport: desktop }]];
  },

  async 'no-agreement'() {
    await fault('echo', 'wrongAddress', { address: '198.51.100.66' });
    await round();
    await reports((s) => s.wan.some((w) => w.verdict === 'Disagreed'));
    return [['no-agreement', { viewport: desktop }]];
  },

  async 'provider-down'() {
    await send('DELETE', `${simulator}/control/faults`);
    await fault('livedns', 'status', { status: 503 });
    await wan('203.0.113.90');
    await round();
    await reports((s) => s.records.every((r) => r.state === 'Failed'));
    return [['provider-down', { viewport: desktop }]];
  },

  async recovered() {
    await send('DELETE', `${simulator}/control/faults`);
    await wan('203.0.113.77');
    await round();
    await reports((s) => s.inSync);
    return [];
  },

  async stale() {
    await until(`${web}/api/v1/status`, (known) => known.stale);
    return [['stale', { viewport: desktop }]];
  },
};

const pictures = await states[state]();
if (pictures.length > 0) {
  const { chromium } = createRequire(import.meta.url)(playwright);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  for (const [name, options] of pictures) {
    const page = await (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage();
    await page.goto(web);
    await page.locator('#live', { hasText: 'live' }).waitFor();
    // On a phone the whole page is many screens long. The README shows the top only.
    const fullPage = !options.isMobile && name !== 'top';
    await page.screenshot({ path: `docs/images/page-${name}.png`, fullPage });
  }
  await browser.close();
}
