import { vi, type Mock } from 'vitest';

/** One answer of a dependency: a status, all of it, an error, or none ever. */
type Answer =
  number | Error | 'none' | { status?: number; body?: unknown; headers?: Record<string, string>; after?: number };

/** Puts a `fetch` in place that gives these answers in order, the last one again and again, and ends when its signal aborts. */
export function stubFetch(...answers: Answer[]): Mock<typeof fetch> {
  let calls = 0;
  const fake = vi.fn<typeof fetch>((_url, init) => {
    const answer = answers[Math.min(calls++, answers.length - 1)]!;
    return new Promise((resolve, reject) => {
      const { signal } = init ?? {};
      signal?.throwIfAborted();
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
      if (answer === 'none') return;
      if (answer instanceof Error) return reject(answer);
      const {
        status = 200,
        body = {},
        headers = {},
        after = 0,
      } = typeof answer === 'number' ? { status: answer } : answer;
      const respond = (): void => resolve(new Response(JSON.stringify(body), { status, headers }));
      if (after > 0) setTimeout(respond, after);
      else respond();
    });
  });
  vi.stubGlobal('fetch', fake);
  return fake;
}

/** Settles to what went wrong, so that time can be moved on before anybody awaits the failure. */
export function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}
