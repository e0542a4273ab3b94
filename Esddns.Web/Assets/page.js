// Keeps the status page live. The server renders; this module only brings its newest page into the open one.

const regions = 'data-live';
const root = document.documentElement;
const offline = document.getElementById('offline');
const live = document.getElementById('live');

/** The markup of each region as the server sent it: the shown one differs by its relative times. */
let sent = markupOf(document);

// --- Times -----------------------------------------------------------------------------------------------------------

const local = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A duration in its largest unit, such as "12 s" or "3 d". */
function duration(seconds) {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

const forms = {
  ago: (seconds) => (seconds < 1 ? 'just now' : `${duration(seconds)} ago`),
  left: (seconds) => (seconds < 0 ? `in ${duration(1 - seconds)}` : 'due now'),
};

/** Shows all times in the form that their element asks for. */
function showTimes() {
  const now = Date.now();
  for (const time of document.querySelectorAll('time[data-form]')) {
    const at = Date.parse(time.dateTime);
    if (!time.dataset.local) {
      time.dataset.local = local.format(at);
      if (time.dataset.form === 'absolute') time.textContent = time.dataset.local;
      else time.title = time.dataset.local;
    }
    const text = forms[time.dataset.form]?.((now - at) / 1000);
    if (text && time.textContent !== text) time.textContent = text;
  }
}

// --- Regions ---------------------------------------------------------------------------------------------------------

function markupOf(page) {
  return new Map([...page.querySelectorAll(`[${regions}]`)].map((r) => [r.getAttribute(regions), r.innerHTML]));
}

/** Whether the visitor has selected text in an element. Replacing it would lose the selection. */
function hasSelection(element) {
  const selection = document.getSelection();
  return !!selection && !selection.isCollapsed && selection.containsNode(element, true);
}

/** A description of an element that finds it again after its region was replaced. */
function placeOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const key = element.closest('[data-key]')?.dataset.key;
  if (key) return `[data-key="${CSS.escape(key)}"] > ${element.localName}`;
  if (element.name) return `${element.localName}[name="${CSS.escape(element.name)}"]`;
  return null;
}

/** Replaces the content of an element, and keeps what the visitor did in it: focus, input and open details. */
function replace(element, markup) {
  const open = [...element.querySelectorAll('details[open][data-key]')].map((d) => d.dataset.key);
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  const [place, tag] = focused ? [placeOf(focused), focused.localName] : [];
  const index = focused ? [...element.querySelectorAll(tag)].indexOf(focused) : -1;
  const inputs = [...element.querySelectorAll('input, select')].map((i) => [placeOf(i), i.value]);
  element.innerHTML = markup;
  for (const key of open) {
    const details = element.querySelector(`details[data-key="${CSS.escape(key)}"]`);
    if (details) details.open = true;
  }
  for (const [at, value] of inputs) {
    const input = at && element.querySelector(at);
    if (input) input.value = value;
  }
  const again = place ? element.querySelector(place) : focused && element.querySelectorAll(tag)[index];
  again?.focus({ preventScroll: true });
}

/** Brings a newer page of the server into this one. */
function show(page) {
  const script = (of) => of.querySelector('script[src]')?.getAttribute('src');
  if (script(page) !== script(document)) {
    // A new version of the service: its markup may need its own script and style.
    location.reload();
    return;
  }
  const newer = markupOf(page);
  if ([...newer.keys()].join() !== [...sent.keys()].join()) {
    // The first status brings new regions.
    document.querySelector('main').innerHTML = page.querySelector('main').innerHTML;
  }
  for (const element of document.querySelectorAll(`[${regions}]`)) {
    const name = element.getAttribute(regions);
    if (newer.get(name) === sent.get(name)) continue;
    if (hasSelection(element)) newer.set(name, null);
    else replace(element, newer.get(name) ?? '');
  }
  sent = newer;
  document.title = page.title;
  document.body.className = page.body.className;
  const icon = (of) => of.querySelector('link[rel="icon"]');
  if (icon(document).getAttribute('href') !== icon(page).getAttribute('href')) icon(document).replaceWith(icon(page));
  prepare();
}

