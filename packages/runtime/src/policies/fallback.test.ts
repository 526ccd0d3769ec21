import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CircuitOpenError } from '../errors.js';
import { guard } from '../guard.js';
import { pipeline } from '../pipeline.js';
import { circuitBreaker } from './circuit-breaker.js';
import { fallback, type FallbackOptions } from './fallback.js';

const failing = (error: unknown) => async (): Promise<unknown> => {
  throw error;
};

describe('a fallback', () => {
  it('stays out of the way of success', async () => {
    const handler = vi.fn();
    const policy = fallback(handler);
    expect(await policy.execute(() => 'answer')).toBe('answer');
    expect(handler).not.toHaveBeenCalled();
    expect(policy.snapshot()).toMatchObject({ fallbacks: 0 });
  });

  it('answers with its value in place of a failure, whatever the value is', async () => {
    for (const value of ['none', 0, null, undefined, false]) {
      const policy = fallback({ value });
      expect(await policy.execute(failing(new Error('down')))).toBe(value);
      expect(policy.snapshot()).toMatchObject({ fallbacks: 1 });
    }
  });

  it('works its answer out from the failure, with `this` and the arguments of the call', async () => {
    const error = new Error('down');
    const find = guard(
      async function (this: { name: string }, _id: number, _options?: object): Promise<string> {
        throw error;
      },
      fallback(function (this: { name: string }, cause, id: number, options?: object) {
        expect(cause).toBe(error);
        return Promise.resolve(`${this.name} ${id} ${JSON.stringify(options)}`);
      }),
    );
    expect(await find.call({ name: 'users' }, 7, { a: 1 })).toBe('users 7 {"a":1}');
  });

  it('chains its own failure to the first one', async () => {
    const [first, second] = [new Error('down'), new Error('no copy either')];
    for (const handler of [
      () => Promise.reject(second),
      () => {
        throw second;
      },
    ]) {
      delete second.cause;
      await expect(fallback(handler).execute(failing(first))).rejects.toBe(second);
      expect(second.cause).toBe(first);
    }
  });

  it('leaves a cause alone that is there already, and an error that it cannot write to', async () => {
    const root = new Error('root');
    const chained = new Error('chained', { cause: root });
    await expect(fallback(() => Promise.reject(chained)).execute(failing(new Error('down')))).rejects.toBe(chained);
    expect(chained.cause).toBe(root);
    const frozen = Object.freeze(new Error('frozen'));
    await expect(fallback(() => Promise.reject(frozen)).execute(failing(new Error('down')))).rejects.toBe(frozen);
    const first = new Error('down');
    await expect(fallback((error) => Promise.reject(error)).execute(failing(first))).rejects.toBe(first);
    expect(first.cause).toBeUndefined();
  });

  it('lets bugs through: covering them up would keep them for ever', async () => {
    const bug = new TypeError('x is not a function');
    await expect(fallback({ value: 1 }).execute(failing(bug))).rejects.toBe(bug);
    const network = new TypeError('fetch failed');
    expect(await fallback({ value: 1 }).execute(failing(network))).toBe(1);
  });

  it('stands in for the refusals of policies inside of it', async () => {
    const breaker = circuitBreaker();
    breaker.open();
    const seen: unknown[] = [];
    const policy = pipeline(
      fallback((error) => {
        seen.push(error);
        return 'stale';
      }),
      breaker,
    );
    expect(await policy.execute(() => 'fresh')).toBe('stale');
    expect(seen[0]).toBeInstanceOf(CircuitOpenError);
  });

  it('skips failures that its filter does not want', async () => {
    const policy = fallback({ value: 'none', fallbackIf: (error) => (error as Error).message === '404' });
    expect(await policy.execute(failing(new Error('404')))).toBe('none');
    await expect(policy.execute(failing(new Error('500')))).rejects.toThrow('500');
    expect(policy.snapshot()).toMatchObject({ fallbacks: 1 });
  });

  it('does nothing when its filter throws, and the process is warned', async () => {
    const warnings: Error[] = [];
    const warned = new Promise<void>((resolve) =>
      process.once('warning', (warning) => {
        warnings.push(warning);
        resolve();
      }),
    );
    const policy = fallback({
      value: 'none',
      name: 'users',
      fallbackIf() {
        throw new Error('filter');
      },
    });
    await expect(policy.execute(failing(new Error('down')))).rejects.toThrow('down');
    await warned;
    expect(warnings[0]).toMatchObject({ message: 'users: fallbackIf threw', code: 'HOLDFAST_CALLBACK' });
  });

  it('does not answer a caller who has aborted', async () => {
    const handler = vi.fn();
    const controller = new AbortController();
    const call = fallback(handler).execute(() => new Promise(() => {}), { signal: controller.signal });
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    expect(handler).not.toHaveBeenCalled();
  });

  it('that takes for ever does not hold a caller who aborts', async () => {
    // Once the caller had to wait for the handler.
    const controller = new AbortController();
    let started!: () => void;
    const isRunning = new Promise<void>((resolve) => (started = resolve));
    const call = fallback(() => {
      started();
      return new Promise(() => {});
    }).execute(failing(new Error('down')), { signal: controller.signal });
    await isRunning;
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
  });

  describe('with somebody listening', () => {
    const events: unknown[] = [];
    const listener = (event: unknown): void => void events.push(event);
    afterEach(() => unsubscribe('holdfast:fallback', listener));

    it('says what it stood in for', async () => {
      subscribe('holdfast:fallback', listener);
      const error = new Error('down');
      await fallback({ value: 1, name: 'users' }).execute(failing(error));
      expect(events).toEqual([{ type: 'fallback', policy: 'users', error }]);
    });
  });
});

describe('the options of a fallback', () => {
  it.each<[unknown, string]>([
    [{}, 'fallback: give either value or handler, got an object'],
    [{ value: 1, handler: () => 1 }, 'fallback: give either value or handler, got both'],
    [{ handler: 1 }, 'fallback: handler must be a function, got 1'],
    [{ value: 1, fallbackIf: true }, 'fallback: fallbackIf must be a function, got true'],
    [{ valeu: 1 }, 'fallback: unknown option "valeu", did you mean "value"?'],
    [undefined, 'fallback: options must be an object, got undefined'],
    ['value', 'fallback: options must be an object, got "value"'],
  ])('%j are refused', (options, message) => {
    expect(() => fallback(options as FallbackOptions)).toThrow(TypeError);
    expect(() => fallback(options as FallbackOptions)).toThrow(message);
  });
});
