import type { CheckerPort } from './checker-port.js';
import type { DeclaringPackage } from './declaring-package.js';
import type { ModuleGraph } from './module-graph.js';

/** What only a program can answer. Without one, the analysis works from imports. */
export interface TypedResolution {
  readonly checker: CheckerPort;
  readonly graph: ModuleGraph;
  readonly packageOf: DeclaringPackage;
}
