import {
  bulkhead,
  Bulkhead,
  Cached,
  CircuitBreaker,
  Fallback,
  guard,
  Guard,
  Hedge,
  Idempotent,
  pipeline,
  RateLimit,
  retry,
  Retry,
  timeout,
  Timeout,
  TimeoutError,
  withRetry,
  withTimeout,
} from '@holdfast/runtime';

export class Elements {
  // @ts-expect-error -- not a promise
  @Timeout(5)
  price() {
    return 1;
  }

  // @ts-expect-error -- nothing
  @Timeout(5)
  nothing(): void {}

  // @ts-expect-error -- a promise only sometimes
  @Timeout(5)
  sometimes(): Promise<number> | number {
    return 1;
  }

  // @ts-expect-error -- static, and not a promise
  @Retry()
  static price() {
    return 1;
  }

  // @ts-expect-error -- a getter, even of a promise
  @Timeout(5)
  get later() {
    return Promise.resolve(1);
  }

  // @ts-expect-error -- a getter, even of a function
  @Timeout(5)
  get fetcher() {
    return async () => 1;
  }

  // @ts-expect-error -- a setter
  @Timeout(5)
  set later(_value: Promise<number>) {}

  // @ts-expect-error -- an accessor
  @Timeout(5)
  accessor field = async () => 1;

  // @ts-expect-error -- a field that holds no function
  @Timeout(5)
  rate = 1;

  // @ts-expect-error -- a field whose function is not async
  @Timeout(5)
  sync = () => 1;

  // @ts-expect-error -- a generator that is not async
  @Timeout(5)
  *rows() {
    yield 1;
  }

  // @ts-expect-error -- an iterable that need not come from an async generator
  @Timeout(5)
  iterable(): AsyncIterable<number> {
    return this.stream();
  }

  async *stream() {
    yield 1;
  }
}

// @ts-expect-error -- a class
@Timeout(5)
export class Decorated {}

export class Parentheses {
  // @ts-expect-error
  @CircuitBreaker
  async a() {}
  // @ts-expect-error
  @Retry
  async b() {}
  // @ts-expect-error
  @Timeout
  async c() {}
  // @ts-expect-error
  @Idempotent
  async d() {}
  // @ts-expect-error
  @Fallback
  async e() {}
  // @ts-expect-error
  @Guard
  async f() {}
}

export class Options {
  // @ts-expect-error -- a duration is a number of milliseconds
  @Timeout('5s')
  async a() {}
  // @ts-expect-error -- there is no default duration
  @Timeout()
  async b() {}
  // @ts-expect-error -- nor in options
  @Timeout({})
  async c() {}
  // @ts-expect-error -- an unknown option
  @Timeout({ duration: 5, durations: 5 })
  async d() {}
  // @ts-expect-error -- an unknown mode
  @Timeout({ duration: 5, mode: 'soft' })
  async e() {}
  // @ts-expect-error -- an unknown jitter
  @Retry({ jitter: 'half' })
  async f() {}
  // @ts-expect-error -- a misspelled option
  @Retry({ maxAttemps: 3 })
  async g() {}
  // @ts-expect-error -- a predicate has an answer
  @Retry({ retryIf: () => 'yes' })
  async h() {}
  // @ts-expect-error -- the limit is missing
  @Bulkhead({ maxQueue: 5 })
  async i() {}
  // @ts-expect-error -- a number
  @Bulkhead({ maxConcurrent: '5' })
  async j() {}
  // @ts-expect-error -- the time to live is missing
  @Cached({ key: () => 'key' })
  async k() {}
  // @ts-expect-error -- a key is a string
  @Cached({ ttl: 5, key: () => 5 })
  async l() {}
  // @ts-expect-error -- the limit is missing
  @RateLimit({})
  async m() {}
  // @ts-expect-error -- the delay is missing
  @Hedge({ maxAttempts: 2 })
  async n() {}
  // @ts-expect-error -- a handler is a function
  @Fallback({ handler: 'nobody' })
  async o() {}
  // @ts-expect-error -- an unknown option
  @CircuitBreaker({ threshold: 5 })
  async p() {}
  // @ts-expect-error -- an unknown scope
  @CircuitBreaker({ scope: 'object' })
  async q() {}
  // @ts-expect-error -- a key is made by a function
  @Idempotent({ key: 'key' })
  async r() {}
  // @ts-expect-error -- a key is a string
  @Idempotent(() => 5)
  async u() {}
  // @ts-expect-error -- policies, not decorators
  @Guard(Retry())
  async s() {}
  // @ts-expect-error -- policies, not options
  @Guard({ maxAttempts: 3 })
  async t() {}
}

// @ts-expect-error -- not a promise
guard(() => 1, timeout(5));
// @ts-expect-error -- a stream, which only decorators take
guard(async function* () {}, timeout(5));
// @ts-expect-error -- a promise that has begun cannot be guarded
guard(Promise.resolve(1), timeout(5));
// @ts-expect-error -- a decorator is no policy
guard(async () => 1, Timeout(5));
// @ts-expect-error -- the arguments are those of the function
guard(async (id: string) => id, timeout(5))(5);
// @ts-expect-error -- a promise that has begun cannot be timed
withTimeout(Promise.resolve(1), 5);
// @ts-expect-error -- the duration is missing
withTimeout(async () => 1);
// @ts-expect-error -- an unknown option
withRetry(async () => 1, { attempts: 3 });
// @ts-expect-error -- policies only
pipeline(retry(), 5);
// @ts-expect-error -- a live figure, not a setting
bulkhead(5).running = 1;
// @ts-expect-error -- codes do not change
new TimeoutError({ policy: 'users', duration: 5 }).code = 'OTHER';
