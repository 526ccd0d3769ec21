import { isPolicy, type BuiltInPolicy } from '../policy.js';
import { assertCalled, decorate, type PolicyDecorator } from './decorate.js';

/**
 * A decorator over a policy's factory. Decides nothing: options become a policy per decorated method, named after it unless they name it
 * themselves; an existing policy is shared.
 *
 * @param scalarKey The option that may be given alone.
 */
export function policyDecorator(
  label: string,
  factory: (options: never) => BuiltInPolicy,
  scalarKey: string,
): (...given: unknown[]) => PolicyDecorator {
  const make = factory as (options: object) => BuiltInPolicy;
  return (given = {}, ...rest) => {
    assertCalled(label, rest[0]);
    if (isPolicy(given)) return decorate(label, () => [given]);
    const options: { name?: string } = typeof given === 'object' && given !== null ? given : { [scalarKey]: given };
    // Made at once, so that bad options fail where they are written.
    const first = make(options);
    if (options.name !== undefined) return decorate(label, () => [first]);
    first[Symbol.dispose]();
    return decorate(label, (owner) => [make({ ...options, name: owner })]);
  };
}
