const {
  circuitBreaker,
  guard,
  HoldfastError,
  Retry,
  retry,
  Timeout,
  timeout,
  TimeoutError,
  withTimeout,
} = require('@holdfast/runtime');
const { currentAttempt, currentSignal } = require('@holdfast/runtime/context');
const { ManualClock } = require('@holdfast/runtime/testing');
const { prometheusText } = require('@holdfast/runtime/metrics');

const never = () => new Promise(() => {});

/** Decorates a method as a compiler for `experimentalDecorators` does. */
function decorate(type, key, ...decorators) {
  const descriptor = decorators.reduceRight(
    (before, decorator) => decorator(type.prototype, key, before),
    Object.getOwnPropertyDescriptor(type.prototype, key),
  );
  Object.defineProperty(type.prototype, key, descriptor);
}

test('require gives every entry point', () => {
  for (const part of [circuitBreaker, currentSignal, ManualClock, prometheusText]) expect(typeof part).toBe('function');
});

test('decorators and guard() work', async () => {
  let attempts = 0;
  class Prices {
    rate = 2;
    async price(amount) {
      if (++attempts < 3) throw new Error('down');
      return [amount * this.rate, currentAttempt()];
    }
  }
  decorate(Prices, 'price', Retry({ baseDelay: 0, jitter: false }), Timeout(5_000));
  expect(await new Prices().price(4)).toEqual([8, 3]);
  expect(await guard(async (id) => id, timeout(5_000))('a')).toBe('a');
});

test("errors of the sandbox's own realm are told apart", async () => {
  let attempts = 0;
  const buggy = guard(
    async () => {
      attempts++;
      return undefined.price;
    },
    retry({ baseDelay: 0 }),
  );
  await expect(buggy()).rejects.toBeInstanceOf(TypeError);
  expect(attempts).toBe(1);
});

test('instanceof holds across two copies of the package', async () => {
  let other;
  jest.isolateModules(() => (other = require('@holdfast/runtime')));
  expect(other.TimeoutError).not.toBe(TimeoutError);
  const theirs = new other.TimeoutError({ policy: 'prices', duration: 5 });
  expect(theirs).toBeInstanceOf(TimeoutError);
  expect(theirs).toBeInstanceOf(HoldfastError);
  expect(new other.CircuitOpenError({ policy: 'prices', state: 'open' })).not.toBeInstanceOf(TimeoutError);
  expect(new TimeoutError({ policy: 'prices', duration: 5 })).toBeInstanceOf(other.HoldfastError);
  // A policy of one copy takes part in a pipeline of the other.
  const guarded = guard(async () => 'answer', other.pipeline(other.retry(), timeout(5_000)));
  expect(await guarded()).toBe('answer');
});

describe('under fake timers', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const settled = (promise) =>
    promise.then(
      (value) => ({ value }),
      (error) => ({ error }),
    );

  test('a timeout follows them', async () => {
    const outcome = settled(withTimeout(never, 60_000));
    await jest.advanceTimersByTimeAsync(59_999);
    expect(jest.getTimerCount()).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect((await outcome).error).toMatchObject({ code: 'HOLDFAST_TIMEOUT', duration: 60_000, isLagged: false });
  });

  test('so does a timeout of a decorated method, driven without awaiting', async () => {
    class Prices {
      price() {
        return never();
      }
    }
    decorate(Prices, 'price', Timeout(60_000));
    const outcome = settled(new Prices().price());
    jest.advanceTimersByTime(60_000);
    expect((await outcome).error).toBeInstanceOf(TimeoutError);
  });

  test('a retry waits for them, and for nothing else', async () => {
    let attempts = 0;
    const price = guard(
      async () => {
        if (++attempts < 3) throw new Error('down');
        return attempts;
      },
      retry({ maxAttempts: 3, baseDelay: 10_000, jitter: false }),
    );
    const outcome = settled(price());
    await jest.advanceTimersByTimeAsync(9_999);
    expect(attempts).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(attempts).toBe(2);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(await outcome).toEqual({ value: 3 });
    expect(jest.getTimerCount()).toBe(0);
  });

  test('a circuit that opened under them half-opens under them', async () => {
    const breaker = circuitBreaker({ failureThreshold: 1, recoveryTimeout: 60_000 });
    await settled(breaker.execute(() => Promise.reject(new Error('down'))));
    expect(await settled(breaker.execute(async () => 'early'))).toMatchObject({ error: { retryAfter: 60_000 } });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await breaker.execute(async () => 'answer')).toBe('answer');
    expect(breaker.state).toBe('closed');
  });

  test('a copy that is loaded while they are installed follows them too', async () => {
    let late;
    jest.isolateModules(() => (late = require('@holdfast/runtime')));
    const outcome = settled(late.withTimeout(never, 60_000));
    await jest.advanceTimersByTimeAsync(60_000);
    expect((await outcome).error).toBeInstanceOf(TimeoutError);
  });
});
