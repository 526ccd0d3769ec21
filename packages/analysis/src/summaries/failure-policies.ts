import type { Analysis } from '../analysis.js';
import { argumentsOf } from '../facts/file-facts.js';
import { unwrap } from '../resolver/unwrap.js';
import { origin } from './policy-settings.js';
import type { Policy, Region } from './regions.js';

type Tools = Pick<Analysis, 'ts' | 'scopes' | 'readOption' | 'regions'>;

/** Options that let a policy judge what the operation resolves to. */
const resultOptions = ['retryOnResult', 'classify', 'isFailure', 'isSuccess', 'until', 'shouldRetryResult'];

/** Whether a guard does something about failures, and so has to be told of them. */
export function learnsOfFailures({ policies, form }: Region): boolean {
  return form !== 'operator' && policies.some((policy) => actsOnFailure(policy));
}

function actsOnFailure({ kind }: Policy): boolean {
  return kind === 'retry' || kind === 'circuit-breaker' || kind === 'fallback';
}

/** Whether one of the policies looks at results too, or may do so out of sight. */
export function judgesResults({ policies }: Region, tools: Tools): boolean {
  const { readOption } = tools;
  return policies.filter(actsOnFailure).some((given) => {
    const policy = origin(given, tools);
    return (
      resultOptions.some((name) => readOption(policy.options, name).state !== 'absent') || handlesResults(policy, tools)
    );
  });
}

/** `retry(handleAll.orWhenResult(isError), …)` of cockatiel. */
function handlesResults({ node, module }: Policy, { ts, scopes }: Tools): boolean {
  if (module !== 'cockatiel' || (!ts.isCallExpression(node) && !ts.isNewExpression(node))) return false;
  return argumentsOf(node).some((argument) => {
    const expression = unwrap(ts, argument);
    const declaration = ts.isIdentifier(expression) ? scopes.find(expression.text, expression) : undefined;
    if (declaration && ts.isVariableDeclaration(declaration))
      return /Result/.test(declaration.initializer?.getText() ?? '');
    return /Result/.test(expression.getText());
  });
}
