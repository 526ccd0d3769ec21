import { describe, expect, it } from 'vitest';
import {
  timeout as timeoutPolicy,
  bulkhead,
  cached,
  circuitBreaker,
  fallback,
  hedge,
  rateLimit,
  retry,
} from '../index.js';
import {
  Bulkhead,
  Cached,
  CircuitBreaker,
  Fallback,
  Guard,
  Hedge,
  Idempotent,
  RateLimit,
  Retry,
  Timeout,
} from '../index.js';
import type { TimeoutError } from '../index.js';
import { guard, pipeline, type Policy } from '../index.js';
import { ManualClock } from '../testing.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- decorators where the types would refuse them
type Anything = any;

/** A decorator of somebody else that replaces the method and keeps nothing of it. */
function Foreign<F extends (...args: never[]) => unknown>(method: F, _context: ClassMethodDecoratorContext): F {
  return function (this: unknown, ...args: never[]) {
    return method.apply(this, args);
  } as F;
}

/** A policy that notes when it is entered and left. */
function noting(log: string[], name: string): Policy {
  return {
    kind: 'noting',
    name,
    async execute<T>(operation: (context: never) => PromiseLike<T> | T): Promise<T> {
      log.push(`> ${name}`);
      try {
        return await operation(undefined as never);
      } finally {
        log.push(`< ${name}`);
      }
    },
  };
}

/** A promise and how to settle it. */
function deferred<T = void>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const never = () => new Promise<never>(() => {});

