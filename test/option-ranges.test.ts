import { createAnalyzer } from '@holdfast/analysis';
import * as runtime from '@holdfast/runtime';
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

type Value = number | string | boolean | undefined;
type Options = Readonly<Record<string, Value>>;

/** Each factory, the option that may stand alone in place of all, and options that it needs in any case. */
const factories: Readonly<Record<string, { scalar: string; needs: Options }>> = {
  circuitBreaker: { scalar: 'failureThreshold', needs: {} },
  retry: { scalar: 'maxAttempts', needs: {} },
  timeout: { scalar: 'duration', needs: { duration: 1_000 } },
  bulkhead: { scalar: 'maxConcurrent', needs: { maxConcurrent: 2 } },
  rateLimit: { scalar: 'limit', needs: { limit: 10 } },
  cached: { scalar: 'ttl', needs: { ttl: 1_000 } },
  hedge: { scalar: 'delay', needs: { delay: 100 } },
};

const numbers = [
  ...[-Infinity, -1, -Number.MIN_VALUE, -0, 0, Number.MIN_VALUE, 0.5, 1 - 2 ** -53, 1, 1 + 2 ** -52, 1.5, 2, 3],
  ...[999, 1_000, 1_001, 29_999, 30_000, 30_001, 59_999, 60_000, 60_001, 600_000, 2 ** 31, 2 ** 32],
  ...[2 ** 53 - 1, 2 ** 53, Number.MAX_VALUE, Infinity, NaN],
];
const words = [
  ...['', ' ', 'x', 'open', 'closed', 'exponential', 'linear', 'constant', 'fibonacci', 'full', 'equal'],
  ...['decorrelated', 'hard', 'cooperative', 'fifo', 'lifo', 'token-bucket', 'sliding-window', 'class', 'instance'],
  ...['FULL', '1', 'constructor', '__proto__'],
];
const values: readonly Value[] = [...numbers, ...words, true, false];

/** The options that the runtime knows, in the words in which it refuses another. */
function optionsOf(factory: string): string[] {
  const message = refusalOf(factory, { 'no such option': 1 });
  const names = /Allowed: (.*)$/.exec(message!)![1]!.split(', ');
  expect(names.length).toBeGreaterThan(3);
  return names;
}

/** What the runtime throws when it is given the options, or `undefined`. */
function refusalOf(factory: string, options: Options | Value): string | undefined {
  try {
    (runtime as unknown as Record<string, (options: unknown) => unknown>)[factory]!(options);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function code(value: Value): string {
  return typeof value === 'string' ? JSON.stringify(value) : Object.is(value, -0) ? '-0' : String(value);
}

function show(options: Options | Value): string {
  if (typeof options !== 'object') return code(options);
  return `{ ${Object.entries(options)
    .map(([name, value]) => `${JSON.stringify(name)}: ${code(value)}`)
    .join(', ')} }`;
}

/** What the rule says of each of many calls. */
function verdictsOn(factory: string, given: readonly (Options | Value)[]): (string | undefined)[] {
  const calls = given.map((options) => `${factory}(${show(options)});\n`).join('');
  const text = `import { ${factory} } from '@holdfast/runtime'; // eslint-disable-line\n${calls}`;
  const onError = (error: unknown): never => {
    throw error;
  };
  const analyzer = createAnalyzer({ ts, rules: ['valid-policy-options'], preset: 'strict', onError });
  const verdicts: (string | undefined)[] = given.map(() => undefined);
  for (const finding of analyzer.analyze(ts.createSourceFile('/app/a.ts', text, ts.ScriptTarget.Latest, true))) {
    if (finding.messageId === 'refused') verdicts[finding.line - 2] = finding.data['fault'];
  }
  return verdicts;
}

describe.each(Object.entries(factories))('valid-policy-options and %s', (factory, { scalar, needs }) => {
  it.each(optionsOf(factory))('agree on %s, in the same words', (option) => {
    const given = values.map((value) => ({ ...needs, [option]: value }));
    expect(verdictsOn(factory, given).map((verdict, index) => [show(given[index]), verdict])).toEqual(
      given.map((options) => [show(options), refusalOf(factory, options)]),
    );
  });

  it('agree on the option that stands alone', () => {
    expect(optionsOf(factory)).toContain(scalar);
    expect(verdictsOn(factory, numbers).map((verdict, index) => [numbers[index], verdict !== undefined])).toEqual(
      numbers.map((value) => [value, refusalOf(factory, value) !== undefined]),
    );
  });

  it('agree on whether options go together', () => {
    const names = optionsOf(factory);
    const numbers = fc.dictionary(
      fc.constantFrom(...names),
      fc.constantFrom<Value>(undefined, 1, 2, 0.5, 5_000, 90_000),
      { maxKeys: 5 },
    );
    const words = fc.record(
      { algorithm: fc.constantFrom('token-bucket', 'sliding-window'), scope: fc.constantFrom('class', 'instance') },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(numbers, words, (numbers, words) => {
        const options: Record<string, Value> = { ...numbers, ...words };
        for (const name of Object.keys(options)) if (!names.includes(name)) delete options[name];
        // What is missing altogether is left to the types.
        for (const [name, value] of Object.entries(needs)) options[name] ??= value;
        const [verdict] = verdictsOn(factory, [options]);
        expect([show(options), verdict !== undefined]).toEqual([
          show(options),
          refusalOf(factory, options) !== undefined,
        ]);
      }),
      { numRuns: 300 },
    );
  });
});
