import type { CatalogueModule, GuardRow, PolicyKind } from '../catalogue.js';

function operators(names: Readonly<Record<string, PolicyKind>>, namespace?: string): GuardRow[] {
  return Object.entries(names).flatMap(([name, kind]): GuardRow[] => {
    const row = { policies: [kind], form: 'operator', options: 0 } as const;
    const own: GuardRow = { export: name, name, ...row };
    return namespace === undefined
      ? [own]
      : [own, { export: namespace, member: name, name: `${namespace}.${name}`, ...row }];
  });
}

export const rxjs: CatalogueModule = {
  module: 'rxjs',
  docs: 'https://rxjs.dev/guide/operators#error-handling-operators',
  guards: [
    ...operators({ timeout: 'timeout', timeoutWith: 'timeout', retryWhen: 'retry' }),
    // Without a count it never stops.
    { export: 'retry', name: 'retry', policies: ['retry'], form: 'operator', options: 0, attempts: 'count' },
  ],
};

export const effect: CatalogueModule = {
  module: 'effect',
  docs: 'https://effect.website/docs/error-management/timing-out/',
  guards: operators(
    {
      timeout: 'timeout',
      timeoutFail: 'timeout',
      timeoutFailCause: 'timeout',
      timeoutTo: 'timeout',
      timeoutOption: 'timeout',
      retry: 'retry',
      retryOrElse: 'retry',
    },
    'Effect',
  ),
};
