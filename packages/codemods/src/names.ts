import { ts } from 'ts-morph';

export { kebabCase } from '@holdfast/analysis/writing';

/** Every name that a piece of code may mean something by: names of members, and those that are left out, are not among them. */
export function bindingNames(root: ts.Node, isLeftOut: (name: ts.Identifier) => boolean = () => false): Set<string> {
  const names = new Set<string>();
  const open: ts.Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (ts.isIdentifier(node) && !isMemberName(node) && !isLeftOut(node)) names.add(node.text);
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return names;
}

function isMemberName(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent)) return parent.propertyName === name;
  const isMember =
    ts.isPropertyAccessExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isAccessor(parent) ||
    ts.isEnumMember(parent);
  return isMember && parent.name === name;
}

/** `payment-client` is `paymentClient`. */
export function camelCase(name: string): string {
  const words = name.split(/[^A-Za-z\d]+/).filter((word) => word !== '');
  const joined = words
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
  const camel = joined.charAt(0).toLowerCase() + joined.slice(1);
  return /^\d/.test(camel) ? `_${camel}` : camel;
}
