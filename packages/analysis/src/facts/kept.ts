/** What is made once for two things, and forgotten with the first of them. */
export type Kept<First extends object, Second, T> = (first: First, second: Second, make: () => T) => T;

export function createKept<First extends object, Second, T>(): Kept<First, Second, T> {
  const store = new WeakMap<First, Map<Second, T>>();
  return (first, second, make) => {
    let made = store.get(first);
    if (!made) store.set(first, (made = new Map<Second, T>()));
    if (!made.has(second)) made.set(second, make());
    return made.get(second)!;
  };
}
