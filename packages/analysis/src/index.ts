export { createAnalyzer } from './analyzer.js';
export type { Analyzer, AnalyzerOptions } from './analyzer.js';
export type {
  Catalogue,
  CatalogueModule,
  ClientRow,
  DependencyKind,
  Effect,
  EffectSource,
  GuardForm,
  GuardRow,
  MemberRow,
  PolicyKind,
  TypeRow,
} from './catalogue/catalogue.js';
export { defaultCatalogue } from './catalogue/default-catalogue.js';
export type { Assumption, Config } from './config/config.js';
export { ignoreMessages } from './checks/check.js';
export type { CheckInfo, Preset, ReportAt } from './checks/check.js';
export { checks } from './checks/checks.js';
export type { Hover } from './editor/hover.js';
export { renderMessage } from './finding.js';
export type { Confidence, Edit, Evidence, Finding, Fix, Location } from './finding.js';
export type { CallGraph } from './map/call-graph.js';
export { durationText } from './map/duration-text.js';
export { serviceMap } from './map/service-map.js';
export type {
  Bound,
  DependencyNode,
  FunctionNode,
  Gap,
  MapCall,
  MapEdge,
  MapGuard,
  MapNode,
  ReachedDependency,
  ServiceMap,
} from './map/service-map.js';
export type { OptionState, OutboundCall } from './outbound-call.js';
export { isOwnSource } from './source-files.js';
export type { TypeScript } from './typescript.js';
