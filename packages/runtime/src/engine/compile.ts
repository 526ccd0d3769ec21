import { internalsOf, type Policy, type Runner } from '../policy.js';
import { Attempt, type Program } from './attempt.js';
import { BREAKER, BULKHEAD, RATE_LIMIT, RETRY, TIMEOUT, type Layer } from './layers.js';
import { permittedRunner } from './permitted-call.js';
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
  const of = <K extends Layer['kind']>(kind: K): Extract<Layer, { kind: K }> | undefined =>
    layers.find((layer): layer is Extract<Layer, { kind: K }> => layer.kind === kind);
  const kinds = layers.map(({ kind }) => kind).filter((kind) => kind !== RETRY);
  const breaker = of(BREAKER);
  const timeout = of(TIMEOUT);
  const program: Program = {
    kinds,
    retry: of(RETRY)?.retrying,
    breaker,
    circuit: breaker?.circuit,
    limiter: of(RATE_LIMIT)?.limiter,
    permits: of(BULKHEAD)?.permits,
    timeout,
    timeoutIndex: kinds.indexOf(TIMEOUT),
    inner,
    owner,
  };
  const attempt: Runner = (fn, self, args, parent) => new Attempt(program, fn, self, args, parent, 1).run();
  // A single policy needs less than an attempt has.
  if (layers.length !== 1 || inner) return attempt;
  if (program.permits) return program.permits.isWeighted ? attempt : permittedRunner(program.permits, attempt, owner);
  if (!timeout?.isHard || !timeout.fixed) return attempt;
  return (fn, self, args, parent) =>
    parent ? attempt(fn, self, args, parent) : new TimedCall(timeout).run(fn, self, args, owner);
}
