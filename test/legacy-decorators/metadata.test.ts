import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { CircuitBreaker, Retry, Timeout } from '../../packages/runtime/src/index.js';

/** Stores on the function, as the route and guard decorators of NestJS do. */
const StoreOnMethod =
  (key: string, value: unknown): MethodDecorator =>
  (_target, _key, descriptor) => {
    Reflect.defineMetadata(key, value, descriptor.value as object);
    return descriptor;
  };

/** Stores beside the property, as those for documentation do. */
const StoreOnProperty =
  (key: string, value: unknown): MethodDecorator =>
  (target, property) =>
    Reflect.defineMetadata(key, value, target, property);

class Order {}

class Routes {
  @StoreOnMethod('above', 1)
  @StoreOnProperty('beside', 'x')
  @Retry()
  @StoreOnMethod('between', 2)
  @CircuitBreaker()
  @Timeout(1_000)
  @StoreOnMethod('below', 3)
  async list(_page: number, _order: Order): Promise<string[]> {
    return [];
  }

  @StoreOnMethod('above', 1)
  @Timeout(1_000)
  @StoreOnMethod('below', 3)
  async *stream() {
    yield 1;
  }

  @Retry()
  @StoreOnMethod('roles', ['reader'])
  async read() {}

  @Retry()
  @StoreOnMethod('roles', ['admin'])
  async write() {}
}

describe('metadata under experimentalDecorators', () => {
  const { list, stream, read, write } = Routes.prototype;

  it('is seen from above and below', () => {
    expect(['above', 'between', 'below'].map((key) => Reflect.getMetadata(key, list))).toEqual([1, 2, 3]);
    expect(['above', 'below'].map((key) => Reflect.getMetadata(key, stream))).toEqual([1, 3]);
  });

  it('is own metadata, for code that looks no further', () => {
    expect(['above', 'between', 'below'].map((key) => Reflect.getOwnMetadata(key, list))).toEqual([1, 2, 3]);
    expect(Reflect.getOwnMetadataKeys(list).sort()).toEqual(['above', 'below', 'between']);
    expect(['above', 'below'].map((key) => Reflect.getOwnMetadata(key, stream))).toEqual([1, 3]);
  });

  it('does not leak from one method to another', () => {
    expect(Reflect.getMetadata('roles', read)).toEqual(['reader']);
    expect(Reflect.getMetadata('roles', write)).toEqual(['admin']);
    expect(Reflect.hasMetadata('roles', list)).toBe(false);
  });

  it('beside the property stays where it is, with the types the compiler emitted', () => {
    expect(Reflect.getMetadata('beside', Routes.prototype, 'list')).toBe('x');
    expect(Reflect.getMetadata('design:paramtypes', Routes.prototype, 'list')).toEqual([Number, Order]);
    expect(Reflect.getMetadata('design:returntype', Routes.prototype, 'list')).toBe(Promise);
  });
});