describe('a decorated method', () => {
  it('runs with its own this and arguments', async () => {
    class Prices {
      rate = 2;
      @Timeout(1_000)
      async price(amount: number, currency = 'EUR') {
        return `${amount * this.rate} ${currency}`;
      }
    }
    expect(await new Prices().price(3)).toBe('6 EUR');
    expect(await new Prices().price(3, 'USD')).toBe('6 USD');
  });

  it('keeps its name and length', () => {
    class Prices {
      @Retry()
      @Timeout(1_000)
      async price(_amount: number, _currency: string, _optional = true) {}
    }
    expect(Prices.prototype.price.name).toBe('price');
    expect(Prices.prototype.price.length).toBe(2);
  });

  it('shows what others have put on the function, before and after', () => {
    const original = Object.assign(async () => {}, { route: '/prices' });
    const decorated = (Timeout(1_000) as Anything)(original, { kind: 'method', name: 'price' });
    expect(decorated.route).toBe('/prices');
    Object.assign(original, { roles: ['admin'] });
    expect(decorated.roles).toEqual(['admin']);
    decorated.route = '/other';
    expect(original.route).toBe('/prices');
  });

  it('stays as invisible to enumeration as any method', () => {
    class Prices {
      @Timeout(1_000)
      async price() {}
    }
    expect(Object.keys(Prices.prototype)).toEqual([]);
  });

  it('can be called without an object', async () => {
    class Prices {
      @CircuitBreaker({ failureThreshold: 2, scope: 'instance' })
      @Timeout(1_000)
      async self(this: unknown) {
        return this;
      }
    }
    const { self } = new Prices();
    expect(await self.call(undefined)).toBe(undefined);
    expect(await self.call(7)).toBe(7);
  });

  it('works when it is static, with the class as this', async () => {
    class Prices {
      static rate = 3;
      @Timeout(1_000)
      static async price(amount: number) {
        return amount * this.rate;
      }
    }
    class Cheap extends Prices {
      static override rate = 1;
    }
    expect(await Prices.price(2)).toBe(6);
    expect(await Cheap.price(2)).toBe(2);
  });

  it('works when it is #private, static or not', async () => {
    class Prices {
      #rate = 4;
      @Timeout(1_000)
      async #price(amount: number) {
        return amount * this.#rate;
      }
      @Timeout(1_000)
      static async #latest() {
        return 'latest';
      }
      read(amount: number) {
        return this.#price(amount);
      }
      static read() {
        return Prices.#latest();
      }
    }
    expect(await new Prices().read(2)).toBe(8);
    expect(await Prices.read()).toBe('latest');
  });

  it('works under a symbol, a computed name and a number', async () => {
    const key = Symbol('price');
    const computed = ['get', 'Price'].join('');
    class Prices {
      @Timeout(1_000)
      async [key]() {
        return 'symbol';
      }
      @Timeout(1_000)
      async [computed]() {
        return 'computed';
      }
      @Timeout(1_000)
      async 42() {
        return 'number';
      }
    }
    const prices = new Prices() as Anything;
    expect(await prices[key]()).toBe('symbol');
    expect(await prices.getPrice()).toBe('computed');
    expect(await prices[42]()).toBe('number');
    expect(prices[key].name).toBe('[price]');
  });

  it('lets a subclass call super, each under its own policy', async () => {
    const clock = new ManualClock();
    class Base {
      log: string[] = [];
      @Timeout({ duration: 100, clock })
      async load(id: string) {
        this.log.push(`base ${id}`);
        return `base ${id}`;
      }
    }
    class Derived extends Base {
      @Timeout({ duration: 50, clock })
      override async load(id: string) {
        const loaded = await super.load(`<${id}>`);
        if (id === 'slow') return never();
        return `derived ${loaded}`;
      }
    }
    const derived = new Derived();
    expect(await derived.load('a')).toBe('derived base <a>');
    expect(derived.log).toEqual(['base <a>']);
    const slow = derived.load('slow');
    const failure = expect(slow).rejects.toMatchObject({ code: 'HOLDFAST_TIMEOUT', duration: 50 });
    await clock.advance(50);
    await failure;
  });

  it('is inherited with its policy', async () => {
    const gate = deferred();
    class Base {
      @Bulkhead(1)
      load() {
        return gate.promise;
      }
    }
    class Derived extends Base {}
    const first = new Base().load();
    await expect(new Derived().load()).rejects.toMatchObject({ code: 'HOLDFAST_BULKHEAD_FULL' });
    gate.resolve();
    await first;
  });

  it('hands on the failure of the method untouched', async () => {
    const failure = { not: 'an error' };
    class Prices {
      @CircuitBreaker()
      @Retry(1)
      @Timeout(1_000)
      async price() {
        throw failure;
      }
    }
    await expect(new Prices().price()).rejects.toBe(failure);
  });

  it('rejects where the method throws before it has a promise', async () => {
    class Prices {
      @Timeout(1_000)
      price(): Promise<number> {
        throw new Error('too early');
      }
    }
    await expect(new Prices().price()).rejects.toThrow('too early');
  });

  it('may return any thenable, which is asked once', async () => {
    let asked = 0;
    class Table {
      @Timeout(1_000)
      rows(): Promise<string[]> {
        return {
          then(resolve: (rows: string[]) => void) {
            asked++;
            resolve(['row']);
          },
        } as unknown as Promise<string[]>;
      }
    }
    expect(await new Table().rows()).toEqual(['row']);
    expect(asked).toBe(1);
  });
});

