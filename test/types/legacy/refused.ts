import { CircuitBreaker, Guard, Idempotent, retry, Retry, timeout, Timeout } from '@holdfast/runtime';

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

  // @ts-expect-error -- a getter
  @Timeout(5)
  get later() {
    return Promise.resolve(1);
  }

  // @ts-expect-error -- a field, even one that holds an async function
  @Timeout(5)
  field = async () => 1;

  // @ts-expect-error -- a generator that is not async
  @Timeout(5)
  *rows() {
    yield 1;
  }

  // @ts-expect-error -- a parameter
  async taking(@Timeout(5) _amount: number) {}

  // @ts-expect-error -- a parameter of the constructor
  constructor(@Timeout(5) _rate: number) {}
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
}

export class Options {
  // @ts-expect-error -- a duration is a number of milliseconds
  @Timeout('5s')
  async a() {}
  // @ts-expect-error -- an unknown option
  @Timeout({ duration: 5, durations: 5 })
  async b() {}
  // @ts-expect-error -- policies, not decorators
  @Guard(retry(), Timeout(5), timeout(5))
  async c() {}
}
