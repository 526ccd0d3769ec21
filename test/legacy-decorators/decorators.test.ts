import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import {
  Bulkhead,
  bulkhead,
  Cached,
  CircuitBreaker,
  Fallback,
  guard,
  Guard,
  Hedge,
  Idempotent,
  pipeline,
  type Policy,
  RateLimit,
  Retry,
  retry,
  Timeout,
  timeout,
} from '../../packages/runtime/src/index.js';
import { ManualClock } from '../../packages/runtime/src/testing.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- decorators where the types would refuse them
type Anything = any;

/** A decorator of somebody else that replaces the method and keeps nothing of it. */
function Foreign(_target: object, _key: string | symbol, descriptor: PropertyDescriptor): PropertyDescriptor {
  const method = descriptor.value;
  return {
    ...descriptor,
    value(this: unknown, ...args: unknown[]) {
      return method.apply(this, args);
    },
  };
}

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

const never = () => new Promise<never>(() => {});
const must = 'only a method that returns a promise can be decorated';

describe('a method under experimentalDecorators', () => {
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

  it('keeps its name, its length and the other marks of its property', () => {
    class Prices {
      @Retry()
      @Timeout(1_000)
      async price(_amount: number, _currency: string) {}
    }
    expect(Prices.prototype.price.name).toBe('price');
    expect(Prices.prototype.price.length).toBe(2);
    expect(Object.getOwnPropertyDescriptor(Prices.prototype, 'price')).toMatchObject({
      configurable: true,
      enumerable: false,
      writable: true,
    });
  });

  it('can be called without an object', async () => {
    class Prices {
      @CircuitBreaker()
      @Timeout(1_000)
      async self(this: unknown) {
        return this;
      }
    }
    const { self } = new Prices();
    expect(await self.call(undefined)).toBe(undefined);
  });

  it('can be static, with the class as this', async () => {
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

  it('can have a symbol or a computed name', async () => {
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
    }
    const prices = new Prices() as Anything;
    expect(await prices[key]()).toBe('symbol');
    expect(await prices.getPrice()).toBe('computed');
  });

  it('calls super and is inherited, each method under its own policy', async () => {
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    class Base {
      @Bulkhead(1)
      async load(id: string) {
        await gate;
        return `base ${id}`;
      }
    }
    class Derived extends Base {
      @Bulkhead(1)
      override async load(id: string) {
        return `derived ${await super.load(id)}`;
      }
    }
    class Heir extends Base {}
    const derived = new Derived().load('a');
    await expect(new Derived().load('b')).rejects.toMatchObject({ policy: 'Derived.load' });
    await expect(new Heir().load('c')).rejects.toMatchObject({ policy: 'Base.load' });
    open();
    expect(await derived).toBe('derived base a');
  });

  it('names its policy after class and method', async () => {
    const clock = new ManualClock();
    const key = Symbol('price');
    class Prices {
      @Timeout({ duration: 10, clock })
      async price() {
        return never();
      }
      @Timeout({ duration: 10, clock })
      static async latest() {
        return never();
      }
      @Timeout({ duration: 10, clock })
      async [key]() {
        return never();
      }
    }
    const named = (call: Promise<unknown>) => call.catch(({ policy }) => policy);
    const names = Promise.all([new Prices().price(), Prices.latest(), new Prices()[key]()].map(named));
    await clock.advance(10);
    expect(await names).toEqual(['Prices.price', 'Prices.latest', 'Prices.Symbol(price)']);
  });

  it('shares an existing policy with the other methods that were given it', async () => {
    const shared = bulkhead({ maxConcurrent: 1, name: 'warehouse' });
    class Prices {
      @Bulkhead(shared)
      async price() {
        return never();
      }
      @Guard(shared)
      async discount() {}
    }
    void new Prices().price();
    await expect(new Prices().discount()).rejects.toMatchObject({ policy: 'warehouse' });
  });

  it('takes every decorator', async () => {
    const decorators = [
      Bulkhead(1),
      Cached(1_000),
      CircuitBreaker(),
      Fallback({ value: 'other' }),
      Guard(timeout(1_000)),
      Hedge(1_000),
      Idempotent(),
      RateLimit(10),
      Retry(),
      Timeout(1_000),
    ];
    for (const decorator of decorators) {
      class Prices {
        @decorator
        async price(amount: number) {
          return amount;
        }
      }
      expect(await new Prices().price(5)).toBe(5);
    }
  });

  it('can be an async generator', async () => {
    const permits = bulkhead(1);
    class Rows {
      size = 2;
      @Bulkhead(permits)
      @Timeout(1_000)
      async *read(from: number) {
        for (let row = from; row < from + this.size; row++) yield row;
      }
    }
    const rows: number[] = [];
    for await (const row of new Rows().read(5)) {
      expect(permits.running).toBe(1);
      rows.push(row);
    }
    expect(rows).toEqual([5, 6]);
    expect(permits.running).toBe(0);
    for await (const _row of new Rows().read(5)) break;
    expect(permits.running).toBe(0);
  });
});

describe('under experimentalDecorators, a decorator refuses', () => {
  const decorate = Timeout(1_000) as Anything;

  it('a field, whose value it cannot see', () => {
    const refusal = new TypeError(
      '@Timeout cannot see the value of the field Prices.price under experimentalDecorators: wrap the function with guard() instead',
    );
    expect(() => {
      class Prices {
        @decorate
        price = async () => 1;
      }
      return Prices;
    }).toThrow(refusal);
    // Babel's "legacy" brings a descriptor, with the initializer in place of the value.
    class Prices {}
    expect(() => decorate(Prices.prototype, 'price', { initializer: () => async () => 1, writable: true })).toThrow(
      refusal,
    );
  });

  it('a getter and a setter', () => {
    expect(() => {
      class Prices {
        @decorate
        get price() {
          return 1;
        }
      }
      return Prices;
    }).toThrow(new TypeError('@Timeout cannot decorate the accessor Prices.price: only async methods'));
    expect(() => {
      class Prices {
        @decorate
        set price(_value: number) {}
      }
      return Prices;
    }).toThrow(TypeError);
  });

  it('a class', () => {
    expect(() => {
      @decorate
      class Prices {}
      return Prices;
    }).toThrow(new TypeError('@Timeout decorates methods, got the class Prices'));
  });

  it('a parameter, of a method or of the constructor', () => {
    expect(() => {
      class Prices {
        async price(@decorate _amount: number) {}
      }
      return Prices;
    }).toThrow(new TypeError('@Timeout cannot decorate a parameter of Prices.price'));
    expect(() => {
      class Prices {
        constructor(@decorate _rate: number) {}
      }
      return Prices;
    }).toThrow(new TypeError('@Timeout cannot decorate a parameter of the constructor of Prices'));
  });

  it('a generator that is not async', () => {
    expect(() => {
      class Prices {
        @decorate
        *prices() {
          yield 1;
        }
      }
      return Prices;
    }).toThrow(
      new TypeError('@Timeout cannot decorate the generator Prices.prices: only async methods and async generators'),
    );
  });

  it('a method whose emitted result type cannot be a promise', () => {
    const define: [string, () => unknown][] = [
      [
        'String',
        () => {
          class Prices {
            @decorate
            price(): string {
              return '';
            }
          }
          return Prices;
        },
      ],
      [
        'Number',
        () => {
          class Prices {
            @decorate
            price(): number {
              return 0;
            }
          }
          return Prices;
        },
      ],
      [
        'Boolean',
        () => {
          class Prices {
            @decorate
            price(): boolean {
              return true;
            }
          }
          return Prices;
        },
      ],
      [
        'Array',
        () => {
          class Prices {
            @decorate
            price(): string[] {
              return [];
            }
          }
          return Prices;
        },
      ],
      [
        'BigInt',
        () => {
          class Prices {
            @decorate
            price(): bigint {
              return 0n;
            }
          }
          return Prices;
        },
      ],
    ];
    for (const [type, make] of define) {
      expect(make, type).toThrow(
        new TypeError(
          `@Timeout cannot decorate Prices.price: it returns ${type}, and only a method that returns a promise can be decorated`,
        ),
      );
    }
  });

  it('no method whose emitted result type may be a promise', async () => {
    type Later<T> = Promise<T>;
    class Prices {
      @Timeout(1_000)
      promised(): Promise<number> {
        return Promise.resolve(1);
      }
      @Timeout(1_000)
      async inferred() {
        return 2;
      }
      @Timeout(1_000)
      alias(): Later<number> {
        return Promise.resolve(3);
      }
      @Timeout(1_000)
      generic<T extends Promise<number>>(value: T): T {
        return value;
      }
      @decorate
      unknown(): unknown {
        return Promise.resolve(5);
      }
    }
    const prices = new Prices();
    expect(
      await Promise.all([
        prices.promised(),
        prices.inferred(),
        prices.alias(),
        prices.generic(Promise.resolve(4)),
        prices.unknown(),
      ]),
    ).toEqual([1, 2, 3, 4, 5]);
  });

  it('a plain result, as a rejection that names class and method', async () => {
    class Prices {
      @decorate
      price(): unknown {
        return 5;
      }
      @decorate
      nothing(): void {}
      @decorate
      static text(): unknown {
        return '';
      }
    }
    const prices = new Prices();
    await expect(prices.price()).rejects.toThrow(new TypeError(`Prices.price returned a plain number: ${must}`));
    await expect(prices.nothing()).rejects.toThrow(new TypeError(`Prices.nothing returned undefined: ${must}`));
    await expect(Prices.text()).rejects.toThrow(new TypeError(`Prices.text returned a plain string: ${must}`));
  });
});

describe('stacked decorators under experimentalDecorators', () => {
  it('run the outermost first, also around a foreign decorator', async () => {
    const log: string[] = [];
    class Prices {
      rate = 2;
      @Guard(noting(log, 'a'), noting(log, 'b'))
      @Foreign
      @Guard(noting(log, 'c'))
      async price(amount: number) {
        log.push('work');
        return amount * this.rate;
      }
    }
    expect(await new Prices().price(4)).toBe(8);
    expect(log).toEqual(['> a', '> b', '> c', 'work', '< c', '< b', '< a']);
  });

  it('become one call path, as a pipeline in the same order', async () => {
    const course = async (make: (clock: ManualClock, work: () => Promise<never>) => () => Promise<unknown>) => {
      const clock = new ManualClock();
      const log: string[] = [];
      const call = make(clock, async () => {
        log.push(`${clock.now()}: attempt`);
        throw new Error('down');
      });
      const done = call().catch((error: Error) => log.push(`${clock.now()}: ${error.message}`));
      await clock.advance(10_000);
      await done;
      return log;
    };
    const settings = (clock: ManualClock) => ({ maxAttempts: 4, baseDelay: 100, jitter: false, clock }) as const;
    const piped = await course((clock, work) =>
      guard(work, pipeline(timeout({ duration: 250, clock }), retry(settings(clock)))),
    );
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
    const guarded = await course((clock, work) => {
      class Prices {
        @Retry(settings(clock))
        price() {
          return work();
        }
      }
      return guard(new Prices().price, timeout({ duration: 250, clock }));
    });
    const apart = await course((clock, work) => {
      class Prices {
        @Timeout({ duration: 250, clock, name: 'outer' })
        @Foreign
        @Retry(settings(clock))
        price() {
          return work();
        }
      }
      return new Prices().price;
    });
    // The retry knows of the timeout around it, and does not wait into it.
    expect(piped).toEqual(['0: attempt', '100: attempt', '100: down']);
    expect(stacked).toEqual(piped);
    expect(guarded).toEqual(piped);
    // Where a foreign function stands in between, it cannot know; each policy still does its part.
    expect(apart.slice(0, 3)).toEqual(['0: attempt', '100: attempt', '250: outer: timed out after 250 ms']);
  });
});