describe('the policy of a decorated method', () => {
  const named = async (call: Promise<unknown>) =>
    ((await call.catch((error: unknown) => error)) as TimeoutError).policy;

  it('is named after the method, unless the options name it', async () => {
    const clock = new ManualClock();
    const key = Symbol('price');
    class Prices {
      @Timeout({ duration: 10, clock })
      async price() {
        return never();
      }
      @Timeout({ duration: 10, clock, name: 'prices' })
      async other() {
        return never();
      }
      @Timeout({ duration: 10, clock })
      async [key]() {
        return never();
      }
    }
    const prices = new Prices();
    const names = Promise.all([named(prices.price()), named(prices.other()), named(prices[key]())]);
    await clock.advance(10);
    expect(await names).toEqual(['price', 'prices', 'Symbol(price)']);
  });

  it('is shared by all objects of the class', async () => {
    const gate = deferred();
    class Prices {
      @Bulkhead(1)
      price() {
        return gate.promise;
      }
    }
    const first = new Prices().price();
    await expect(new Prices().price()).rejects.toMatchObject({ policy: 'price' });
    gate.resolve();
    await first;
    await expect(new Prices().price()).resolves.toBe(undefined);
  });

  it('is not shared by methods, not even those decorated by one and the same decorator', async () => {
    const gate = deferred();
    const one = Bulkhead({ maxConcurrent: 1 });
    class Prices {
      @one
      price() {
        return gate.promise;
      }
      @one
      discount() {
        return gate.promise;
      }
    }
    const prices = new Prices();
    const both = Promise.all([prices.price(), prices.discount()]);
    await expect(prices.discount()).rejects.toMatchObject({ policy: 'discount' });
    gate.resolve();
    await both;
  });

  it('is shared by methods that are given the same policy', async () => {
    const gate = deferred();
    const shared = bulkhead({ maxConcurrent: 1, name: 'warehouse' });
    class Prices {
      @Bulkhead(shared)
      price() {
        return gate.promise;
      }
      @Guard(shared)
      discount() {
        return gate.promise;
      }
    }
    const prices = new Prices();
    const first = prices.price();
    expect(shared.running).toBe(1);
    await expect(prices.discount()).rejects.toMatchObject({ policy: 'warehouse' });
    gate.resolve();
    await first;
    expect(shared.running).toBe(0);
  });
});

describe('every decorator', () => {
  const answer = async () => 'answer';
  const forms: [string, (() => unknown)[]][] = [
    ['Bulkhead', [() => Bulkhead(1), () => Bulkhead({ maxConcurrent: 1 }), () => Bulkhead(bulkhead(1))]],
    ['Cached', [() => Cached(1_000), () => Cached({ ttl: 1_000 }), () => Cached(cached(1_000))]],
    [
      'CircuitBreaker',
      [
        () => CircuitBreaker(),
        () => CircuitBreaker(3),
        () => CircuitBreaker({ failureThreshold: 3 }),
        () => CircuitBreaker(circuitBreaker()),
      ],
    ],
    [
      'Fallback',
      [() => Fallback(() => 'other'), () => Fallback({ value: 'other' }), () => Fallback(fallback({ value: 'other' }))],
    ],
    [
      'Guard',
      [() => Guard(timeoutPolicy(1_000)), () => Guard(retry(), timeoutPolicy(1_000)), () => Guard(pipeline(retry()))],
    ],
    ['Hedge', [() => Hedge(1_000), () => Hedge({ delay: 1_000 }), () => Hedge(hedge(1_000))]],
    ['Idempotent', [() => Idempotent(), () => Idempotent(() => 'key'), () => Idempotent({ key: () => 'key' })]],
    ['RateLimit', [() => RateLimit(10), () => RateLimit({ limit: 10 }), () => RateLimit(rateLimit(10))]],
    ['Retry', [() => Retry(), () => Retry(2), () => Retry({ maxAttempts: 2 }), () => Retry(retry())]],
    ['Timeout', [() => Timeout(1_000), () => Timeout({ duration: 1_000 }), () => Timeout(timeoutPolicy(1_000))]],
  ];

  it.each(forms)('@%s takes its options, its scalar, or a policy that exists', async (_name, decorators) => {
    for (const make of decorators) {
      class Service {
        @(make() as Anything)
        async ask() {
          return answer();
        }
      }
      expect(await new Service().ask()).toBe('answer');
    }
  });

  it.each([
    ['Bulkhead', Bulkhead, 0],
    ['Cached', Cached, -1],
    ['CircuitBreaker', CircuitBreaker, 0],
    ['Fallback', Fallback, {}],
    ['Hedge', Hedge, -1],
    ['Idempotent', Idempotent, { key: 'no function' }],
    ['RateLimit', RateLimit, 0],
    ['Retry', Retry, 0],
    ['Timeout', Timeout, 0],
  ])('@%s refuses bad options where they are written, before there is a method', (_name, decorator: Anything, bad) => {
    expect(() => decorator(bad)).toThrow(/must be|give either/);
    expect(() => decorator({ unheardOf: 1 })).toThrow(/unknown option "unheardOf"/);
  });

  it.each([
    ['Bulkhead', Bulkhead],
    ['Cached', Cached],
    ['CircuitBreaker', CircuitBreaker],
    ['Fallback', Fallback],
    ['Guard', Guard],
    ['Hedge', Hedge],
    ['Idempotent', Idempotent],
    ['RateLimit', RateLimit],
    ['Retry', Retry],
    ['Timeout', Timeout],
  ])('@%s says so when its parentheses are forgotten', (name, decorator: Anything) => {
    const writeIt = new RegExp(`@${name} must be called: write @${name}\\(…\\)`);
    expect(() => decorator(async () => {}, { kind: 'method', name: 'price' })).toThrow(writeIt);
    expect(() => decorator({ price() {} }, 'price', { value() {} })).toThrow(writeIt);
  });

  it('@Guard needs policies', () => {
    expect(() => (Guard as Anything)()).toThrow(new TypeError('@Guard: needs at least one policy, got none'));
    expect(() => (Guard as Anything)(retry(), 5)).toThrow(/policy 2 must be an object with an execute method, got 5/);
  });
});

