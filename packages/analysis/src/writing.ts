// How code is added to a file as its author would have written it: for editors and codemods.
export { addDecorators } from './guarding/add-decorators.js';
export { figures, numeral } from './guarding/figures.js';
export { kebabCase } from './guarding/kebab-case.js';
export { aboveDirective, indentAt, layoutOf, startsLine } from './layout.js';
export type { Layout } from './layout.js';
