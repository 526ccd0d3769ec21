import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { guard, Retry, retry, Timeout } from '../index.js';

/** A decorator that stores on the method it sees, as those of NestJS do. */
const Store =
  (key: string, value: unknown) =>
  <F extends (...args: never[]) => unknown>(method: F, _context: ClassMethodDecoratorContext): void =>
    Reflect.defineMetadata(key, value, method);

describe('metadata of a method under standard decorators', () => {
  class Routes {
    @Store('above', 1)
    @Retry()
    @Store('between', 2)
    @Timeout(1_000)
    @Store('below', 3)
    async list() {
      return [];
    }

    @Store('above', 1)
    @Timeout(1_000)
    @Store('below', 3)
    async *stream() {
      yield 1;
    }
  }

  it('is seen from above and below', () => {
    const { list } = Routes.prototype;
    expect(['above', 'between', 'below'].map((key) => Reflect.getMetadata(key, list))).toEqual([1, 2, 3]);
  });

  it('is the own metadata of the method, wherever it was stored', () => {
    for (const method of [Routes.prototype.list, Routes.prototype.stream]) {
      expect(Reflect.getOwnMetadata('above', method)).toBe(1);
      expect(Reflect.getOwnMetadata('below', method)).toBe(3);
    }
  });

  it('is seen on a function under guard() as well', () => {
    const list = async () => [];
    Reflect.defineMetadata('below', 3, list);
    const guarded = guard(list, retry());
    expect(Reflect.getOwnMetadata('below', guarded)).toBe(3);
    Reflect.defineMetadata('above', 1, guarded);
    expect(Reflect.hasMetadata('above', list)).toBe(false);
  });
});
