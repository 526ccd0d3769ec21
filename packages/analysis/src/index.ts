export { createAnalyzer } from './analyzer.js';
export type { Analyzer, AnalyzerOptions } from './analyzer.js';
export { defaultCatalogue } from './catalogue/catalogue.js';
export type {
  CallRow,
  Catalogue,
  CatalogueModule,
  CreateRow,
  DependencyKind,
  Effect,
  GuardRow,
  MethodSource,
} from './catalogue/catalogue.js';
export { ignoreMessages } from './checks/check.js';
export type { Check, FileSummary, Judgement, Preset } from './checks/check.js';
export { checks } from './checks/checks.js';
export { renderMessage } from './finding.js';
export type { Confidence, Evidence, Finding, Location } from './finding.js';
export type { OptionState, OutboundCall } from './outbound-call.js';
export { isOwnSource } from './source-files.js';
export type { TypeScript } from './typescript.js';
