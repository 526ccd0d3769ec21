import {
  bulkhead,
  Bulkhead,
  cached,
  Cached,
  circuitBreaker,
  CircuitBreaker,
  fallback,
  Fallback,
  guard,
  Guard,
  hedge,
  Hedge,
  Idempotent,
  pipeline,
  rateLimit,
  RateLimit,
  retry,
  Retry,
  retryBudget,
  timeout,
  Timeout,
  withRetry,
  withTimeout,
  type ExecuteOptions,
  type HoldfastError,
  type Operation,
  type Policy,
} from '@holdfast/runtime';
import { currentSignal, remainingTime } from '@holdfast/runtime/context';
import { ManualClock, seededRandom } from '@holdfast/runtime/testing';

/** True only for one and the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<_Answer extends true>(): void;

interface User {
  id: string;
}

class OwnPolicy implements Policy {
  readonly kind = 'own';
  readonly name = 'own';
  async execute<T>(operation: Operation<T>, options?: ExecuteOptions): Promise<T> {
    return withTimeout(async (context) => operation(context), 5, options);
  }
}

const clock = new ManualClock();

export class Users {
  @CircuitBreaker()
  @CircuitBreaker(3)
  @CircuitBreaker({ failureThreshold: 3, recoveryTimeout: 60_000, monitoringPeriod: 10_000, name: 'users', clock })
  @CircuitBreaker(circuitBreaker())
  @Retry()
  @Retry(3)
  @Retry({ maxAttempts: 3, jitter: 'decorrelated', retryIf: (error, attempt) => attempt < 2 && error instanceof Error })
  @Retry(retry({ budget: retryBudget(), random: seededRandom(1) }))
  @Bulkhead(5)
  @Bulkhead({ maxConcurrent: 5, maxQueue: 10 })
  @Bulkhead(bulkhead(5))
  @RateLimit(5)
  @RateLimit({ limit: 5 })
  @RateLimit(rateLimit(5))
  @Hedge(50)
  @Hedge({ delay: 50 })
  @Hedge(hedge(50))
  @Idempotent()
  @Idempotent({ key: (id: string) => id })
  @Idempotent((id: string) => id)
  @Cached(1_000)
  @Cached({ ttl: 1_000, key: (id: string) => id, staleIfError: 60_000 })
  @Cached(cached(1_000))
  @Fallback({ value: { id: 'nobody' } })
  @Fallback(function (this: Users, _error: unknown, id: string) {
    return this.find(id);
  })
  @Fallback(fallback({ handler: async () => ({ id: 'nobody' }) }))
  @Timeout(1_000)
  @Timeout({ duration: 1_000, mode: 'cooperative' })
  @Timeout({ duration: (id: string) => id.length * 100 })
  @Timeout(timeout(1_000))
  @Timeout(new OwnPolicy())
  @Guard(retry(), pipeline(bulkhead(5), timeout(1_000)), new OwnPolicy())
  async find(id: string): Promise<User> {
    return { id };
  }

  @Timeout(1_000)
  async nothing(): Promise<void> {}

  @Timeout(1_000)
  async first<T>(items: readonly T[], fallback?: T, ..._rest: number[]): Promise<T | undefined> {
    return items[0] ?? fallback;
  }

  load(id: string): Promise<User>;
  load(ids: string[]): Promise<User[]>;
  @Retry()
  @Timeout(1_000)
  async load(id: string | string[]): Promise<User | User[]> {
    return typeof id === 'string' ? { id } : id.map((one) => ({ id: one }));
  }

  @Timeout(1_000)
  async own(this: Users, id: string) {
    return this.find(id);
  }

  @Timeout(1_000)
  either(id: string): Promise<User> | Promise<undefined> {
    return id ? this.find(id) : Promise.resolve(undefined);
  }

  @Timeout(1_000)
  static async all(): Promise<User[]> {
    return [];
  }

  @Timeout(1_000)
  async #secret(id: string) {
    return id;
  }

  @Timeout(1_000)
  private async hidden(id: string) {
    return this.#secret(id);
  }

  @Timeout(1_000)
  protected async shown(id: string) {
    return this.hidden(id);
  }

  @Retry()
  @Timeout(1_000)
  field = async (id: string): Promise<User> => ({ id });

  @Timeout(1_000)
  static readonly latest = async <T>(value: T) => value;

  @Bulkhead(5)
  @Timeout(1_000)
  async *stream(from: number): AsyncGenerator<User, string, boolean> {
    const more = yield { id: String(from) };
    return more ? 'more' : 'less';
  }

  @Timeout(1_000)
  async *inferred() {
    yield 1;
  }

  @Timeout(1_000)
  async *declaredAsIterator(): AsyncIterableIterator<User> {
    yield { id: '1' };
  }
}

export class Admins extends Users {
  @Timeout(500)
  override async find(id: string): Promise<User & { isAdmin: true }> {
    return { ...(await super.find(id)), isAdmin: true };
  }
}

export async function callSites(users: Users): Promise<void> {
  same<Same<Users['find'], (id: string) => Promise<User>>>();
  same<Same<Users['first'], <T>(items: readonly T[], fallback?: T, ..._rest: number[]) => Promise<T | undefined>>>();
  same<Same<Users['load'], { (id: string): Promise<User>; (ids: string[]): Promise<User[]> }>>();
  same<Same<Users['field'], (id: string) => Promise<User>>>();
  same<Same<Users['stream'], (from: number) => AsyncGenerator<User, string, boolean>>>();
  const one: User = await users.load('1');
  const many: User[] = await users.load(['1']);
  const number: number | undefined = await users.first([1, 2]);
  for await (const row of users.inferred()) console.log(row.toFixed(), one, many, number);
}

declare function overloaded(id: string): Promise<User>;
declare function overloaded(ids: string[]): Promise<User[]>;

export async function functions(): Promise<void> {
  const plain = guard(async (id: string, ..._times: number[]): Promise<User> => ({ id }), retry(), timeout(5));
  same<Same<typeof plain, (id: string, ..._times: number[]) => Promise<User>>>();

  const generic = guard(async <T extends object>(value: T) => [value], new OwnPolicy());
  same<Same<typeof generic, <T extends object>(value: T) => Promise<T[]>>>();

  const kept = guard(overloaded, timeout(5));
  same<Same<typeof kept, typeof overloaded>>();

  const withThis = guard(function (this: Users, id: string) {
    return this.find(id);
  }, timeout(5));
  same<Same<ThisParameterType<typeof withThis>, Users>>();

  const contextual: (id: string) => Promise<number> = guard(async (id) => id.length, timeout(5));
  const around = guard(Users.all, timeout(5));
  same<Same<typeof around, () => Promise<User[]>>>();

  const caller = new AbortController();
  const executed = await pipeline(retry(), timeout(5)).execute(async ({ signal, attempt }) => ({ signal, attempt }), {
    signal: caller.signal,
  });
  same<Same<typeof executed, { signal: AbortSignal; attempt: number }>>();
  const timed = await withTimeout(async ({ signal }) => fetch('https://example.com', { signal }), 5);
  same<Same<typeof timed, Response>>();
  const retried = await withRetry(() => 'sync is fine here', 3);
  same<Same<typeof retried, string>>();
  const signal: AbortSignal = currentSignal();
  const left: number = remainingTime();
  console.log(contextual, signal, left);
}

export function errors(error: HoldfastError): string {
  return `${error.code} ${error.policy}`;
}
