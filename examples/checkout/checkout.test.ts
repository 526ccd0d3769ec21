import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Finding } from '@holdfast/analysis';
import holdfast from '@holdfast/eslint-plugin';
import { ESLint } from 'eslint';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { scheduleFor, weatherAt } from './dependencies/schedule.js';
import { startDependency } from './dependencies/server.js';
import { DEPENDENCIES, fateOf, type Weather } from './dependencies/weather.js';
import { arrivalsFor } from './demo/arrivals.js';
import { CHECKOUT, HOLDFAST } from './demo/commands.js';
import { run as runProgram } from '../../test/processes.js';
import { serve } from './demo/processes.js';
import { drawTable } from './demo/table.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function shippingIn(weather: Weather, seed = 'test') {
  const shipping = await startDependency({ seed, dependency: 'shipping', weather: () => weather });
  closing.push(() => shipping.close());
  return shipping;
}

describe('the fate of a request', () => {
  const fates = (seed: string, weather: Weather = 'outage') =>
    Array.from({ length: 500 }, (_, request) => fateOf({ seed, dependency: 'shipping', request, weather }));

  it('depends on the seed alone', () => {
    expect(fates('a')).toEqual(fates('a'));
    expect(fates('a')).not.toEqual(fates('b'));
  });

  it('is mostly to hang in an outage and to be answered in clear weather', () => {
    const count = (all: { kind: string }[], kind: string) => all.filter((fate) => fate.kind === kind).length;
    expect(count(fates('a'), 'hang')).toBeGreaterThan(250);
    expect(count(fates('a', 'clear'), 'hang')).toBe(0);
    expect(count(fates('a', 'clear'), 'answer')).toBeGreaterThan(490);
  });

  it('has a tail of slow answers', () => {
    const delays = fates('a', 'clear').map((fate) => ('delay' in fate ? fate.delay : 0));
    const sorted = delays.sort((x, y) => x - y);
    expect(sorted[250]).toBeLessThan(60);
    expect(sorted[495]).toBeGreaterThan(120);
  });
});

describe('the schedule', () => {
  it('is the same for the same seed', () => {
    expect(scheduleFor('a')).toEqual(scheduleFor('a'));
    expect(scheduleFor('a')).not.toEqual(scheduleFor('b'));
  });

  it('makes one dependency sick and lets it recover', () => {
    const { sick, outage, episodes, length } = scheduleFor('a');
    expect(weatherAt(episodes, sick, undefined)).toBe('clear');
    expect(weatherAt(episodes, sick, outage.from - 1)).toBe('clear');
    expect(weatherAt(episodes, sick, outage.from)).toBe('outage');
    expect(weatherAt(episodes, sick, outage.to)).toBe('clear');
    expect(outage.to).toBeLessThan(length);
  });
});

describe('a dependency', () => {
  it('counts what it received and how it answered', async () => {
    const shipping = await shippingIn('clear');
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await fetch(`${shipping.url}/quotes?parcels=1`)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    expect(shipping.counts()).toMatchObject({
      received: { clear: 5, outage: 0 },
      answered: 5,
      errors: 0,
      abandoned: 0,
    });

    shipping.reset();
    expect(shipping.counts()).toMatchObject({ received: { clear: 0 }, answered: 0 });
  });

  it('treats each request as its seed says: answer, error, reset or hang', async () => {
    const shipping = await shippingIn('outage');
    for (let request = 1; request <= 12; request++) {
      const { kind } = fateOf({ seed: 'test', dependency: 'shipping', request, weather: 'outage' });
      const caller = new AbortController();
      const answer = fetch(shipping.url, { signal: caller.signal }).then(({ status }) => status);
      if (kind === 'hang') {
        await vi.waitFor(() => expect(shipping.counts().open).toBe(1));
        caller.abort();
        await expect(answer).rejects.toThrow('aborted');
        await vi.waitFor(() => expect(shipping.counts().open).toBe(0));
      } else if (kind === 'reset') await expect(answer).rejects.toThrow('fetch failed');
      else await expect(answer).resolves.toBe(kind === 'answer' ? 200 : 503);
    }
    const { received, answered, errors, resets, hung, abandoned } = shipping.counts();
    expect(hung).toBeGreaterThan(0);
    expect(abandoned).toBe(hung);
    expect(answered + errors + resets + hung).toBe(received.outage);
  });

  it('keeps a hanging request open while it answers others', async () => {
    const kinds = (seed: string) =>
      [1, 2].map((request) => fateOf({ seed, dependency: 'shipping', request, weather: 'outage' }).kind).join();
    const seed = Array.from({ length: 1_000 }, (_, n) => `seed ${n}`).find((it) => kinds(it) === 'hang,answer');
    const shipping = await shippingIn('outage', seed);

    const caller = new AbortController();
    const hanging = fetch(shipping.url, { signal: caller.signal });
    const ended = vi.fn();
    hanging.then(ended, ended);
    await vi.waitFor(() => expect(shipping.counts().open).toBe(1));
    expect((await fetch(shipping.url)).status).toBe(200);
    expect(ended).not.toHaveBeenCalled();
    expect(shipping.counts()).toMatchObject({ open: 1, mostOpen: 2, abandoned: 0 });

    caller.abort();
    await expect(hanging).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(shipping.counts()).toMatchObject({ open: 0, abandoned: 1 }));
  });
});

