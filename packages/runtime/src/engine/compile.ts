import { internalsOf, type Policy, type Runner } from '../policy.js';
import { Attempt, type Program } from './attempt.js';
import { RETRY, TIMEOUT, type Layer, type TimeoutLayer } from './layers.js';
import { TimedCall } from './timed-call.js';

/**
 * Compiles policies (outermost first) to one function. Neighbouring layers share one fused attempt: one object, one pass of
 * bookkeeping in and one out, whatever their number. A new attempt begins at each retry (which repeats what is inside it), at a
 * second layer of the same kind, and around policies that run other calls than just one.
 *
 * @param owner Names the decorated method; its operation must then return a promise.
 */
export function compile(policies: readonly Policy[], owner?: string): Runner {
  let runner: Runner | undefined;
  let layers: Layer[] = [];
  const close = (): Runner => (runner = layers.length > 0 || !runner ? attemptRunner(layers, runner, owner) : runner);
  for (const policy of flatten(policies).reverse()) {
    const parts = internalsOf(policy);
    if ('layer' in parts) {
      if (layers.some(({ kind }) => kind === parts.layer.kind || kind === RETRY)) {
        close();
        layers = [];
      }
      layers.unshift(parts.layer);
    } else if ('wrap' in parts) {
      runner = parts.wrap(close());
      layers = [];
    }
  }
  return close();
}

/** The policies of a pipeline in place of it. */
export function flatten(policies: readonly Policy[]): Policy[] {
  return policies.flatMap((policy) => {
    const parts = internalsOf(policy);
    return 'members' in parts ? flatten(parts.members) : [policy];
  });
}

function attemptRunner(layers: readonly Layer[], inner: Runner | undefined, owner: string | undefined): Runner {
  const retry = layers.find((layer) => layer.kind === RETRY);
  const gates = layers.filter((layer) => layer.kind !== RETRY);
  const timeoutIndex = gates.findIndex((layer) => layer.kind === TIMEOUT);
  const program: Program = {
    kinds: gates.map(({ kind }) => kind),
    layers: gates,
    retry: retry?.retrying,
    timeoutIndex,
    timeout: gates[timeoutIndex] as TimeoutLayer | undefined,
    inner,
    owner,
  };
  const { timeout } = program;
  if (layers.length === 1 && timeout?.isHard && timeout.fixed && !inner) {
    return (fn, self, args, parent) =>
      parent
        ? new Attempt(program, fn, self, args, parent, 1).run()
        : new TimedCall(timeout).run(fn, self, args, owner);
  }
  return (fn, self, args, parent) => new Attempt(program, fn, self, args, parent, 1).run();
}