describe('a decorated field', () => {
  it('that holds an arrow function keeps its this and arguments', async () => {
    class Prices {
      rate = 2;
      @Timeout(1_000)
      price = async (amount: number, currency: string) => `${amount * this.rate} ${currency}`;
    }
    const { price } = new Prices();
    expect(await price(3, 'EUR')).toBe('6 EUR');
    expect(price.length).toBe(2);
  });

  it('shares one policy among all objects', async () => {
    const gate = deferred();
    class Prices {
      label: string;
      constructor(label: string) {
        this.label = label;
      }
      @Bulkhead(1)
      price = async () => {
        await gate.promise;
        return this.label;
      };
    }
    const [a, b] = [new Prices('a'), new Prices('b')];
    const first = a.price();
    await expect(b.price()).rejects.toMatchObject({ code: 'HOLDFAST_BULKHEAD_FULL', policy: 'price' });
    gate.resolve();
    expect(await first).toBe('a');
    expect(await b.price()).toBe('b');
  });

  it('can be static or #private', async () => {
    class Prices {
      @Timeout(1_000)
      static latest = async () => 'latest';
      @Timeout(1_000)
      #price = async () => 'private';
      read() {
        return this.#price();
      }
    }
    expect(await Prices.latest()).toBe('latest');
    expect(await new Prices().read()).toBe('private');
  });

  it('can carry several decorators, which become one call path', async () => {
    const clock = new ManualClock();
    let attempts = 0;
    class Prices {
      @Timeout({ duration: 150, clock })
      @Retry({ maxAttempts: 5, baseDelay: 100, jitter: false, clock })
      price = async () => {
        attempts++;
        throw new Error('down');
      };
    }
    const call = expect(new Prices().price()).rejects.toThrow('down');
    // The retry knows of the timeout around it, and does not wait into it.
    await clock.advance(100);
    await call;
    expect(attempts).toBe(2);
  });

  it('runs its decorators the outermost first, whichever way the compiler runs their initializers', async () => {
    const log: string[] = [];
    class Prices {
      @Guard(noting(log, 'a'))
      @Guard(noting(log, 'b'))
      @Guard(noting(log, 'c'))
      price = async () => log.push('work');
    }
    await new Prices().price();
    await new Prices().price();
    const once = ['> a', '> b', '> c', 'work', '< c', '< b', '< a'];
    expect(log).toEqual([...once, ...once]);

    log.length = 0;
    const context = { kind: 'field', name: 'price' } as Anything;
    const [inner, outer] = [noting(log, 'inner'), noting(log, 'outer')].map((policy) => Guard(policy) as Anything);
    const initializers = [inner(undefined, context), outer(undefined, context)];
    const object = {};
    for (const order of [initializers, initializers.toReversed()]) {
      const field = order.reduce(
        (value, initializer) => initializer.call(object, value),
        async () => 'work',
      );
      expect(await field()).toBe('work');
      expect(log.splice(0)).toEqual(['> outer', '> inner', '< inner', '< outer']);
    }
  });

  it('refuses anything but a function when the object is made', () => {
    class Prices {
      @(Timeout(1_000) as Anything)
      price = 5;
    }
    expect(() => new Prices()).toThrow(new TypeError('@Timeout decorates functions, but price holds 5'));
  });
});

