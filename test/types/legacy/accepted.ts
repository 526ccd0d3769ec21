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
  RateLimit,
  retry,
  Retry,
  timeout,
  Timeout,
} from '@holdfast/runtime';

/** True only for one and the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<_Answer extends true>(): void;

declare const Get: (path: string) => MethodDecorator;

class User {
  id = '1';
}

export class Users {
  @Get('above')
  @Fallback({ value: new User() })
  @Cached({ ttl: 1_000 })
  @Idempotent()
  @Retry(3)
  @Hedge(50)
  @CircuitBreaker({ failureThreshold: 3 })
  @Get('between')
  @RateLimit(5)
  @Bulkhead(bulkhead(5))
  @Timeout(1_000)
  @Guard(retry(), timeout(1_000))
  @Get('below')
  async find(_id: string): Promise<User> {
    return new User();
  }

  @Timeout(1_000)
  async first<T>(items: readonly T[]): Promise<T | undefined> {
    return items[0];
  }

  load(id: string): Promise<User>;
  load(ids: string[]): Promise<User[]>;
  @Timeout(1_000)
  async load(id: string | string[]): Promise<User | User[]> {
    return typeof id === 'string' ? new User() : id.map(() => new User());
  }

  @Timeout(1_000)
  async own(this: Users) {
    return this.hidden();
  }

  @Timeout(1_000)
  static async all(): Promise<User[]> {
    return [];
  }

  @Timeout(1_000)
  private async hidden() {}

  @Timeout(1_000)
  protected async shown() {}

  @Timeout(1_000)
  async *stream(): AsyncGenerator<User, string, boolean> {
    const more = yield new User();
    return more ? 'more' : 'less';
  }

  @Timeout(1_000)
  async *declaredAsIterator(): AsyncIterableIterator<User> {
    yield new User();
  }

  field = guard(async (_id: string): Promise<User> => new User(), timeout(1_000));
}

export class Admins extends Users {
  @Timeout(500)
  override async find(id: string): Promise<User & { isAdmin: true }> {
    return { ...(await super.find(id)), isAdmin: true };
  }
}

export async function callSites(users: Users): Promise<void> {
  same<Same<Users['find'], (_id: string) => Promise<User>>>();
  same<Same<Users['first'], <T>(items: readonly T[]) => Promise<T | undefined>>>();
  same<Same<Users['load'], { (id: string): Promise<User>; (ids: string[]): Promise<User[]> }>>();
  same<Same<Users['field'], (_id: string) => Promise<User>>>();
  same<Same<Users['stream'], () => AsyncGenerator<User, string, boolean>>>();
  const one: User = await users.load('1');
  const many: User[] = await users.load(['1']);
  for await (const user of users.declaredAsIterator()) console.log(user.id, one, many);
}
