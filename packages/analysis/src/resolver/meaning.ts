import type ts from 'typescript';
import { packageName, type CatalogueIndex, type Found } from '../catalogue/catalogue-index.js';
import type { Exports } from '../facts/exports.js';
import { requiredModule, type CallLike, type FileFacts } from '../facts/file-facts.js';
import type { Scopes } from '../facts/scopes.js';
import type { TypeScript } from '../typescript.js';
import type { ModuleFiles } from './module-files.js';
import type { TypedResolution } from './typed-resolution.js';
import { rewrap, unwrap } from './unwrap.js';

/** What an expression stands for. A promise means what it resolves to. */
export type Meaning =
  /** A whole package: `import * as axios`, `require('axios')`. */
  | { readonly kind: 'module'; readonly module: string }
  /** The exports of a file of the project. */
  | { readonly kind: 'file'; readonly file: ts.SourceFile }
  /** Something a package exports, or a global. */
  | { readonly kind: 'export'; readonly module: string; readonly name: string }
  /** A value of a type that a package declares, with the expression that made it when it is in sight. */
  | Instance
  /** A member of such a value, or of a class of a package. */
  | {
      readonly kind: 'member';
      readonly module: string;
      readonly type: string;
      readonly name: string;
      readonly owner: Meaning;
      readonly found?: Found | undefined;
    }
  /** A function of the project; a signature without a body stands for those that implement it. */
  | { readonly kind: 'function'; readonly node: ts.SignatureDeclaration }
  /** A class of the project, and a value of a class, interface or object literal of the project. */
  | { readonly kind: 'class'; readonly node: ts.ClassLikeDeclaration }
  | { readonly kind: 'object'; readonly node: ObjectNode }
  /** Surely nothing of interest, so no type checker needs to be asked; of `data`, nothing in it is either. */
  | { readonly kind: 'other'; readonly isData?: true };

export interface Instance {
  readonly kind: 'instance';
  readonly module: string;
  /** Name of its type in the catalogue or in its package; empty when only the package is known. */
  readonly type: string;
  readonly creation?: CallLike | undefined;
  /** The package itself exports this value: no options of a client that somebody makes hold for it. */
  readonly isShared?: true | undefined;
}

export type ObjectNode =
  ts.ClassLikeDeclaration | ts.InterfaceDeclaration | ts.TypeLiteralNode | ts.ObjectLiteralExpression;

/** Reads meanings from declarations as written. The checker only helps where nothing is written. */
export interface Meanings {
  of(expression: ts.Node): Meaning | undefined;
  /** The same, and when nothing is written about it, what its type says. */
  typed(expression: ts.Expression): Meaning | undefined;
  ofType(type: ts.TypeNode): Meaning | undefined;
  memberOf(owner: Meaning | undefined, name: string): Meaning | undefined;
  /** What calling something of this meaning returns. */
  resultOf(callee: Meaning | undefined, call: CallLike): Meaning | undefined;
  /** A value of what a package declares under this name. */
  valueOf(module: string, name: string): Meaning;
  /** The member of a class of the project or of those it extends. */
  memberNode(owner: ObjectNode, name: string): ts.Node | undefined;
}

const other: Meaning = { kind: 'other' };
const data: Meaning = { kind: 'other', isData: true };
const globalObjects = new Set(['globalThis', 'global', 'window', 'self']);
/** Types that are what they wrap, as far as calls go. */
const transparentTypes = new Set(
  'Promise PromiseLike Awaited Partial Readonly Required NonNullable Omit Pick Observable Awaitable'.split(' '),
);
/** Members of lists that give their callback one place after the other. */
const iterations = new Set('map flatMap forEach filter find findIndex some every'.split(' '));
/** Deep enough for any code that people read, and an end for code that nobody does. */
const maxDepth = 160;

