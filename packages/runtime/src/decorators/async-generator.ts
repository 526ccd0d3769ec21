import { shared } from '../engine/ambient.js';
import { compile, flatten } from '../engine/compile.js';
import { RETRY, TIMEOUT } from '../engine/layers.js';
import { ContextWith, type ParentContext } from '../engine/operation-context.js';
import { disguise, stack } from '../guarded-function.js';
import { internalsOf, type Callable, type Policy, type Runner } from '../policy.js';

export function isAsyncGeneratorFunction(fn: unknown): boolean {
  return Object.prototype.toString.call(fn) === '[object AsyncGeneratorFunction]';
}

/**
 * An async generator under the policies. A timeout bounds each item. A permit is held, and a breaker waits for the outcome, from the first item
 * to the end of the iteration. A retry starts the generator anew, but only until the first item has been handed out.
 *
 * @throws {TypeError} For policies that would have to repeat or replace a stream: cached, hedge, fallback, chaos.
 */
export function guardGenerator(label: string, fn: Callable, policies: readonly Policy[], owner: string): Callable {
  const origin = stack(fn, policies);
  const all = flatten(origin.policies);
  for (const policy of all) {
    if (!('layer' in internalsOf(policy)))
      throw new TypeError(
        `${label} cannot decorate the async generator ${owner}: a ${policy.kind} policy cannot run a stream`,
      );
  }
  const kindOf = (policy: Policy): number => (internalsOf(policy) as { layer: { kind: number } }).layer.kind;
  const perItem = all.filter((policy) => kindOf(policy) === TIMEOUT);
  const whole = all.filter((policy) => kindOf(policy) !== TIMEOUT);
  const retries = whole.filter((policy) => kindOf(policy) === RETRY);
  const runners: Runners = {
    item: compile(perItem),
    whole: compile(whole.filter((policy) => kindOf(policy) !== RETRY)),
    retry: retries.length > 0 ? compile(retries) : undefined,
  };
  const guarded = function (this: unknown, ...args: unknown[]): AsyncGenerator {
    return new GuardedIteration(runners, origin.fn, this, args);
  };
  return disguise(guarded, fn, origin);
}

interface Runners {
  item: Runner;
  /** Around one whole iteration. */
  whole: Runner;
  /** Around the opening: until the first item is there. */
  retry: Runner | undefined;
}

/** One iteration that is under way: its generator, and how to end the operation that spans it. */
interface Opened {
  generator: AsyncGenerator;
  context: ParentContext | undefined;
  first: IteratorResult<unknown>;
  finish(error?: { error: unknown }): void;
}

class GuardedIteration implements AsyncGenerator {
  private readonly runners: Runners;
  private readonly fn: Callable;
  private readonly self: unknown;
  private readonly args: unknown[];
  private readonly parent: ParentContext | undefined = shared.ambient?.current();
  private opened: Opened | undefined;
  private isDone = false;
  /** Requests run one after the other, as a generator's do. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(runners: Runners, fn: Callable, self: unknown, args: unknown[]) {
    this.runners = runners;
    this.fn = fn;
    this.self = self;
    this.args = args;
  }

  next(value?: unknown): Promise<IteratorResult<unknown>> {
    return this.enqueue(async () => {
      if (this.isDone) return { done: true, value: undefined };
      if (!this.opened) {
        try {
          this.opened = await this.start();
        } catch (error) {
          this.isDone = true;
          throw error;
        }
        return this.passOn(this.opened.first);
      }
      return this.step((generator) => generator.next(value));
    });
  }

  return(value?: unknown): Promise<IteratorResult<unknown>> {
    return this.enqueue(async () => {
      if (!this.opened || this.isDone) {
        this.isDone = true;
        return { done: true, value: await value };
      }
      return this.step((generator) => generator.return(value));
    });
  }

  throw(error: unknown): Promise<IteratorResult<unknown>> {
    return this.enqueue(async () => {
      if (!this.opened || this.isDone) {
        this.isDone = true;
        throw error;
      }
      return this.step((generator) => generator.throw(error));
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  get [Symbol.toStringTag](): string {
    return 'AsyncGenerator';
  }

  private start(): Promise<Opened> {
    const { retry } = this.runners;
    if (!retry) return this.open(this.parent);
    let attempt = 0;
    const next = (): Promise<Opened> => this.open(new ContextWith(this.parent, { attempt: ++attempt }));
    return retry(next, this.self, this.args, this.parent) as Promise<Opened>;
  }

  /** Starts the generator and the operation that lasts until it ends; settles with the first item. */
  private open(context: ParentContext | undefined): Promise<Opened> {
    return new Promise<Opened>((resolve, reject) => {
      const span = async (): Promise<void> => {
        const generator = this.fn.apply(this.self, this.args) as AsyncGenerator;
        // A failure of the first item is a failure of the span: the breaker sees it, and the retry around both.
        const first = await this.item(generator, context, () => generator.next());
        await new Promise<void>((end, fail) => {
          const finish = (failure?: { error: unknown }): void => (failure ? fail(failure.error) : end());
          resolve({ generator, context, first, finish });
        });
      };
      this.runners.whole(span, this.self, this.args, context).catch(reject);
    });
  }

  private async step(
    request: (generator: AsyncGenerator) => Promise<IteratorResult<unknown>>,
  ): Promise<IteratorResult<unknown>> {
    const { generator, context, finish } = this.opened!;
    try {
      return this.passOn(await this.item(generator, context, () => request(generator)));
    } catch (error) {
      this.isDone = true;
      finish({ error });
      throw error;
    }
  }

  private async item(
    generator: AsyncGenerator,
    context: ParentContext | undefined,
    request: () => Promise<IteratorResult<unknown>>,
  ): Promise<IteratorResult<unknown>> {
    try {
      return (await this.runners.item(request, this.self, this.args, context)) as IteratorResult<unknown>;
    } catch (error) {
      // It may wait for something that will never come: tell it to end, but do not wait for that.
      generator.return(undefined).catch(() => {});
      throw error;
    }
  }

  private passOn(result: IteratorResult<unknown>): IteratorResult<unknown> {
    if (result.done) {
      this.isDone = true;
      this.opened!.finish();
    }
    return result;
  }

  private enqueue(request: () => Promise<IteratorResult<unknown>>): Promise<IteratorResult<unknown>> {
    const result = this.queue.then(request);
    this.queue = result.catch(() => {});
    return result;
  }
}
