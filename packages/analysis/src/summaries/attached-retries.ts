import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { CallLike } from '../facts/file-facts.js';
import type { Outbound } from '../outbound.js';
import { methodEffect } from '../resolver/operation.js';
import type { Policy, Region } from './regions.js';
import { policyCondition } from './retry-conditions.js';

/** A retry that was put on a client, and holds for all its calls: `axiosRetry(client, { retries: 3 })`. */
export interface AttachedRetry {
  readonly call: CallLike;
  readonly region: Region;
  readonly policy: Policy;
  /** Calls of every method, or only those that may be repeated. */
  readonly repeats: 'all' | 'idempotent';
}

type Tools = Pick<
  Analysis,
  'ts' | 'facts' | 'scopes' | 'regions' | 'readOption' | 'reachable' | 'meanings' | 'clients' | 'ownFiles'
>;

export function attachedRetries(file: ts.SourceFile, tools: Tools): readonly AttachedRetry[] {
  return tools.facts(file).calls.flatMap((call) => {
    const region = tools.regions.at(call);
    const policy = region?.form === 'attaches' ? region.policies.find(({ kind }) => kind === 'retry') : undefined;
    if (!region || !policy) return [];
    const given = policyCondition(policy, tools);
    return [{ call, region, policy, repeats: given && !looksAtMethod(given) ? 'all' : 'idempotent' }];
  });
}

function looksAtMethod({ given, condition }: NonNullable<ReturnType<typeof policyCondition>>): boolean {
  return /method|isSafeRequestError|isIdempotentRequestError|isNetworkOrIdempotentRequestError/.test(
    `${given.getText()} ${condition?.getText() ?? ''}`,
  );
}

/** Whether a call goes through the client that a retry was put on. */
export function goesThrough({ target }: Outbound, { operation }: Region, tools: Tools): 'sure' | 'likely' | undefined {
  const { meanings, clients } = tools;
  const guarded = meanings.of(operation);
  if (!guarded || !('module' in guarded) || guarded.module !== target.module) return undefined;
  const own = clients.creationOf(target);
  const creation = guarded.kind === 'instance' ? guarded.creation : undefined;
  if (creation) return own === creation ? 'sure' : undefined;
  const isPackage = guarded.kind !== 'instance' || guarded.type === 'AxiosStatic';
  // What is put on the package itself holds for calls of the package; an instance that is handed in may be any.
  if (isPackage) return own ? undefined : 'sure';
  return own ? 'sure' : 'likely';
}

const everywhere = new WeakMap<object, readonly AttachedRetry[]>();

/** The retry that was put on the client that a call goes through. */
export function attachedTo(outbound: Outbound, tools: Tools): AttachedRetry | undefined {
  let all = everywhere.get(tools.ownFiles);
  if (!all) everywhere.set(tools.ownFiles, (all = tools.ownFiles().flatMap((file) => attachedRetries(file, tools))));
  const { method } = outbound.operation;
  const effect = method === undefined ? 'unknown' : methodEffect(method);
  return all.find(
    ({ region, repeats }) =>
      (repeats === 'all' || effect === 'read' || effect === 'idempotent-write') &&
      goesThrough(outbound, region, tools) === 'sure',
  );
}