/** Gives the elements that need this module their function. */
function prepare() {
  for (const button of document.querySelectorAll('button[data-copy]')) button.hidden = !navigator.clipboard;
  showTimes();
}

// --- Connection ------------------------------------------------------------------------------------------------------

const soon = 300;
const patience = 3000;
const retryAfter = 10000;
let pending;
let doubt;

/** Fetches the page within 300 ms: not at once, because all visitors get the event in the same moment. */
function refresh() {
  pending ??= setTimeout(load, Math.random() * soon);
}

async function load() {
  try {
    const response = await fetch(location.href, { cache: 'no-cache', signal: AbortSignal.timeout(retryAfter) });
    if (!response.ok) throw new Error(response.statusText);
    show(new DOMParser().parseFromString(await response.text(), 'text/html'));
  } catch {
    lose();
  } finally {
    pending = undefined;
  }
}

function setOnline(isOnline) {
  clearTimeout(doubt);
  doubt = undefined;
  root.classList.toggle('offline', !isOnline);
  offline.hidden = isOnline;
  live.hidden = false;
  live.textContent = isOnline ? live.dataset.on : live.dataset.off;
}

/** Shows that the connection is lost, unless it comes back soon: a restart of the service needs no alarm. */
function lose() {
  doubt ??= setTimeout(() => setOnline(false), patience);
}

function connect() {
  const events = new EventSource('/api/v1/events');
  events.addEventListener('open', () => setOnline(true));
  events.addEventListener('status', refresh);
  events.addEventListener('error', () => {
    lose();
    // The browser connects again by itself, except after an answer that is no stream.
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, retryAfter * (1 + Math.random()));
  });
}

// --- Buttons ---------------------------------------------------------------------------------------------------------

document.addEventListener('click', async (event) => {
  const button = event.target.closest?.('button[data-copy]');
  if (!button || button.dataset.before) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.dataset.before = button.textContent;
  button.textContent = button.dataset.done;
  await new Promise((done) => setTimeout(done, 1500));
  button.textContent = button.dataset.before;
  delete button.dataset.before;
});

const check = document.getElementById('check');
const result = document.getElementById('result');
const elapsed = document.getElementById('elapsed');

/** Longer than the service waits for the end of a round. */
const longestRound = 70000;
let isChecking = false;

check?.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (isChecking) return;
  isChecking = true;
  const button = check.querySelector('button');
  const [label, began] = [button.textContent, Date.now()];
  // Not "disabled", which takes the focus from the keyboard.
  button.setAttribute('aria-disabled', 'true');
  button.textContent = check.dataset.busy;
  tell(check.dataset.started);
  // The passing seconds are not announced to screen readers: "elapsed" is hidden from them.
  const clock = setInterval(() => (elapsed.textContent = duration((Date.now() - began) / 1000)), 1000);
  const [text, isDone] = await requestRound();
  clearInterval(clock);
  elapsed.textContent = '';
  tell(text, !isDone);
  button.textContent = label;
  button.removeAttribute('aria-disabled');
  isChecking = false;
  refresh();
});

/** Shows the result of the button in one line. */
function tell(text, isBad = false) {
  result.className = isBad ? 'state bad' : '';
  result.textContent = text;
}

/** Requests a round; the result in one line, and whether the round is done. */
async function requestRound() {
  try {
    const response = await fetch(check.action, { method: 'POST', signal: AbortSignal.timeout(longestRound) });
    // A proxy may answer with a page of its own.
    const answer = await response.json().catch(() => null);
    if (!response.ok || !answer) return [answer?.detail ?? `${check.dataset.failed} ${response.status}.`, false];
    const state = check.dataset[`${answer.state}`.toLowerCase()] ?? answer.state;
    return [`${check.dataset.done} ${answer.round}: ${state}, ${answer.seconds.toFixed(1)} s.`, true];
  } catch {
    return [check.dataset.unreachable, false];
  }
}

prepare();
setInterval(showTimes, 1000);
connect();
addEventListener('pageshow', (event) => event.persisted && refresh());
