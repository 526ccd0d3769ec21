import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { LiveSet } from './live-set.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('a live set', () => {
  it('holds what somebody refers to, in the order it came', () => {
    const set = new LiveSet<{ id: number }>();
    const [a, b] = [{ id: 1 }, { id: 2 }];
    set.add(a);
    set.add(b);
    expect([...set]).toEqual([a, b]);
  });

  it('lets a value be taken out', () => {
    const set = new LiveSet<object>();
    const value = {};
    const remove = set.add(value);
    remove();
    remove();
    expect([...set]).toEqual([]);
  });

  it('keeps nothing alive', async () => {
    const set = new LiveSet<object>();
    const kept = {};
    set.add(kept);
    (() => {
      for (let i = 0; i < 1_000; i++) set.add({ i });
    })();
    // What was made in this turn stays until it ends.
    for (let i = 0; i < 10 && [...set].length > 1; i++) {
      await turn();
      collectGarbage();
    }
    expect([...set]).toEqual([kept]);
  });
});
