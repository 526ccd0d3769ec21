import { guardFunction } from '../guarded-function.js';
import { show } from '../options.js';
import { isPolicy, type Callable, type Policy } from '../policy.js';
import { guardGenerator, isAsyncGeneratorFunction } from './async-generator.js';

/** A method that can be decorated: it returns a promise, or is an async generator (declared as one, or as the iterator it is). */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any method with such a result
export type AsyncMethod = (this: any, ...args: any[]) => Promise<any> | AsyncIterableIterator<any>;

/**
 * A decorator for both of TypeScript's forms: standard (methods, and fields that hold a function) and `experimentalDecorators` (methods).
 * Not for getters, setters, accessors, classes and parameters.
 */
export interface PolicyDecorator {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the class is of no matter
  <F extends AsyncMethod>(method: F, context: ClassMethodDecoratorContext<any, F>): F;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the class is of no matter
  <F extends AsyncMethod>(value: undefined, context: ClassFieldDecoratorContext<any, F>): (initial: F) => F;
  <F extends AsyncMethod>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): TypedPropertyDescriptor<F>;
}

/** Makes the policies for one decorated method, whose name it is told. */
export type PoliciesFor = (owner: string) => readonly Policy[];

/**
 * The one bridge from policies to methods, whatever the form of decorators.
 *
 * @param label How messages call the decorator, for instance `@Timeout`.
 * @throws {TypeError} When it is put on something other than an async method.
 */
export function decorate(label: string, policiesFor: PoliciesFor): PolicyDecorator {
  const decorator = (...args: readonly unknown[]): unknown => {
    const [first, second, third] = args;
    if (isStandardContext(second)) return standard(label, policiesFor, first, second);
    if (typeof second === 'string' || typeof second === 'symbol')
      return legacy(label, policiesFor, first as object, second, third);
    if (isStandardContext(first))
      throw new TypeError(`${label}: this looks like Babel's 2018-09 decorators; use version "2023-11" or "legacy"`);
    if (typeof third === 'number')
      throw new TypeError(`${label} cannot decorate a parameter of the constructor of ${(first as Callable).name}`);
    throw new TypeError(
      `${label} decorates methods, got ${typeof first === 'function' && args.length === 1 ? `the class ${first.name}` : show(first)}`,
    );
  };
  return decorator as PolicyDecorator;
}

/** @throws {TypeError} When what makes a decorator is used as one: its second argument is then no option. */
export function assertCalled(label: string, second: unknown): void {
  const isContext = isStandardContext(second) && !isPolicy(second);
  if (isContext || typeof second === 'string' || typeof second === 'symbol')
    throw new TypeError(`${label} must be called: write ${label}(…) rather than ${label}`);
}

interface StandardContext {
  kind: string;
  name: string | symbol;
}

function isStandardContext(value: unknown): value is StandardContext {
  return typeof value === 'object' && value !== null && typeof (value as StandardContext).kind === 'string';
}

function standard(label: string, policiesFor: PoliciesFor, value: unknown, { kind, name }: StandardContext): unknown {
  const owner = String(name);
  if (kind === 'method') return guardMethod(label, policiesFor, value, owner);
  if (kind !== 'field')
    throw new TypeError(
      `${label} cannot decorate the ${kind} ${owner}: only async methods, and fields that hold an async function`,
    );
  return fieldInitializer(label, policiesFor, name);
}

/** What the decorators of one field of one object have made of its function so far. */
interface DecoratedField {
  receiver: unknown;
  name: string | symbol;
  initial: unknown;
  /** The later a decorator was applied, the further out it is written. */
  layers: readonly { appliedAs: number; policies: readonly Policy[] }[];
}

const decoratedFields = new WeakMap<Callable, DecoratedField>();
let applications = 0;

/**
 * Guards the function that a field begins with. Decorators are applied from the inside out, but most compilers (as the proposal now
 * says) run the initializers they return from the outside in: so each puts its policies in the place where it is written.
 */
function fieldInitializer(label: string, policiesFor: PoliciesFor, name: string | symbol) {
  const owner = String(name);
  const appliedAs = applications++;
  // Every object has a function of its own in the field; they share the policies, as methods do.
  let policies: readonly Policy[] | undefined;
  return function (this: unknown, value: unknown): Callable {
    policies ??= policiesFor(owner);
    const before = decoratedFields.get(value as Callable);
    const isSameField = before?.receiver === this && before?.name === name;
    const initial = isSameField ? before.initial : value;
    const layers = [...(isSameField ? before.layers : []), { appliedAs, policies }];
    layers.sort((a, b) => b.appliedAs - a.appliedAs);
    const guarded = guardMethod(label, () => layers.flatMap((layer) => layer.policies), initial, owner);
    decoratedFields.set(guarded, { receiver: this, name, initial, layers });
    return guarded;
  };
}

function legacy(
  label: string,
  policiesFor: PoliciesFor,
  target: object,
  key: string | symbol,
  third: unknown,
): PropertyDescriptor {
  const className = typeof target === 'function' ? target.name : target.constructor.name;
  const owner = `${className}.${String(key)}`;
  if (typeof third === 'number') throw new TypeError(`${label} cannot decorate a parameter of ${owner}`);
  const descriptor = third as PropertyDescriptor | undefined;
  // Babel's descriptor of a field has an initializer in place of the value.
  if (!descriptor || 'initializer' in descriptor) {
    throw new TypeError(
      `${label} cannot see the value of the field ${owner} under experimentalDecorators: wrap the function with guard() instead`,
    );
  }
  if (descriptor.get || descriptor.set)
    throw new TypeError(`${label} cannot decorate the accessor ${owner}: only async methods`);
  refuseDeclaredType(label, owner, target, key);
  return { ...descriptor, value: guardMethod(label, policiesFor, descriptor.value, owner) };
}

function guardMethod(label: string, policiesFor: PoliciesFor, fn: unknown, owner: string): Callable {
  if (typeof fn !== 'function') throw new TypeError(`${label} decorates functions, but ${owner} holds ${show(fn)}`);
  if (Object.prototype.toString.call(fn) === '[object GeneratorFunction]') {
    throw new TypeError(`${label} cannot decorate the generator ${owner}: only async methods and async generators`);
  }
  if (isAsyncGeneratorFunction(fn)) return guardGenerator(label, fn as Callable, policiesFor(owner), owner);
  return guardFunction(fn as Callable, policiesFor(owner), owner);
}

/** With `emitDecoratorMetadata` the declared result type is known: what cannot be a promise is refused before the first call. */
function refuseDeclaredType(label: string, owner: string, target: object, key: string | symbol): void {
  const { hasOwnMetadata, getOwnMetadata } = Reflect as {
    hasOwnMetadata?(key: string, target: object, property: string | symbol): boolean;
    getOwnMetadata?(key: string, target: object, property: string | symbol): unknown;
  };
  if (!hasOwnMetadata?.('design:returntype', target, key)) return;
  const type = getOwnMetadata!('design:returntype', target, key);
  if ([String, Number, Boolean, BigInt, Array, Function, Symbol].includes(type as never)) {
    throw new TypeError(
      `${label} cannot decorate ${owner}: it returns ${(type as { name: string }).name}, and only a method that returns a promise can be decorated`,
    );
  }
}
