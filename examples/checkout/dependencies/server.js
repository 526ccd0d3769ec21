import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ANSWERS } from './answers.js';
import { fateOf } from './weather.js';

/**
 * What one dependency saw. `abandoned`: the caller closed the connection before an answer. `open`: still waiting for one.
 *
 * @typedef {{ received: Record<import('./weather.js').Weather, number>, answered: number, errors: number, resets: number,
 *   hung: number, abandoned: number, open: number, mostOpen: number }} Counts
 */

/** @returns {Counts} */
const noCounts = () => ({
  received: { clear: 0, burst: 0, outage: 0 },
  answered: 0,
  errors: 0,
  resets: 0,
  hung: 0,
  abandoned: 0,
  open: 0,
  mostOpen: 0,
});

/**
 * One flaky dependency on a free loopback port. `weather` is asked once per request.
 *
 * @param {{ seed: string, dependency: import('./weather.js').Dependency,
 *   weather: () => import('./weather.js').Weather }} options
 */
export async function startDependency({ seed, dependency, weather }) {
  let counts = noCounts();
  let request = 0;

  const server = createServer(async (incoming, outgoing) => {
    // A reset of the counts while this request runs must not make it leave a mark on the new ones.
    const seen = counts;
    const now = weather();
    const fate = fateOf({ seed, dependency, request: ++request, weather: now });
    const number = request;
    const gone = new AbortController();

    seen.received[now]++;
    seen.mostOpen = Math.max(seen.mostOpen, ++seen.open);
    let settled = false;
    outgoing.once('close', () => {
      seen.open--;
      if (!settled) seen.abandoned++;
      gone.abort();
    });

    incoming.resume();
    if (fate.kind === 'hang') {
      seen.hung++;
      return;
    }
    await sleep(fate.delay, undefined, { signal: gone.signal }).catch(() => undefined);
    if (gone.signal.aborted) return;
    settled = true;

    if (fate.kind === 'reset') {
      seen.resets++;
      incoming.socket.resetAndDestroy();
      return;
    }
    const isError = fate.kind === 'error';
    if (isError) seen.errors++;
    else seen.answered++;
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://dependency');
    const body = isError
      ? { error: `${dependency} is unwell` }
      : ANSWERS[dependency](pathname.slice(1).split('/'), searchParams, number);
    outgoing.writeHead(isError ? 503 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

  // Idle connections stay: Node's five seconds would reset a caller's request now and then, which is not in the seed.
  server.keepAliveTimeout = 0;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());

  return {
    url: `http://127.0.0.1:${port}`,
    counts: () => structuredClone(counts),
    /** Back to the first request, with empty counts. */
    reset() {
      counts = noCounts();
      request = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