export function createMeanings(
  ts: TypeScript,
  scopes: Scopes,
  exports: (file: ts.SourceFile) => Exports,
  catalogue: CatalogueIndex,
  facts: (file: ts.SourceFile) => FileFacts,
  moduleFiles: ModuleFiles,
  typed: TypedResolution | undefined,
): Meanings {
  const known = new WeakMap<ts.Node, { readonly meaning: Meaning | undefined }>();
  const knownByType = new WeakMap<ts.Node, { readonly meaning: Meaning | undefined }>();
  const pending = new Set<ts.Node>();

  /** Names may lead in a circle: whoever is asked again while being worked out does not know. */
  function once(node: ts.Node, compute: () => Meaning | undefined): Meaning | undefined {
    const answer = known.get(node);
    if (answer) return answer.meaning;
    if (pending.has(node) || pending.size > maxDepth) return undefined;
    pending.add(node);
    try {
      const meaning = compute();
      known.set(node, { meaning });
      return meaning;
    } finally {
      pending.delete(node);
    }
  }

  function of(node: ts.Node): Meaning | undefined {
    const expression = unwrap(ts, node);
    const meaning = once(expression, () => ofExpression(expression));
    return meaning?.kind === 'instance' && isAwaited(node, expression) ? sent(meaning) : meaning;
  }

  function isAwaited(node: ts.Node, expression: ts.Node): boolean {
    for (let inner = node; inner !== expression; inner = (inner as ts.AwaitExpression).expression) {
      if (ts.isAwaitExpression(inner)) return true;
    }
    return false;
  }

  /** What a builder answers is no builder any more. */
  function sent(meaning: Instance): Meaning | undefined {
    const lazy = catalogue.trait(meaning.module, meaning.type, 'lazy');
    if (!lazy) return meaning;
    if (lazy.answersData) return data;
    return lazy.returns === undefined ? undefined : { ...meaning, type: lazy.returns };
  }

  function ofExpression(expression: ts.Node): Meaning | undefined {
    if (ts.isIdentifier(expression)) return ofName(expression);
    if (expression.kind === ts.SyntaxKind.ThisKeyword) {
      const owner = enclosingClass(expression);
      return owner && { kind: 'object', node: owner };
    }
    if (expression.kind === ts.SyntaxKind.SuperKeyword) {
      const owner = enclosingClass(expression);
      return owner && superOf(owner);
    }
    if (ts.isPropertyAccessExpression(expression)) return memberOf(of(expression.expression), expression.name.text);
    if (ts.isElementAccessExpression(expression)) {
      const key = expression.argumentExpression;
      const owner = of(expression.expression);
      return ts.isStringLiteralLike(key) ? memberOf(owner, key.text) : partOf(owner);
    }
    if (ts.isCallExpression(expression)) return ofCall(expression);
    if (ts.isTaggedTemplateExpression(expression)) return resultOf(of(expression.tag), expression);
    if (ts.isNewExpression(expression)) return ofNew(expression);
    if (ts.isBinaryExpression(expression)) return ofBinary(expression);
    if (ts.isConditionalExpression(expression)) return either(expression.whenTrue, expression.whenFalse);
    if (ts.isObjectLiteralExpression(expression)) return { kind: 'object', node: expression };
    if (ts.isArrowFunction(expression) || ts.isFunctionExpression(expression)) {
      return { kind: 'function', node: expression };
    }
    if (ts.isClassExpression(expression)) return { kind: 'class', node: expression };
    return isLiteral(expression) ? other : undefined;
  }

  /** What a place of a list is, or what a loop over it is given. */
  function partOf(owner: Meaning | undefined): Meaning | undefined {
    return owner?.kind === 'other' && owner.isData ? data : undefined;
  }

  function either(first: ts.Expression, second: ts.Expression): Meaning | undefined {
    const meaning = of(first);
    return meaning && meaning.kind !== 'other' ? meaning : of(second);
  }

  function ofBinary({ operatorToken, left, right }: ts.BinaryExpression): Meaning | undefined {
    const { kind } = operatorToken;
    if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken) return either(left, right);
    if (kind === ts.SyntaxKind.CommaToken || kind === ts.SyntaxKind.AmpersandAmpersandToken) return of(right);
    const assigns =
      kind === ts.SyntaxKind.EqualsToken ||
      kind === ts.SyntaxKind.QuestionQuestionEqualsToken ||
      kind === ts.SyntaxKind.BarBarEqualsToken;
    return assigns ? of(right) : other;
  }

  function ofName(name: ts.Identifier): Meaning | undefined {
    if (name.text === 'undefined') return other;
    const declaration = scopes.find(name.text, name);
    return declaration ? ofDeclaration(declaration) : { kind: 'export', module: 'global', name: name.text };
  }

  function ofCall(call: ts.CallExpression): Meaning | undefined {
    const required = requiredModule(ts, call);
    if (required) return ofModule(required);
    return resultOf(of(call.expression), call);
  }

  function resultOf(callee: Meaning | undefined, call: CallLike): Meaning | undefined {
    switch (callee?.kind) {
      case 'function':
        return returned(callee.node);
      case 'module':
      case 'export': {
        const name = callee.kind === 'export' ? callee.name : 'default';
        const row = catalogue.exported(callee.module, name);
        if (row?.makes !== undefined)
          return { kind: 'instance', module: callee.module, type: row.makes, creation: call };
        if (row?.returns !== undefined) return { kind: 'instance', module: callee.module, type: row.returns };
        if (callee.module === 'global') return name === 'require' ? undefined : name === 'Symbol' ? other : undefined;
        return row || catalogue.guard(callee.module, name)
          ? fromFactory(callee.module, name, call)
          : { kind: 'instance', module: callee.module, type: '', creation: call };
      }
      case 'member': {
        const row = callee.found?.row;
        const { module } = callee;
        if (row?.makes !== undefined) return { kind: 'instance', module, type: row.makes, creation: call };
        if (row?.returns !== undefined) {
          // What a client hands out keeps the client's options.
          const creation = creationOf(callee.owner);
          return { kind: 'instance', module, type: row.returns === 'this' ? callee.type : row.returns, creation };
        }
        if (callee.owner.kind === 'instance' && catalogue.trait(module, callee.type, 'lazy')) {
          return { kind: 'instance', module, type: callee.type, creation: creationOf(callee.owner) };
        }
        if (catalogue.guard(module, callee.type, callee.name)) return fromFactory(module, callee.type, call);
        // What an unknown library answers may be anything: a collection's `get` answers the project's own objects.
        return undefined;
      }
      case 'instance': {
        const { module, creation } = callee;
        const row = catalogue.trait(module, callee.type, 'called');
        if (row?.makes !== undefined) return { kind: 'instance', module, type: row.makes, creation: call };
        return row?.returns === undefined ? undefined : { kind: 'instance', module, type: row.returns, creation };
      }
      case 'other':
        // A list of data may be mapped to anything.
        return callee.isData ? undefined : other;
      default:
        return undefined;
    }
  }

  function fromFactory(module: string, name: string, call: CallLike): Meaning | undefined {
    const row = catalogue.guard(module, name);
    return row?.form === 'factory' || row?.form === 'wraps'
      ? { kind: 'instance', module, type: `${name}()`, creation: call }
      : undefined;
  }

  function creationOf(owner: Meaning): CallLike | undefined {
    return owner.kind === 'instance' ? owner.creation : owner.kind === 'member' ? creationOf(owner.owner) : undefined;
  }

  function returned(node: ts.SignatureDeclaration): Meaning | undefined {
    return once(node, () => {
      if (node.type) {
        const meaning = ofType(node.type);
        // How a client was made says more than its type.
        if (meaning && meaning.kind !== 'instance') return meaning;
        const made = returnedValue(node);
        return made?.kind === 'instance' && made.creation ? made : meaning;
      }
      return returnedValue(node);
    });
  }

  function returnedValue(node: ts.SignatureDeclaration): Meaning | undefined {
    const { body } = node as Partial<ts.FunctionLikeDeclaration>;
    if (!body) return undefined;
    if (!ts.isBlock(body)) return of(body);
    let found: Meaning | undefined;
    const visit = (inner: ts.Node): void => {
      if (found && found.kind !== 'other') return;
      if (ts.isReturnStatement(inner)) {
        if (inner.expression) found = of(inner.expression) ?? found;
      } else if (!ts.isFunctionLike(inner) && !ts.isClassLike(inner)) ts.forEachChild(inner, visit);
    };
    visit(body);
    return found;
  }

  function ofNew(creation: ts.NewExpression): Meaning | undefined {
    const created = of(creation.expression);
    switch (created?.kind) {
      case 'class':
        return { kind: 'object', node: created.node };
      case 'export':
        if (created.module === 'global' && !catalogue.type('global', created.name)) {
          return { kind: 'instance', module: 'global', type: created.name };
        }
        return { kind: 'instance', module: created.module, type: created.name, creation };
      case 'module':
        return { kind: 'instance', module: created.module, type: 'default', creation };
      case 'instance':
        // A class that is a value of the package: `AWS.S3` of an object, a loaded gRPC service.
        return {
          kind: 'instance',
          module: created.module,
          type: catalogue.trait(created.module, created.type, 'constructed')?.makes ?? created.type,
          creation,
        };
      case 'member': {
        const makes = created.found?.row.makes;
        return { kind: 'instance', module: created.module, type: makes ?? created.name, creation };
      }
      case 'other':
        return other;
      default:
        return undefined;
    }
  }

  function ofDeclaration(node: ts.Node): Meaning | undefined {
    if (node.getSourceFile().isDeclarationFile) return typed && ofLibrary(node, typed);
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return declared(node);
    return once(node, () => declared(node));
  }

  function declared(node: ts.Node): Meaning | undefined {
    if (ts.isImportClause(node)) return imported(node.parent, 'default');
    if (ts.isNamespaceImport(node)) return imported(node.parent.parent, undefined);
    if (ts.isImportSpecifier(node)) {
      return imported(node.parent.parent.parent, (node.propertyName ?? node.name).text);
    }
    if (ts.isImportEqualsDeclaration(node)) {
      const reference = node.moduleReference;
      if (ts.isExternalModuleReference(reference)) {
        return ts.isStringLiteralLike(reference.expression) ? ofModule(reference.expression) : undefined;
      }
      return ts.isIdentifier(reference) ? of(reference) : ofQualifiedName(reference);
    }
    if (ts.isBindingElement(node)) return ofBinding(node);
    if (ts.isParameter(node)) return ofParameter(node);
    if (ts.isVariableDeclaration(node)) return ofVariable(node);
    if (ts.isPropertyDeclaration(node)) return ofProperty(node);
    if (ts.isPropertySignature(node)) return node.type && ofType(node.type);
    if (ts.isPropertyAssignment(node)) return of(node.initializer);
    if (ts.isShorthandPropertyAssignment(node)) return of(node.name);
    if (ts.isGetAccessorDeclaration(node)) return returned(node);
    if (ts.isClassLike(node)) return { kind: 'class', node };
    if (ts.isFunctionLike(node)) return { kind: 'function', node: implementation(node) };
    if (ts.isTypeAliasDeclaration(node)) return ofType(node.type);
    if (ts.isInterfaceDeclaration(node)) return { kind: 'object', node };
    if (ts.isEnumDeclaration(node)) return other;
    return undefined;
  }

  /** An overload stands for the function that has the body. */
  function implementation(node: ts.SignatureDeclaration): ts.SignatureDeclaration {
    if (!ts.isFunctionDeclaration(node) || node.body || !ts.isSourceFile(node.parent)) return node;
    const same = node.parent.statements.find(
      (statement) => ts.isFunctionDeclaration(statement) && statement.body && statement.name?.text === node.name?.text,
    );
    return (same as ts.FunctionDeclaration | undefined) ?? node;
  }

  function ofBinding(node: ts.BindingElement): Meaning | undefined {
    const source = node.parent.parent;
    const owner = ts.isBindingElement(source)
      ? ofBinding(source)
      : ts.isParameter(source)
        ? ofParameter(source)
        : source.type
          ? ofType(source.type)
          : source.initializer && of(source.initializer);
    if (!ts.isObjectBindingPattern(node.parent)) return partOf(owner);
    const key = node.propertyName ?? node.name;
    if (node.dotDotDotToken || !ts.isIdentifier(key)) return undefined;
    return memberOf(owner, key.text) ?? (node.initializer && of(node.initializer));
  }

  function ofParameter(node: ts.ParameterDeclaration): Meaning | undefined {
    if (node.type) return ofType(node.type);
    // A parameter's default is what callers may replace, but it says what kind of thing they pass.
    if (node.initializer) return of(node.initializer);
    const callback = node.parent;
    const call = rewrap(ts, callback).parent;
    if (!ts.isCallExpression(call)) return undefined;
    const position = call.arguments.findIndex((argument) => unwrap(ts, argument) === callback);
    const place = callback.parameters.indexOf(node);
    if (position === 0 && place === 0) {
      const given = givenByMember(call.expression);
      if (given) return given;
    }
    const callee = of(call.expression);
    const row =
      callee?.kind === 'member' ? callee.found?.row : callee?.kind === 'export' ? exportedRow(callee) : undefined;
    if (callee?.kind === 'function') return ofCallbackParameter(callee.node, position, place);
    const type = row?.callback?.argument === position && row.callback.parameters?.[place];
    return type && callee && 'module' in callee ? instanceOf(callee.module, type, creationOf(callee)) : undefined;
  }

  /** `promise.then((value) => …)` and `rows.map((row) => …)` */
  function givenByMember(callee: ts.Expression): Meaning | undefined {
    if (!ts.isPropertyAccessExpression(callee)) return undefined;
    if (iterations.has(callee.name.text)) return partOf(of(callee.expression));
    if (callee.name.text !== 'then') return undefined;
    const promised = of(callee.expression);
    return promised?.kind === 'instance' ? sent(promised) : promised;
  }

  /** A helper of the project says in its own signature what it passes to the callback. */
  function ofCallbackParameter(
    helper: ts.SignatureDeclaration,
    argument: number,
    position: number,
  ): Meaning | undefined {
    const type = helper.parameters[argument]?.type;
    if (!type) return undefined;
    const callback = ofType(type);
    const passed = callback?.kind === 'function' ? callback.node.parameters[position]?.type : undefined;
    return passed && ofType(passed);
  }

  function exportedRow({ module, name }: { readonly module: string; readonly name: string }) {
    return catalogue.exported(module, name);
  }

  function ofVariable(node: ts.VariableDeclaration): Meaning | undefined {
    const loop = node.parent.parent;
    if (!node.type && ts.isForOfStatement(loop) && loop.initializer === node.parent) return partOf(of(loop.expression));
    const value = node.initializer && !isNothing(node.initializer) ? node.initializer : assigned(node);
    return madeOrTyped(value, node.type);
  }

  function ofProperty(node: ts.PropertyDeclaration): Meaning | undefined {
    const value = node.initializer && !isNothing(node.initializer) ? node.initializer : assignedField(node);
    return madeOrTyped(value, node.type);
  }

  /** How a client was made says more than its type. */
  function madeOrTyped(value: ts.Expression | undefined, type: ts.TypeNode | undefined): Meaning | undefined {
    if (!type) return value && of(value);
    const meaning = ofType(type);
    if (!value || (meaning && meaning.kind !== 'instance')) return meaning ?? (value && of(value));
    const made = of(value);
    return made?.kind === 'instance' && (made.creation || !meaning) ? made : (meaning ?? made);
  }

  /** `let client: Client | undefined` that is given its value later. */
  function assigned(node: ts.VariableDeclaration): ts.Expression | undefined {
    if (!ts.isIdentifier(node.name) || !ts.isVariableDeclarationList(node.parent)) return undefined;
    if (node.parent.flags & ts.NodeFlags.Const) return undefined;
    for (const mention of facts(node.getSourceFile()).mentions.get(node.name.text) ?? []) {
      const value = assignedTo(mention);
      if (value && scopes.find(node.name.text, mention) === node) return value;
    }
    return undefined;
  }

  function assignedField(field: ts.PropertyDeclaration): ts.Expression | undefined {
    return (ts.isIdentifier(field.name) || ts.isPrivateIdentifier(field.name)) && ts.isClassLike(field.parent)
      ? assignedInClass(field.parent, field.name.text)
      : undefined;
  }

  /** `this.name = value` anywhere in a class. */
  function assignedInClass(owner: ts.ClassLikeDeclaration, name: string): ts.Expression | undefined {
    for (const mention of facts(owner.getSourceFile()).mentions.get(name) ?? []) {
      const access = mention.parent;
      if (!ts.isPropertyAccessExpression(access) || access.name !== mention) continue;
      if (access.expression.kind !== ts.SyntaxKind.ThisKeyword) continue;
      const value = assignedTo(access);
      if (value && enclosingClass(access) === owner) return value;
    }
    return undefined;
  }

  function assignedTo(target: ts.Node): ts.Expression | undefined {
    const assignment = target.parent;
    if (!ts.isBinaryExpression(assignment) || assignment.left !== target) return undefined;
    const { kind } = assignment.operatorToken;
    const assigns =
      kind === ts.SyntaxKind.EqualsToken ||
      kind === ts.SyntaxKind.QuestionQuestionEqualsToken ||
      kind === ts.SyntaxKind.BarBarEqualsToken;
    return assigns && !isNothing(assignment.right) ? assignment.right : undefined;
  }

  /** A declaration in a `.d.ts` file. */
  function ofLibrary(node: ts.Node, { packageOf }: TypedResolution): Meaning | undefined {
    const module = packageOf(node);
    if (module === undefined || module === 'global') return undefined;
    if (ts.isVariableDeclaration(node) && node.type) {
      const instance = ofType(node.type);
      if (instance?.kind === 'instance') return instance;
    }
    const isNamed =
      ts.isVariableDeclaration(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isInterfaceDeclaration(node);
    return isNamed && node.name && ts.isIdentifier(node.name) ? exportOf(module, node.name.text) : undefined;
  }

  function ofType(type: ts.TypeNode): Meaning | undefined {
    return once(type, () => ofTypeNode(type));
  }

  function ofTypeNode(type: ts.TypeNode): Meaning | undefined {
    if (ts.isParenthesizedTypeNode(type)) return ofType(type.type);
    if (ts.isTypeQueryNode(type)) {
      const value = ts.isIdentifier(type.exprName) ? of(type.exprName) : undefined;
      // An injected `typeof fetch` is whatever the caller makes of it.
      return value?.kind === 'export' && value.module === 'global' ? undefined : value;
    }
    if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) {
      let found: Meaning | undefined;
      for (const part of type.types) {
        const meaning = isNothing(part) ? undefined : ofType(part);
        if (meaning && meaning.kind !== 'other') return meaning;
        found ??= meaning;
      }
      return found;
    }
    if (ts.isTypeLiteralNode(type)) return { kind: 'object', node: type };
    if (ts.isFunctionTypeNode(type)) return { kind: 'function', node: type };
    if (ts.isImportTypeNode(type)) {
      const { argument, qualifier } = type;
      const specifier = ts.isLiteralTypeNode(argument) ? argument.literal : undefined;
      if (!specifier || !ts.isStringLiteralLike(specifier)) return undefined;
      const module = ofModule(specifier);
      return qualifier && ts.isIdentifier(qualifier) ? instanceType(memberOf(module, qualifier.text)) : module;
    }
    if (!ts.isTypeReferenceNode(type)) return ts.isArrayTypeNode(type) || isKeywordType(type) ? other : undefined;
    const { typeName, typeArguments } = type;
    if (ts.isIdentifier(typeName)) {
      const declaration = scopes.find(typeName.text, typeName);
      if (declaration) return instanceType(ofDeclaration(declaration));
      const inner = typeArguments?.[0];
      if (inner && transparentTypes.has(typeName.text)) return ofType(inner);
      if (inner && (typeName.text === 'ReturnType' || typeName.text === 'InstanceType')) {
        const value = ofType(inner);
        if (value?.kind === 'function') return returned(value.node);
        return value?.kind === 'export' ? resultOfExport(value) : instanceType(value);
      }
      return typeParameterOrGlobal(typeName);
    }
    return instanceType(ofQualifiedName(typeName));
  }

  function resultOfExport({ module, name }: { readonly module: string; readonly name: string }): Meaning | undefined {
    const row = catalogue.exported(module, name);
    const type = row?.makes ?? row?.returns;
    return type === undefined ? instanceType({ kind: 'export', module, name }) : { kind: 'instance', module, type };
  }

  function typeParameterOrGlobal(name: ts.Identifier): Meaning | undefined {
    for (let node: ts.Node | undefined = name; node; node = node.parent) {
      const { typeParameters } = node as Partial<ts.DeclarationWithTypeParameterChildren>;
      const own = typeParameters?.find((parameter) => parameter.name.text === name.text);
      if (own) return own.constraint && ofType(own.constraint);
    }
    return { kind: 'instance', module: 'global', type: name.text };
  }

  /** What a value is whose type has this meaning. */
  function instanceType(named: Meaning | undefined): Meaning | undefined {
    switch (named?.kind) {
      case 'class':
        return { kind: 'object', node: named.node };
      case 'export':
        return { kind: 'instance', module: named.module, type: named.name };
      case 'module':
        return { kind: 'instance', module: named.module, type: 'default' };
      case 'member':
        return { kind: 'instance', module: named.module, type: named.name };
      case 'instance':
        // A value of the type is somebody's, whatever the package itself exports under that name.
        return named.isShared ? { kind: 'instance', module: named.module, type: named.type } : named;
      default:
        return named;
    }
  }

  function ofQualifiedName(name: ts.QualifiedName): Meaning | undefined {
    const left = ts.isIdentifier(name.left) ? of(name.left) : ofQualifiedName(name.left);
    if (left?.kind === 'module') return { kind: 'export', module: left.module, name: name.right.text };
    // `Stripe.PaymentIntent` is a type in the namespace of a class.
    if (left?.kind === 'export') return { kind: 'export', module: left.module, name: name.right.text };
    return left?.kind === 'file' ? exportedBy(left.file, name.right.text) : undefined;
  }

  function ofModule(specifier: ts.StringLiteralLike): Meaning | undefined {
    const module = catalogue.moduleOf(specifier.text);
    if (module !== undefined) return { kind: 'module', module };
    const file = moduleFiles(specifier);
    if (file) return { kind: 'file', file };
    return isPackage(specifier.text) ? { kind: 'module', module: packageName(specifier.text) } : undefined;
  }

  function imported(statement: ts.Node, name: string | undefined): Meaning | undefined {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteralLike(statement.moduleSpecifier)) return undefined;
    const module = ofModule(statement.moduleSpecifier);
    if (name === undefined) return module;
    const isKnown = module?.kind === 'module' && catalogue.module(module.module) !== undefined;
    const generator = isKnown ? undefined : catalogue.generatedBy(name);
    return generator === undefined ? memberOf(module, name) : { kind: 'export', module: generator, name };
  }

  function memberOf(owner: Meaning | undefined, name: string): Meaning | undefined {
    switch (owner?.kind) {
      case 'other':
        return owner;
      case 'module':
        return exportOf(owner.module, name);
      case 'file':
        return exportedBy(owner.file, name);
      case 'export':
        return memberOfExport(owner, name);
      case 'instance':
        return memberOfInstance(owner, name);
      case 'member':
        // A namespace of an uncatalogued client: `client.pages.create`.
        return catalogue.module(owner.module)?.types ? undefined : { ...owner, name, owner };
      case 'class': {
        const member = staticNode(owner.node, name);
        if (member) return ofDeclaration(member);
        const base = superOf(owner.node);
        return (
          base &&
          memberOf(
            base.kind === 'object' && ts.isClassLike(base.node) ? { kind: 'class', node: base.node } : baseClass(base),
            name,
          )
        );
      }
      case 'object':
        return memberOfObject(owner.node, name);
      case 'function':
      case undefined:
        return undefined;
    }
  }

  /** The class itself, where `superOf` speaks of its instances. */
  function baseClass(base: Meaning): Meaning {
    return base.kind === 'instance' ? { kind: 'export', module: base.module, name: base.type } : base;
  }

  function exportOf(module: string, name: string): Meaning {
    const row = catalogue.exported(module, name);
    if (row?.is !== undefined) return { kind: 'instance', module, type: row.is, isShared: true };
    if (row || catalogue.type(module, name) || catalogue.guard(module, name)) return { kind: 'export', module, name };
    // `require('axios')` and `import * as axios` are the default export as well, in CommonJS.
    const whole = name === 'default' ? undefined : catalogue.exported(module, 'default');
    if (whole?.is !== undefined) {
      const found = catalogue.member(module, whole.is, name);
      if (found) return memberOfInstance({ kind: 'instance', module, type: whole.is }, name)!;
    }
    return { kind: 'export', module, name };
  }

  function memberOfExport(
    owner: { readonly module: string; readonly name: string },
    name: string,
  ): Meaning | undefined {
    const { module } = owner;
    if (module === 'global') return globalObjects.has(owner.name) ? exportOf('global', name) : undefined;
    if (name === 'default' && !catalogue.type(module, owner.name)) return exportOf(module, owner.name);
    const found = catalogue.staticMember(module, owner.name, name);
    if (found?.row.is !== undefined) return { kind: 'instance', module, type: found.row.is };
    if (found) return { kind: 'member', module, type: owner.name, name, owner: { kind: 'export', ...owner }, found };
    // The default export of a CommonJS package has what the package exports.
    if (owner.name === 'default') {
      const exported = exportOf(module, name);
      if (catalogue.module(module)) return exported;
    }
    if (catalogue.type(module, name)) return { kind: 'export', module, name };
    return { kind: 'member', module, type: owner.name, name, owner: { kind: 'export', ...owner } };
  }

  function memberOfInstance(owner: Instance, name: string): Meaning | undefined {
    const { module, type } = owner;
    const found = catalogue.member(module, type, name);
    if (found?.row.is !== undefined) {
      return {
        kind: 'instance',
        module,
        type: found.row.is === 'this' ? type : found.row.is,
        creation: owner.creation,
      };
    }
    return { kind: 'member', module, type, name, owner, found };
  }

  function memberOfObject(node: ObjectNode, name: string): Meaning | undefined {
    const member = memberNode(node, name);
    if (member) {
      if (ts.isParameter(member)) return ofParameter(member);
      return ts.isExpression(member) ? of(member) : ofDeclaration(member);
    }
    if (ts.isClassLike(node)) return memberOf(superOf(node), name);
    if (ts.isInterfaceDeclaration(node)) {
      for (const { types } of node.heritageClauses ?? []) {
        for (const base of types) {
          const meaning = memberOf(instanceType(of(base.expression)), name);
          if (meaning) return meaning;
        }
      }
    }
    return undefined;
  }

  function memberNode(node: ObjectNode, name: string): ts.Node | undefined {
    if (ts.isObjectLiteralExpression(node)) {
      let spread: Meaning | undefined;
      for (const property of node.properties) {
        if (ts.isSpreadAssignment(property)) spread = of(property.expression);
        else if (nameOf(property.name) === name) return property;
      }
      return spread?.kind === 'object' && spread.node !== node ? memberNode(spread.node, name) : undefined;
    }
    const members: readonly ts.Node[] = node.members;
    let signature: ts.Node | undefined;
    for (const member of members) {
      if (ts.isConstructorDeclaration(member)) {
        const parameter = member.parameters.find(
          (parameter) => parameter.modifiers?.length && nameOf(parameter.name) === name,
        );
        if (parameter) return parameter;
      } else if (nameOf((member as ts.ClassElement).name) === name && !isStatic(member)) {
        if (member.kind === ts.SyntaxKind.SetAccessor) continue;
        // An overload has no body: the one with a body is the method.
        if (!ts.isMethodDeclaration(member) || member.body) return member;
        signature ??= member;
      }
    }
    return signature ?? (ts.isClassLike(node) ? assignedInClass(node, name) : undefined);
  }

  function staticNode(node: ts.ClassLikeDeclaration, name: string): ts.Node | undefined {
    return node.members.find((member) => isStatic(member) && nameOf(member.name) === name);
  }

  function isStatic(member: ts.Node): boolean {
    return (
      ts.canHaveModifiers(member) &&
      (ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false)
    );
  }

  /** What an instance of a class is by inheritance. */
  function superOf(node: ts.ClassLikeDeclaration): Meaning | undefined {
    const base = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
    return base && instanceType(of(base.expression));
  }

  function exportedBy(file: ts.SourceFile, name: string): Meaning | undefined {
    const declaration = exportNode(file, name);
    if (!declaration) return undefined;
    if (ts.isNamespaceExport(declaration)) return ofModuleOf(declaration.parent);
    if (ts.isExportSpecifier(declaration)) {
      const from = ofModuleOf(declaration.parent.parent);
      const original = (declaration.propertyName ?? declaration.name).text;
      if (from) return memberOf(from, original);
      const local = scopes.find(original, file);
      return local && ofDeclaration(local);
    }
    if (ts.isExportAssignment(declaration)) return of(declaration.expression);
    return ts.isExpression(declaration) ? of(declaration) : ofDeclaration(declaration);
  }

  function ofModuleOf(statement: ts.ExportDeclaration): Meaning | undefined {
    const specifier = statement.moduleSpecifier;
    return specifier && ts.isStringLiteralLike(specifier) ? ofModule(specifier) : undefined;
  }

  /** Where a file says what it exports under a name. */
  function exportNode(file: ts.SourceFile, name: string, through = new Set<ts.SourceFile>()): ts.Node | undefined {
    const { named, assigned, stars } = exports(file);
    const found = named.get(name);
    if (found) return found;
    if (assigned) return memberOfAssigned(assigned, name);
    if (name !== 'default' && !through.has(file)) {
      through.add(file);
      for (const star of stars) {
        const from = ofModuleOf(star);
        const starred = from?.kind === 'file' ? exportNode(from.file, name, through) : undefined;
        if (starred) return starred;
      }
    }
    return commonJsExport(file, name);
  }

  function memberOfAssigned({ expression }: ts.ExportAssignment, name: string): ts.Node | undefined {
    const meaning = of(expression);
    return meaning?.kind === 'object' ? memberNode(meaning.node, name) : undefined;
  }

  /** `module.exports = value`, `module.exports.name = value`, `exports.name = value`. */
  function commonJsExport(file: ts.SourceFile, name: string): ts.Node | undefined {
    for (const mention of facts(file).mentions.get('exports') ?? []) {
      let target: ts.Node = mention;
      if (ts.isPropertyAccessExpression(mention.parent) && mention.parent.name === mention) target = mention.parent;
      const whole = assignedTo(target);
      if (whole) {
        if (name === 'default') return whole;
        const meaning = of(whole);
        const member = meaning?.kind === 'object' ? memberNode(meaning.node, name) : undefined;
        if (member) return member;
      }
      const access = target.parent;
      if (ts.isPropertyAccessExpression(access) && access.expression === target && access.name.text === name) {
        const value = assignedTo(access);
        if (value) return value;
      }
    }
    return undefined;
  }

  function enclosingClass(place: ts.Node): ts.ClassLikeDeclaration | undefined {
    for (let node: ts.Node | undefined = place; node; node = node.parent) {
      if (ts.isClassLike(node)) return node;
      // Anything but an arrow has a `this` of its own, unless it is a member of the class.
      if (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) return undefined;
    }
    return undefined;
  }

  function instanceOf(module: string, type: string, creation: CallLike | undefined): Meaning {
    return { kind: 'instance', module, type, creation };
  }

  /** What the type of an expression says, in the words of the catalogue. */
  function ofCheckedType(expression: ts.Expression): Meaning | undefined {
    if (!typed) return undefined;
    let fallback: Meaning | undefined;
    for (const declaration of typed.checker.typesOf(expression)) {
      const { fileName, isDeclarationFile } = declaration.getSourceFile();
      if (!isDeclarationFile && !fileName.includes('/node_modules/')) {
        const meaning = ofOwnType(declaration);
        if (meaning) return meaning;
        continue;
      }
      const module = typed.packageOf(declaration);
      const { name } = declaration as Partial<ts.NamedDeclaration>;
      if (module === undefined || module === 'global' || !name || !ts.isIdentifier(name)) continue;
      if (catalogue.type(module, name.text)) return { kind: 'instance', module, type: name.text };
      fallback ??= { kind: 'instance', module, type: name.text };
    }
    return fallback;
  }

  function ofOwnType(declaration: ts.Node): Meaning | undefined {
    if (ts.isClassLike(declaration) || ts.isInterfaceDeclaration(declaration) || ts.isTypeLiteralNode(declaration)) {
      return { kind: 'object', node: declaration };
    }
    if (ts.isObjectLiteralExpression(declaration)) return { kind: 'object', node: declaration };
    if (ts.isTypeAliasDeclaration(declaration)) return ofType(declaration.type);
    return ts.isFunctionLike(declaration) ? { kind: 'function', node: declaration } : undefined;
  }

  function nameOf(name: ts.Node | undefined): string | undefined {
    return name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name))
      ? name.text
      : undefined;
  }

  function isNothing(node: ts.Node): boolean {
    if (ts.isLiteralTypeNode(node)) return node.literal.kind === ts.SyntaxKind.NullKeyword;
    return (
      node.kind === ts.SyntaxKind.NullKeyword ||
      node.kind === ts.SyntaxKind.UndefinedKeyword ||
      (ts.isIdentifier(node) && node.text === 'undefined')
    );
  }

  function isKeywordType({ kind }: ts.TypeNode): boolean {
    return kind >= ts.SyntaxKind.FirstKeyword && kind <= ts.SyntaxKind.LastKeyword && !unknownTypes.has(kind);
  }

  const unknownTypes = new Set<ts.SyntaxKind>([
    ts.SyntaxKind.AnyKeyword,
    ts.SyntaxKind.UnknownKeyword,
    ts.SyntaxKind.ObjectKeyword,
  ]);

  function isLiteral(node: ts.Node): boolean {
    return (
      ts.isStringLiteralLike(node) ||
      ts.isNumericLiteral(node) ||
      ts.isArrayLiteralExpression(node) ||
      node.kind === ts.SyntaxKind.TemplateExpression ||
      node.kind === ts.SyntaxKind.RegularExpressionLiteral ||
      node.kind === ts.SyntaxKind.TrueKeyword ||
      node.kind === ts.SyntaxKind.FalseKeyword
    );
  }

  return {
    of,
    typed(expression) {
      const written = of(expression);
      if (written || !typed) return written;
      const node = unwrap(ts, expression) as ts.Expression;
      let answer = knownByType.get(node);
      if (!answer) knownByType.set(node, (answer = { meaning: ofCheckedType(node) }));
      return answer.meaning;
    },
    ofType,
    memberOf,
    resultOf,
    valueOf: (module, name) => exportOf(module, name),
    memberNode,
  };
}

function isPackage(specifier: string): boolean {
  return /^(?:@[\w.~-]+\/)?[\w][\w.~-]*/.test(specifier);
}