describe('a decorator refuses', () => {
  const decorate = Timeout(1_000) as Anything;
  const refusal = (define: () => unknown) => {
    try {
      define();
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
      return (error as Error).message;
    }
    return 'nothing was refused';
  };

  it('a getter, a setter and an accessor', () => {
    const only = 'only async methods, and fields that hold an async function';
    expect(
      refusal(
        () =>
          class {
            @decorate
            get price() {
              return 1;
            }
          },
      ),
    ).toBe(`@Timeout cannot decorate the getter price: ${only}`);
    expect(
      refusal(
        () =>
          class {
            @decorate
            set price(_value: number) {}
          },
      ),
    ).toBe(`@Timeout cannot decorate the setter price: ${only}`);
    expect(
      refusal(
        () =>
          class {
            @decorate
            accessor price = async () => 1;
          },
      ),
    ).toBe(`@Timeout cannot decorate the accessor price: ${only}`);
  });

  it('a class', () => {
    expect(
      refusal(() => {
        @decorate
        class Prices {}
        return Prices;
      }),
    ).toBe('@Timeout cannot decorate the class Prices: only async methods, and fields that hold an async function');
  });

  it('a generator that is not async', () => {
    expect(
      refusal(
        () =>
          class {
            @decorate
            *prices() {
              yield 1;
            }
          },
      ),
    ).toBe('@Timeout cannot decorate the generator prices: only async methods and async generators');
  });

  it("Babel's 2018-09 form, naming the versions that work", () => {
    const element = { kind: 'method', key: 'price', placement: 'prototype', descriptor: { value: async () => {} } };
    expect(refusal(() => decorate(element))).toBe(
      '@Timeout: this looks like Babel\'s 2018-09 decorators; use version "2023-11" or "legacy"',
    );
  });

  it('to be called on a bare function or a value, as a wrapper would be', () => {
    expect(refusal(() => decorate(async function price() {}))).toMatch(/^@Timeout decorates methods, got/);
    expect(refusal(() => decorate(undefined))).toBe('@Timeout decorates methods, got undefined');
  });

  it('a plain result, as a rejection that names the method', async () => {
    class Prices {
      @decorate
      price() {
        return 5;
      }
      @decorate
      nothing() {}
      @decorate
      none() {
        return null;
      }
    }
    const prices = new Prices() as Anything;
    const must = 'only a method that returns a promise can be decorated';
    await expect(prices.price()).rejects.toThrow(new TypeError(`price returned a plain number: ${must}`));
    await expect(prices.nothing()).rejects.toThrow(new TypeError(`nothing returned undefined: ${must}`));
    await expect(prices.none()).rejects.toThrow(new TypeError(`none returned null: ${must}`));
  });
});