it('the dependencies run in a process of their own, which can be told to start its schedule', async () => {
  const main = join(import.meta.dirname, 'dependencies/main.js');
  const { ready, stop } = await serve([main, 'test'], { cwd: import.meta.dirname, ready: /^\{.*\}$/ });
  closing.push(stop);
  const { control, ...urls } = JSON.parse(ready[0]) as Record<string, string>;
  expect(Object.keys(urls)).toEqual(DEPENDENCIES);

  await fetch(`${urls.inventory}/stock/tea`);
  const counts = async () => (await fetch(`${control}/counts`)).json();
  expect(await counts()).toMatchObject({ inventory: { received: { clear: 1 } }, payments: { received: { clear: 0 } } });
  await fetch(`${control}/start`, { method: 'POST' });
  expect(await counts()).toMatchObject({ inventory: { received: { clear: 0 } } });
});

describe('the legacy service', () => {
  async function startService() {
    const servers = new Map<string, Awaited<ReturnType<typeof startDependency>>>();
    for (const dependency of DEPENDENCIES) {
      const server = await startDependency({ seed: 'test', dependency, weather: () => 'clear' });
      closing.push(() => server.close());
      servers.set(dependency, server);
      vi.stubEnv(`${dependency.toUpperCase()}_URL`, server.url);
    }
    // It reads its configuration once, when it is loaded.
    vi.resetModules();
    const { createApp } = await import('./service/src/app.js');
    const server = await new Promise<Server>((resolve) => {
      const listening: Server = createApp().listen(0, '127.0.0.1', () => resolve(listening));
    });
    closing.push(() => {
      vi.unstubAllEnvs();
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const call = async (method: string, path: string, body?: object) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url + path, { method, headers, body: body ? JSON.stringify(body) : null });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    return { call, servers };
  }

  it('takes, shows, tracks and cancels an order', async () => {
    const { call, servers } = await startService();
    const placed = await call('POST', '/orders', { sku: 'tea', quantity: 2, country: 'DE' });
    expect(placed).toMatchObject({
      status: 201,
      body: { status: 'confirmed', shipping: { carrier: 'DHL', priceInCents: 780, estimated: false } },
    });
    expect(placed.body.recommendations).toEqual(['tea-1', 'tea-2', 'tea-3']);

    const path = `/orders/${placed.body.id}`;
    expect(await call('GET', path)).toEqual({ status: 200, body: placed.body });
    expect(await call('GET', `${path}/tracking`)).toMatchObject({ body: { status: 'on its way' } });
    expect(await call('DELETE', path)).toMatchObject({ body: { status: 'cancelled' } });
    expect(servers.get('payments')?.counts().answered).toBe(2);
  });

  it('refuses what it cannot sell and does not know', async () => {
    const { call } = await startService();
    expect(await call('POST', '/orders', { sku: 'tea', quantity: 2_000, country: 'DE' })).toMatchObject({
      status: 409,
    });
    expect(await call('GET', '/orders/none')).toMatchObject({ status: 404 });
  });

  it('charges the flat rate when shipping is down', async () => {
    const { call, servers } = await startService();
    await servers.get('shipping')?.close();
    const placed = await call('POST', '/orders', { sku: 'tea', quantity: 1, country: 'DE' });
    expect(placed).toMatchObject({ status: 201, body: { shipping: { estimated: true } } });
  });
});

describe('the legacy service under its own ESLint configuration', () => {
  const service = join(CHECKOUT, 'service');
  const eslint = new ESLint({ cwd: service });

  it('has the rules of `recommended`, with types', async () => {
    const { rules, languageOptions } = await eslint.calculateConfigForFile(join(service, 'src/app.ts'));
    const ours = Object.entries(rules as Record<string, [number]>).filter(([name]) => name.startsWith('@holdfast/'));
    expect(ours.map(([name]) => name).sort()).toEqual(Object.keys(holdfast.configs.recommended.rules ?? {}).sort());
    expect(ours.every(([, [severity]]) => severity === 2)).toBe(true);
    expect(languageOptions.parserOptions).toMatchObject({ projectService: true });
  });

  it('gets the findings that `holdfast check` shows in the demo', async () => {
    // On a slow machine it tells of its progress, on standard error.
    const check = await runProgram(process.execPath, [HOLDFAST, 'check', 'service', '--format', 'json'], CHECKOUT);
    const { findings } = JSON.parse(check.stdout) as { findings: Finding[] };
    const checked = findings.map(({ file, line, column, ruleId, message }) =>
      [file, line, column, `@holdfast/${ruleId}`, message].join(' '),
    );
    expect(checked).not.toEqual([]);

    const results = await eslint.lintFiles(['src']);
    const linted = results.flatMap(({ filePath, messages }) =>
      messages.map(({ line, column, ruleId, message }) => [filePath, line, column, ruleId, message].join(' ')),
    );
    expect(linted.sort()).toEqual(checked.sort());
  });
});

describe('the demo', () => {
  it('sends the same orders at the same moments for the same seed', () => {
    const load = { seed: 'a', perSecond: 30, length: 10_000 };
    expect(arrivalsFor(load)).toEqual(arrivalsFor(load));
    expect(arrivalsFor(load).length).toBeGreaterThan(240);
    expect(arrivalsFor(load).length).toBeLessThan(360);
  });

  it.each([60, 80, 120])('draws its table within %i columns', (columns) => {
    const rows = [{ label: 'requests still open at the end', values: [137, 0] as [number, number] }];
    const table = drawTable(['legacy', 'guarded'], [{ title: 'What shipping saw', rows }], columns);
    for (const line of table.split('\n')) expect(stripColour(line).length).toBeLessThanOrEqual(columns);
  });
});

const stripColour = (text: string) => text.replaceAll(/\u001b\[\d+m/g, '');
