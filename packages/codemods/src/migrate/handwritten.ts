import { ts } from 'ts-morph';
import { handwrittenRetries } from './handwritten-retry.js';
import { handwrittenTimeouts } from './handwritten-timeout.js';
import type { Migration, Site } from './migration.js';

/** Retry loops become `withRetry`, races against a timer become `withTimeout`. */
export const handwritten: Migration = {
  packages: ['timers/promises', 'node:timers/promises'],
  sites(around) {
    const sites: Site[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isIterationStatement(node, false)) sites.push(...handwrittenRetries(node, around));
      if (ts.isCallExpression(node)) sites.push(...handwrittenTimeouts(node, around));
      ts.forEachChild(node, visit);
    };
    visit(around.file);
    return sites;
  },
};
