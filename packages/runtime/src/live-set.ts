/** Objects that are in it for as long as somebody else refers to them. Nothing in it is scanned to keep it small. */
export class LiveSet<T extends object> implements Iterable<T> {
  private readonly references = new Set<WeakRef<T>>();
  private readonly collected = new FinalizationRegistry<WeakRef<T>>((reference) => this.references.delete(reference));

  /** Returns how to take the value out before it is collected. */
  add(value: T): () => void {
    const reference = new WeakRef(value);
    this.references.add(reference);
    this.collected.register(value, reference, reference);
    return () => {
      this.references.delete(reference);
      this.collected.unregister(reference);
    };
  }

  *[Symbol.iterator](): Generator<T, void> {
    for (const reference of this.references) {
      const value = reference.deref();
      if (value !== undefined) yield value;
    }
  }
}
