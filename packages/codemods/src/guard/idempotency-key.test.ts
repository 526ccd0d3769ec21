import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Resend } from 'resend';
import Stripe from 'stripe';
import { Project as MorphProject, ts } from 'ts-morph';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Checkout } from '../../fixtures/guard/sends-idempotency-keys/after.js';
import { projectOf } from '../index.js';

type Answer = (request: Request) => Promise<Response>;

const lost: Answer = () => Promise.reject(new TypeError('fetch failed'));
const silent: Answer = () => new Promise(() => undefined);
const status =
  (status: number, body: unknown): Answer =>
  () =>
    Promise.resolve(Response.json(body, { status }));
const fine = status(200, { id: 'done' });

describe('a write that was given an idempotency key', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  /** The real clients over a network that answers in this order, and what they sent. */
  function checkoutOver(...answers: Answer[]): { checkout: Checkout; keys: (string | null)[] } {
    const keys: (string | null)[] = [];
    const network = (input: string | URL, init?: RequestInit): Promise<Response> => {
      const request = new Request(input, init);
      keys.push(request.headers.get('idempotency-key'));
      return (answers.shift() ?? fine)(request);
    };
    vi.stubGlobal('fetch', network);
    const httpClient = Stripe.createFetchHttpClient(network as typeof fetch);
    const stripe = new Stripe('sk_test_key', { httpClient, maxNetworkRetries: 0, telemetry: false });
    return { checkout: new Checkout(stripe, new Resend('re_key')), keys };
  }

  async function settled<T>(work: Promise<T>): Promise<PromiseSettledResult<T>> {
    const [[result]] = await Promise.all([Promise.allSettled([work]), vi.runAllTimersAsync()]);
    return result!;
  }

  it('sends one key with all attempts of a call, and another with the next call', async () => {
    const { checkout, keys } = checkoutOver(lost, silent);
    expect(await settled(checkout.charge(100))).toEqual({ status: 'fulfilled', value: 'done' });
    expect(await settled(checkout.charge(100))).toEqual({ status: 'fulfilled', value: 'done' });
    const [first, second, third, next] = keys;
    expect(keys).toHaveLength(4);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect([second, third]).toEqual([first, first]);
    expect(next).toMatch(/^[0-9a-f-]{36}$/);
    expect(next).not.toBe(first);
  });

  it('tells the calls of one function apart', async () => {
    const { checkout, keys } = checkoutOver(silent, fine, fine);
    expect(await settled(checkout.mail(['a@shop.example', 'b@shop.example']))).toMatchObject({ status: 'fulfilled' });
    const [a, b, again] = keys;
    expect(keys).toHaveLength(3);
    expect(again).toBe(a);
    expect(b).not.toBe(a);
  });

  it('is what the linter asks of a write that is repeated', () => {
    const file = fileURLToPath(new URL('../../fixtures/guard/sends-idempotency-keys/after.ts', import.meta.url));
    const findings = (text: string): string[] => {
      const morph = new MorphProject({ compilerOptions: { module: ts.ModuleKind.NodeNext, types: ['node'] } });
      morph.createSourceFile(file, text, { overwrite: true });
      const { analyzer } = projectOf(morph.getProgram().compilerObject);
      return analyzer.analyze(file, 'no-non-idempotent-retry').map(({ message }) => message);
    };
    const after = readFileSync(file, 'utf8');
    expect(findings(after)).toEqual([]);
    const anew = '(`randomUUID()`, ';
    expect(findings(after.replaceAll('{ idempotencyKey }', '{ idempotencyKey: randomUUID() }'))).toEqual([
      expect.stringContaining(anew),
      expect.stringContaining(anew),
    ]);
  });

  it('is not repeated when it is refused', async () => {
    const refusal = { error: { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' } };
    const { checkout, keys } = checkoutOver(status(402, refusal));
    expect(await settled(checkout.charge(100))).toMatchObject({
      status: 'rejected',
      reason: { message: 'Your card was declined.' },
    });
    expect(keys).toHaveLength(1);
  });
});