describe('stacked decorators', () => {
  it('run the outermost first', async () => {
    const log: string[] = [];
    class Prices {
      @Guard(noting(log, 'a'), noting(log, 'b'))
      @Guard(noting(log, 'c'))
      async price() {
        log.push('work');
      }
    }
    await new Prices().price();
    expect(log).toEqual(['> a', '> b', '> c', 'work', '< c', '< b', '< a']);
  });

  /** What happens to five calls, and when, under a retry inside a timeout, or the other way round. */
  async function course(decorated: (clock: ManualClock, work: () => Promise<string>) => () => Promise<string>) {
    const clock = new ManualClock();
    const log: string[] = [];
    let calls = 0;
    const call = decorated(clock, () => {
      log.push(`${clock.now()}: attempt`);
      return ++calls % 3 === 0 ? never() : Promise.reject(new Error('down'));
    });
    const done = Promise.all(
      [1, 2].map(() =>
        call().then(
          (value) => log.push(`${clock.now()}: ${value}`),
          (error: Error) => log.push(`${clock.now()}: ${error.name}`),
        ),
      ),
    );
    await clock.advance(10_000);
    await done;
    return { log, pending: clock.pending };
  }

  const settings = (clock: ManualClock) => ({ maxAttempts: 4, baseDelay: 100, jitter: false, clock }) as const;

  it('behave as one pipeline in the same order: timeout outside', async () => {
    const stacked = await course((clock, work) => {
      class Prices {
        @Timeout({ duration: 250, clock })
        @Retry(settings(clock))
        price() {
          return work();
        }
      }
      return new Prices().price;
    });
    const piped = await course((clock, work) =>
      guard(work, pipeline(timeoutPolicy({ duration: 250, clock }), retry(settings(clock)))),
    );
    expect(stacked).toEqual(piped);
    // The abort of the outer timeout ends the back-off: nothing is attempted after it.
    expect(stacked.log.at(-1)).toBe('250: TimeoutError');
    expect(stacked.pending).toBe(0);
  });

  it('behave as one pipeline in the same order: timeout inside', async () => {
    const stacked = await course((clock, work) => {
      class Prices {
        @Retry(settings(clock))
        @Timeout({ duration: 250, clock })
        price() {
          return work();
        }
      }
      return new Prices().price;
    });
    const piped = await course((clock, work) =>
      guard(work, retry(settings(clock)), timeoutPolicy({ duration: 250, clock })),
    );
    expect(stacked).toEqual(piped);
    expect(stacked.log.filter((line) => line.endsWith('attempt'))).toHaveLength(8);
  });

  it('fuse with guard() around the decorated method', async () => {
    const fused = await course((clock, work) => {
      class Prices {
        @Retry(settings(clock))
        price() {
          return work();
        }
      }
      return guard(new Prices().price, timeoutPolicy({ duration: 250, clock }));
    });
    const piped = await course((clock, work) =>
      guard(work, timeoutPolicy({ duration: 250, clock }), retry(settings(clock))),
    );
    expect(fused).toEqual(piped);
  });

  it('fuse with guard() inside, in a field', async () => {
    const fused = await course((clock, work) => {
      class Prices {
        @Timeout({ duration: 250, clock })
        price = guard(work, retry(settings(clock)));
      }
      return new Prices().price;
    });
    const piped = await course((clock, work) =>
      guard(work, timeoutPolicy({ duration: 250, clock }), retry(settings(clock))),
    );
    expect(fused).toEqual(piped);
  });

  it('keep the three things a caller sees when a foreign decorator in between replaces the method', async () => {
    const log: string[] = [];
    class Prices {
      rate = 2;
      @Guard(noting(log, 'outer'))
      @Foreign
      @Guard(noting(log, 'inner'))
      async price(amount: number) {
        log.push('work');
        return amount * this.rate;
      }
    }
    expect(await new Prices().price(4)).toBe(8);
    expect(log).toEqual(['> outer', '> inner', 'work', '< inner', '< outer']);
  });

  it('limit each on its own side of a foreign decorator', async () => {
    const clock = new ManualClock();
    let attempts = 0;
    class Prices {
      @Timeout({ duration: 150, clock, name: 'outer' })
      @Foreign
      @Retry({ maxAttempts: 3, baseDelay: 100, jitter: false, clock })
      async price() {
        attempts++;
        throw new Error('down');
      }
    }
    const call = expect(new Prices().price()).rejects.toMatchObject({ code: 'HOLDFAST_TIMEOUT', policy: 'outer' });
    await clock.advance(150);
    await call;
    expect(attempts).toBe(2);
  });
});
