/** How often the columns are gone through, there and back. */
const sweeps = 12;

/**
 * Orders the members of columns so that lines between neighbouring columns cross seldom: each goes where its neighbours are, on average.
 *
 * @see Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures"
 */
export function reduceCrossings<T>(
  columns: T[][],
  before: (member: T) => readonly T[],
  after: (member: T) => readonly T[],
): T[][] {
  let best = columns.map((column) => [...column]);
  let fewest = crossings(best, after);
  const current = best.map((column) => [...column]);
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep += 1) {
    const isForward = sweep % 2 === 0;
    const indices = current.map((_, index) => (isForward ? index : current.length - 1 - index)).slice(1);
    for (const index of indices) {
      const fixed = new Map(current[index + (isForward ? -1 : 1)]!.map((member, position) => [member, position]));
      const neighbours = isForward ? before : after;
      const wanted = new Map(
        current[index]!.map((member, position) => {
          const places = neighbours(member).flatMap((neighbour) => fixed.get(neighbour) ?? []);
          // Who has none stays about where it is.
          const share = fixed.size / current[index]!.length;
          return [member, places.length > 0 ? mean(places) : position * share];
        }),
      );
      current[index]!.sort((a, b) => wanted.get(a)! - wanted.get(b)!);
    }
    const count = crossings(current, after);
    if (count >= fewest) continue;
    fewest = count;
    best = current.map((column) => [...column]);
  }
  return best;
}

/** Counted with a binary indexed tree: a service of hundreds of functions has many thousand pairs of lines. */
function crossings<T>(columns: readonly (readonly T[])[], after: (member: T) => readonly T[]): number {
  let count = 0;
  for (const [index, column] of columns.entries()) {
    const next = new Map(columns[index + 1]?.map((member, position) => [member, position]));
    const tree = new Array<number>(next.size + 1).fill(0);
    let drawn = 0;
    for (const member of column) {
      const ends = after(member).flatMap((neighbour) => next.get(neighbour) ?? []);
      for (const end of ends) {
        let above = 0;
        for (let at = end + 1; at > 0; at -= at & -at) above += tree[at]!;
        count += drawn - above;
      }
      for (const end of ends) {
        for (let at = end + 1; at < tree.length; at += at & -at) tree[at]! += 1;
        drawn += 1;
      }
    }
  }
  return count;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Places things one below the other, each as near as can be to where it would like to be, with `gaps[i]` between the one before and it.
 *
 * @see Best and Chakravarti, "Active set algorithms for isotonic regression"
 */
export function placeApart(wishes: readonly number[], gaps: readonly number[]): number[] {
  // With the gaps taken out, places only have to be in order: neighbours that would be in each other's way share one place.
  let offset = 0;
  const offsets = wishes.map((_, index) => (offset += index === 0 ? 0 : gaps[index]!));
  const blocks: { sum: number; size: number }[] = [];
  for (const [index, wish] of wishes.entries()) {
    let block = { sum: wish - offsets[index]!, size: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.size >= block.sum / block.size; last = blocks.at(-1)) {
      blocks.pop();
      block = { sum: last.sum + block.sum, size: last.size + block.size };
    }
    blocks.push(block);
  }
  const places = blocks.flatMap(({ sum, size }) => new Array<number>(size).fill(sum / size));
  return places.map((place, index) => place + offsets[index]!);
}
