import type ts from 'typescript';

/** What reading a JavaScript module needs of the compiler. */
export type ScriptParser = Pick<
  typeof ts,
  | 'JSDocParsingMode'
  | 'NodeFlags'
  | 'ScriptKind'
  | 'ScriptTarget'
  | 'SyntaxKind'
  | 'createSourceFile'
  | 'forEachChild'
  | 'isArrayBindingPattern'
  | 'isArrayLiteralExpression'
  | 'isArrowFunction'
  | 'isBindingElement'
  | 'isBlock'
  | 'isClassLike'
  | 'isClassStaticBlockDeclaration'
  | 'isComputedPropertyName'
  | 'isConstructorDeclaration'
  | 'isElementAccessExpression'
  | 'isFunctionExpression'
  | 'isFunctionLike'
  | 'isIdentifier'
  | 'isMethodDeclaration'
  | 'isNamedExports'
  | 'isNamespaceImport'
  | 'isNumericLiteral'
  | 'isObjectBindingPattern'
  | 'isObjectLiteralExpression'
  | 'isParenthesizedExpression'
  | 'isPrivateIdentifier'
  | 'isPropertyAccessExpression'
  | 'isPropertyAssignment'
  | 'isPropertyDeclaration'
  | 'isShorthandPropertyAssignment'
  | 'isSpreadAssignment'
  | 'isStringLiteralLike'
>;

/**
 * What a name or an expression stands for, as far as the text of one file tells. An instance and its class are one
 * shape, and so are a constructor function and its prototype.
 */
export interface Shape {
  readonly kind: 'shape';
  readonly label: string | undefined;
  /** What runs when it is called or constructed. */
  code: Code | undefined;
  readonly members: Map<string, Shape>;
  /** What was assigned to it, what it extends, what was mixed into it. */
  readonly is: Value[];
}

export interface Code {
  readonly parameters: Shape[];
  readonly mentions: Mention[];
  readonly returned: Value[];
}

export interface Mention {
  readonly value: Value;
  readonly isCalled: boolean;
}

export type Value =
  | Shape
  /** `name` is `undefined` when it is computed. */
  | { readonly kind: 'member'; readonly of: Value | undefined; readonly name: string | undefined }
  /** `given` are the arguments: wrappers such as `promisify` hand on what they are given. */
  | { readonly kind: 'result'; readonly of: Value | undefined; readonly given: readonly Value[] }
  | { readonly kind: 'import'; readonly specifier: string; readonly from: string }
  | { readonly kind: 'global'; readonly name: string };

export interface ModuleValues {
  readonly exports: Shape;
  /** Members of classes, objects, prototypes and exports that are called by name, wherever they are in the file. */
  readonly members: ReadonlyMap<string, readonly Shape[]>;
  readonly functions: ReadonlyMap<string, readonly Shape[]>;
  /** Functions assigned to members whose names are computed. */
  readonly dynamicMembers: readonly Shape[];
  /** Everything that the file mentions, in whichever function. */
  readonly mentioned: readonly Value[];
}

/** `argument`: it is handed to code that may call it. `alias`: it only gets one more name. */
type Use = 'mention' | 'argument' | 'alias';

interface Scope {
  readonly names: Map<string, Shape>;
  readonly outer: Scope | undefined;
}

const INHERITS = /^_*(?:inherits\w*|extends|setPrototypeOf)$/;
const EXPORT_STAR = /^_*(?:exportStar|reExport|export)$/;
/** How private fields are lowered: `__classPrivateFieldGet(this, _Client_fetch, 'f')`. */
const PRIVATE_FIELD = /classPrivateField(?:Loose)?(?:Get|Set)$/i;
const REQUIRE = /require(?:_*\d*)?$/i;
const HANDS_ON_ITSELF = new Set(['call', 'apply', 'bind']);

/** What is known of a file that cannot be read. */
export function unreadModule(): ModuleValues {
  return {
    exports: createShape('exports'),
    members: new Map(),
    functions: new Map(),
    dynamicMembers: [],
    mentioned: [],
  };
}

/** Reads a file the way a person skims it: who is who, and which names each function mentions. */
export function readModuleValues(ts: ScriptParser, path: string, text: string): ModuleValues {
  const { SyntaxKind } = ts;
  const exports = createShape('exports');
  const moduleShape = createShape('module');
  moduleShape.members.set('exports', exports);
  // The modules inside a bundle, by the key that it requires them with.
  const bundled = createShape('bundled');
  const members = new Map<string, Shape[]>();
  const functions = new Map<string, Shape[]>();
  const dynamicMembers: Shape[] = [];
  const mentioned: Value[] = [];
  const calls: { readonly callee: Value; readonly given: readonly (Value | undefined)[] }[] = [];

  let scope: Scope = { names: new Map(), outer: undefined };
  let owner: Shape = exports;
  let code: Code = createCode();

  const source = ts.createSourceFile(
    path,
    text,
    { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
    false,
    ts.ScriptKind.JS,
  );
  scope.names.set('module', moduleShape).set('exports', exports);
  scope = { names: new Map(), outer: scope };
  source.statements.forEach(declareVariables);
  declareStatements(source.statements);
  source.statements.forEach(visit);
  for (const { callee, given } of calls) bindParameters(callee, given);
  return { exports, members, functions, dynamicMembers, mentioned };

  function visit(node: ts.Node): void {
    read(node, 'mention');
  }

  function read(node: ts.Node, use: Use): Value | undefined {
    switch (node.kind) {
      case SyntaxKind.Identifier:
        return mention(valueOfName((node as ts.Identifier).text), use);
      case SyntaxKind.ThisKeyword:
      case SyntaxKind.SuperKeyword:
        return owner;
      case SyntaxKind.PropertyAccessExpression:
      case SyntaxKind.ElementAccessExpression:
        return mention(readAccess(node as ts.PropertyAccessExpression | ts.ElementAccessExpression), use);
      case SyntaxKind.CallExpression:
        return readCall(node as ts.CallExpression);
      case SyntaxKind.NewExpression:
        return readNew(node as ts.NewExpression);
      case SyntaxKind.TaggedTemplateExpression: {
        const { tag, template } = node as ts.TaggedTemplateExpression;
        mention(read(tag, 'alias'), 'mention', true);
        visit(template);
        return undefined;
      }
      case SyntaxKind.BinaryExpression:
        return readBinary(node as ts.BinaryExpression, use);
      case SyntaxKind.ConditionalExpression: {
        const { condition, whenTrue, whenFalse } = node as ts.ConditionalExpression;
        read(condition, 'alias');
        return either([read(whenTrue, use), read(whenFalse, use)]);
      }
      case SyntaxKind.ParenthesizedExpression:
        return read((node as ts.ParenthesizedExpression).expression, use);
      case SyntaxKind.AwaitExpression: {
        const value = read((node as ts.AwaitExpression).expression, use);
        // Only a module is still itself once awaited: a response is not the client it came from.
        return value?.kind === 'import' ? value : undefined;
      }
      case SyntaxKind.TypeOfExpression:
        read((node as ts.TypeOfExpression).expression, 'alias');
        return undefined;
      case SyntaxKind.PrefixUnaryExpression:
        read((node as ts.PrefixUnaryExpression).operand, 'alias');
        return undefined;
      case SyntaxKind.IfStatement: {
        const { expression, thenStatement, elseStatement } = node as ts.IfStatement;
        // Asking whether there is a `fetch` is not using it.
        read(expression, 'alias');
        visit(thenStatement);
        if (elseStatement) visit(elseStatement);
        return undefined;
      }
      case SyntaxKind.ArrowFunction:
      case SyntaxKind.FunctionExpression: {
        const shape = createShape((node as ts.FunctionExpression).name?.text);
        readFunction(node as ts.FunctionExpression, shape, owner);
        return mention(shape, use);
      }
      case SyntaxKind.ClassExpression:
        return mention(
          readClass(node as ts.ClassExpression, createShape((node as ts.ClassExpression).name?.text)),
          use,
        );
      case SyntaxKind.ObjectLiteralExpression:
        return readObject(node as ts.ObjectLiteralExpression, createShape(undefined), use);
      case SyntaxKind.FunctionDeclaration:
        readFunctionDeclaration(node as ts.FunctionDeclaration);
        return undefined;
      case SyntaxKind.ClassDeclaration:
        readClassDeclaration(node as ts.ClassDeclaration);
        return undefined;
      case SyntaxKind.VariableStatement:
        readVariableStatement(node as ts.VariableStatement);
        return undefined;
      case SyntaxKind.VariableDeclaration:
        readVariable(node as ts.VariableDeclaration);
        return undefined;
      case SyntaxKind.ReturnStatement: {
        const { expression } = node as ts.ReturnStatement;
        const value = expression && read(expression, 'mention');
        if (value) code.returned.push(value);
        return undefined;
      }
      case SyntaxKind.ExportAssignment: {
        const value = read((node as ts.ExportAssignment).expression, 'alias');
        if (value) define(exports, 'default', value);
        return undefined;
      }
      case SyntaxKind.ExportDeclaration:
        readExports(node as ts.ExportDeclaration);
        return undefined;
      case SyntaxKind.ImportDeclaration:
      case SyntaxKind.BreakStatement:
      case SyntaxKind.ContinueStatement:
        return undefined;
      case SyntaxKind.Block:
      case SyntaxKind.CaseBlock:
      case SyntaxKind.ForStatement:
      case SyntaxKind.ForInStatement:
      case SyntaxKind.ForOfStatement:
      case SyntaxKind.CatchClause:
        inScope(() => {
          declareBlock(node);
          ts.forEachChild(node, visit);
        });
        return undefined;
      default:
        ts.forEachChild(node, visit);
        return undefined;
    }
  }

  function mention(value: Value | undefined, use: Use, isCalled = false): Value | undefined {
    if (value && use !== 'alias') {
      mentioned.push(value);
      code.mentions.push({ value, isCalled });
    }
    return value;
  }

  function valueOfName(name: string): Value {
    for (let at: Scope | undefined = scope; at; at = at.outer) {
      const shape = at.names.get(name);
      if (shape) return shape;
    }
    return { kind: 'global', name };
  }

  function readAccess(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): Value {
    const of = read(node.expression, 'alias');
    return { kind: 'member', of, name: accessedName(node) };
  }

  function accessedName(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): string | undefined {
    if (!ts.isElementAccessExpression(node)) return node.name.text;
    const argument = node.argumentExpression;
    if (ts.isStringLiteralLike(argument)) return argument.text;
    visit(argument);
    return undefined;
  }

  function readCall(node: ts.CallExpression): Value | undefined {
    const required = requiredModule(node);
    if (required) return required;
    const callee = withoutParentheses(node.expression);
    if (ts.isFunctionExpression(callee) || ts.isArrowFunction(callee)) return readImmediateCall(node, callee);
    const of = read(callee, 'alias');
    const name = nameOfCallee(callee);
    if (of?.kind === 'member' && name && HANDS_ON_ITSELF.has(name)) {
      mention(of.of, 'mention', true);
      node.arguments.forEach((argument) => read(argument, 'argument'));
      return name === 'bind' ? of.of : { kind: 'result', of: of.of, given: [] };
    }
    mention(of, 'mention', true);
    const [first] = node.arguments;
    if (name && first) {
      const known = readKnownCall(node, name, first);
      if (known) return known;
    }
    const given = node.arguments.map((argument) => read(argument, 'argument'));
    if (of) calls.push({ callee: of, given });
    const result: Value = {
      kind: 'result',
      of,
      given: given.filter((value) => value !== undefined && value !== owner) as Value[],
    };
    if (!first || node.arguments.length > 1) return result;
    // Bundles: `n(123)` requires a module, `wrap((exports, module) => …)` makes one.
    if (ts.isIdentifier(callee) && (ts.isNumericLiteral(first) || ts.isStringLiteralLike(first))) {
      return either([result, { kind: 'member', of: bundled, name: first.text }]);
    }
    const [wrapped] = given;
    if (wrapped?.kind !== 'shape') return result;
    const [only, ...others] = wrapped.members.keys();
    if (only !== undefined && others.length === 0) return either([result, bundled.members.get(only)]);
    return either([result, wrappedModule(wrapped)]);
  }

  function requiredModule(node: ts.CallExpression): Value | undefined {
    const [first] = node.arguments;
    if (!first || !ts.isStringLiteralLike(first)) return undefined;
    const callee = node.expression;
    const isRequire =
      callee.kind === SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && REQUIRE.test(callee.text));
    return isRequire ? { kind: 'import', specifier: first.text, from: path } : undefined;
  }

  function readImmediateCall(node: ts.CallExpression, callee: ts.FunctionExpression | ts.ArrowFunction): Value {
    const shape = createShape(callee.name && ts.isIdentifier(callee.name) ? callee.name.text : undefined);
    const given = node.arguments.map((argument) => read(argument, 'alias'));
    // Arguments first: what they stand for is known while the body is read.
    readFunction(callee, shape, owner, given);
    mention(shape, 'mention', true);
    return { kind: 'result', of: shape, given: [] };
  }

  /** Calls that give members to an object or a parent to a class. */
  function readKnownCall(node: ts.CallExpression, name: string, first: ts.Expression): Value | undefined {
    const [, second, third] = node.arguments;
    if (!second) {
      if (!EXPORT_STAR.test(name)) return undefined;
      const value = read(first, 'alias');
      if (value) exports.is.push(value);
      return value;
    }
    const privateField = PRIVATE_FIELD.exec(name);
    if (privateField && ts.isIdentifier(second)) {
      const holder = read(first, 'alias');
      if (!third || ts.isStringLiteralLike(third)) {
        const method = node.arguments[3];
        return method ? read(method, 'alias') : { kind: 'member', of: holder, name: second.text };
      }
      const value = read(third, 'alias');
      const target = shapeOf(holder);
      if (target && value) define(target, second.text, value);
      return value;
    }
    if (INHERITS.test(name)) {
      const parent = read(second, 'alias');
      if (parent) shapeOf(read(first, 'alias'))?.is.push(parent);
      return parent;
    }
    if (EXPORT_STAR.test(name)) {
      const [source, target] = ts.isObjectLiteralExpression(second) ? [second, first] : [first, second];
      const value = read(source, 'alias');
      if (value) shapeOf(read(target, 'alias'))?.is.push(value);
      return value;
    }
    if (name === 'assign') {
      const value = read(first, 'argument');
      const target = shapeOf(value) ?? createShape(undefined);
      for (const argument of node.arguments.slice(1)) {
        const source = ts.isObjectLiteralExpression(argument)
          ? readObject(argument, target, 'alias')
          : read(argument, 'alias');
        if (source && source !== target) target.is.push(source);
      }
      return value ?? target;
    }
    if (name === 'defineProperty' && third && ts.isStringLiteralLike(second)) {
      const target = shapeOf(read(first, 'alias'));
      const descriptor = readObject(third, createShape(undefined), 'alias', target);
      if (target) defineFrom(descriptor, target, second.text);
      return target;
    }
    if (/[cC]reateClass$/.test(name)) {
      const target = shapeOf(read(first, 'alias')) ?? createShape(undefined);
      for (const list of node.arguments.slice(1)) readMemberList(list, target);
      return target;
    }
    return undefined;
  }

  function defineFrom(descriptor: Shape, target: Shape, name: string): void {
    const getter = descriptor.members.get('get');
    const value = descriptor.members.get('value');
    const member = memberOf(target, name);
    if (value) member.is.push(value);
    for (const got of getter ? [getter, ...getter.is] : []) {
      if (got.kind !== 'shape' || !got.code) continue;
      member.is.push(...got.code.returned);
      member.code ??= { ...got.code, returned: [] };
    }
    if (value || getter) register(members, name, member);
  }

  /** `[{ key: 'send', value: function send() {} }, …]`, as classes are lowered. */
  function readMemberList(list: ts.Expression, target: Shape): void {
    if (!ts.isArrayLiteralExpression(list)) return visit(list);
    for (const element of list.elements) {
      const descriptor = readObject(element, createShape(undefined), 'alias', target);
      const key = ts.isObjectLiteralExpression(element)
        ? element.properties.find((property) => property.name && nameOf(property.name) === 'key')
        : undefined;
      if (!key || !ts.isPropertyAssignment(key)) continue;
      if (ts.isStringLiteralLike(key.initializer)) defineFrom(descriptor, target, key.initializer.text);
    }
  }

  function readNew(node: ts.NewExpression): Value | undefined {
    const of = read(node.expression, 'alias');
    const [first] = node.arguments ?? [];
    const given = (node.arguments ?? []).map((argument) => read(argument, 'argument'));
    // `new net.Socket({ fd })` opens no connection: it is a file that is open already.
    const isFile =
      first &&
      ts.isObjectLiteralExpression(first) &&
      first.properties.some((property) => property.name && nameOf(property.name) === 'fd');
    if (isFile) return undefined;
    mention(of, 'mention', true);
    if (of) calls.push({ callee: of, given });
    return of;
  }

  function readBinary(node: ts.BinaryExpression, use: Use): Value | undefined {
    const { kind } = node.operatorToken;
    switch (kind) {
      case SyntaxKind.EqualsToken:
      case SyntaxKind.BarBarEqualsToken:
      case SyntaxKind.QuestionQuestionEqualsToken:
        return readAssignment(node.left, node.right);
    }
    const operands = operandsOf(node);
    if (kind === SyntaxKind.BarBarToken || kind === SyntaxKind.QuestionQuestionToken) {
      return either(operands.map((operand) => read(operand, use)));
    }
    const last = operands.pop()!;
    if (kind === SyntaxKind.CommaToken || kind === SyntaxKind.AmpersandAmpersandToken) {
      for (const operand of operands) read(operand, kind === SyntaxKind.CommaToken ? 'mention' : 'alias');
      return read(last, use);
    }
    for (const operand of [...operands, last]) read(operand, 'alias');
    return undefined;
  }

  /** `a, b, c` is nested once for each comma, and minified code has thousands. */
  function operandsOf(node: ts.BinaryExpression): ts.Expression[] {
    const operands = [node.right];
    let { left } = node;
    while (left.kind === SyntaxKind.BinaryExpression) {
      const inner = left as ts.BinaryExpression;
      if (inner.operatorToken.kind !== node.operatorToken.kind) break;
      operands.push(inner.right);
      left = inner.left;
    }
    operands.push(left);
    return operands.reverse();
  }

  function readAssignment(left: ts.Expression, right: ts.Expression): Value | undefined {
    const target = withoutParentheses(left);
    if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) {
      return readMemberAssignment(target, right);
    }
    const value = read(right, 'alias');
    if (ts.isIdentifier(target)) {
      const variable = valueOfName(target.text);
      if (value && variable.kind === 'shape' && value !== variable) variable.is.push(value);
    } else {
      visit(target);
    }
    return value;
  }

  function readMemberAssignment(
    target: ts.PropertyAccessExpression | ts.ElementAccessExpression,
    right: ts.Expression,
  ): Value | undefined {
    const holder = shapeOf(read(target.expression, 'alias')) ?? createShape(undefined);
    const name = accessedName(target);
    if (name === 'prototype' && ts.isObjectLiteralExpression(right)) return readObject(right, holder, 'alias');
    const value = readMemberValue(right, holder, holder === exports || name === 'exports' ? undefined : holder);
    if (!value) return undefined;
    if (name === undefined) {
      if (value.kind === 'shape' && value.code) dynamicMembers.push(value);
    } else if (name === 'prototype' || name === '__proto__') {
      holder.is.push(value);
    } else {
      define(holder, name, value);
    }
    return value;
  }

  /** A function that is somebody's member has that somebody as its `this`; a constructor has itself. */
  function readMemberValue(node: ts.Expression, holder: Shape, self: Shape | undefined): Value | undefined {
    const value = withoutParentheses(node);
    if (!ts.isFunctionExpression(value)) return read(value, 'alias');
    const shape = createShape(value.name?.text);
    const isConstructor = !self || /^[A-Z]/.test(value.name?.text ?? '');
    readFunction(value, shape, isConstructor ? shape : holder);
    return shape;
  }

  function readObject(node: ts.Expression, shape: Shape, use: Use, self: Shape = shape): Shape {
    if (!ts.isObjectLiteralExpression(node)) {
      const value = read(node, use);
      if (value) shape.is.push(value);
      return shape;
    }
    const inner: Use = use === 'argument' ? 'mention' : 'alias';
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) {
        const value = read(property.expression, inner);
        if (value) shape.is.push(value);
      } else if (ts.isShorthandPropertyAssignment(property)) {
        const value = mention(valueOfName(property.name.text), inner);
        if (value) define(shape, property.name.text, value);
      } else if (ts.isPropertyAssignment(property)) {
        readProperty(property, shape, inner, self);
      } else {
        readMethod(property, shape, self);
      }
    }
    return shape;
  }

  function readProperty(property: ts.PropertyAssignment, shape: Shape, use: Use, self: Shape): void {
    const name = nameOf(property.name);
    const initializer = withoutParentheses(property.initializer);
    if (ts.isFunctionExpression(initializer) || ts.isArrowFunction(initializer)) {
      const value = createShape(name);
      readFunction(initializer, value, ts.isArrowFunction(initializer) ? owner : self);
      if (name === undefined) dynamicMembers.push(value);
      else define(shape, name, value);
      if (name !== undefined) bundle(name, property.name, value);
    } else {
      const value = read(initializer, use);
      if (value && name !== undefined) define(shape, name, value);
    }
  }

  function readMethod(method: ts.MethodDeclaration | ts.AccessorDeclaration, holder: Shape, self: Shape): void {
    const name = nameOf(method.name);
    const shape = createShape(name);
    readFunction(method, shape, self);
    if (name === undefined) {
      dynamicMembers.push(shape);
      return;
    }
    const member = memberOf(holder, name);
    member.is.push(shape);
    register(members, name, member);
    if (ts.isMethodDeclaration(method)) bundle(name, method.name, shape);
    else if (shape.code) member.is.push(...shape.code.returned);
  }

  /** Bundlers keep modules as `{ 123: (module, exports, require) => … }` or `{ 'lib/a.js'(exports, module) { … } }`. */
  function bundle(key: string, node: ts.PropertyName, shape: Shape): void {
    if (!ts.isNumericLiteral(node) && !key.includes('/') && !key.endsWith('.js')) return;
    const module = wrappedModule(shape);
    if (module) memberOf(bundled, key).is.push(module);
    if (module) shape.is.push(module);
  }

  function wrappedModule(wrapper: Shape): Shape | undefined {
    const parameters = wrapper.code?.parameters.slice(0, 2) ?? [];
    if (parameters.length === 0) return undefined;
    const module = createShape(undefined);
    for (const parameter of parameters) module.is.push(parameter, memberOf(parameter, 'exports'));
    return module;
  }

  function define(shape: Shape, name: string, value: Value): void {
    const member = memberOf(shape, name);
    if (member === value) return;
    member.is.push(value);
    mentioned.push(value);
    register(members, name, member);
  }

  function readClass(node: ts.ClassLikeDeclaration, shape: Shape): Shape {
    for (const clause of node.heritageClauses ?? []) {
      for (const type of clause.types) {
        const parent = read(type.expression, 'alias');
        if (parent) shape.is.push(parent);
      }
    }
    inScope(() => {
      if (node.name) scope.names.set(node.name.text, shape);
      const outer = { owner, code };
      owner = shape;
      const construction = createCode();
      for (const member of node.members) {
        code = construction;
        if (ts.isConstructorDeclaration(member)) {
          const constructor = createShape(undefined);
          readFunction(member, constructor, shape);
          construction.mentions.push({ value: constructor, isCalled: true });
          construction.parameters.push(...(constructor.code?.parameters ?? []));
        } else if (ts.isPropertyDeclaration(member)) {
          readField(member, shape);
        } else if (ts.isClassStaticBlockDeclaration(member)) {
          code = createCode();
          visit(member.body);
        } else if (ts.isFunctionLike(member) && member.kind !== SyntaxKind.IndexSignature) {
          readMethod(member as ts.MethodDeclaration, shape, shape);
        }
      }
      shape.code = construction;
      ({ owner, code } = outer);
    });
    return shape;
  }

  function readField(field: ts.PropertyDeclaration, shape: Shape): void {
    const value = field.initializer && readMemberValue(field.initializer, shape, shape);
    const name = nameOf(field.name);
    if (value && name !== undefined) define(shape, name, value);
  }

  function readFunction(
    node: ts.FunctionLikeDeclaration,
    shape: Shape,
    self: Shape,
    given: readonly (Value | undefined)[] = [],
  ): void {
    const outer = { scope, owner, code };
    scope = { names: new Map(), outer: scope };
    owner = self;
    code = createCode();
    shape.code = code;
    if (ts.isFunctionExpression(node) && node.name) scope.names.set(node.name.text, shape);
    node.parameters.forEach((parameter, index) => {
      declarePattern(parameter.name);
      const shape = ts.isIdentifier(parameter.name) ? declare(parameter.name.text) : createShape(undefined);
      code.parameters.push(shape);
      bindPattern(parameter.name, shape);
      const initial = parameter.initializer && read(parameter.initializer, 'alias');
      shape.is.push(...[given[index], initial].filter((value) => value !== undefined));
    });
    const { body } = node;
    if (body && ts.isBlock(body)) {
      body.statements.forEach(declareVariables);
      declareStatements(body.statements);
      body.statements.forEach(visit);
    } else if (body) {
      const value = read(body, 'mention');
      if (value) code.returned.push(value);
    }
    ({ scope, owner, code } = outer);
  }

  function readFunctionDeclaration(node: ts.FunctionDeclaration): void {
    const declared = node.name ? valueOfName(node.name.text) : undefined;
    const shape = declared?.kind === 'shape' ? declared : createShape(undefined);
    readFunction(node, shape, shape);
    if (node.name) register(functions, node.name.text, shape);
    exportDeclaration(node, node.name?.text, shape);
  }

  function readClassDeclaration(node: ts.ClassDeclaration): void {
    const declared = node.name ? valueOfName(node.name.text) : undefined;
    const shape = readClass(node, declared?.kind === 'shape' ? declared : createShape(undefined));
    if (node.name) register(functions, node.name.text, shape);
    exportDeclaration(node, node.name?.text, shape);
  }

  function readVariableStatement(node: ts.VariableStatement): void {
    for (const declaration of node.declarationList.declarations) {
      readVariable(declaration);
      if (!ts.isIdentifier(declaration.name)) continue;
      const shape = valueOfName(declaration.name.text);
      if (shape.kind === 'shape') exportDeclaration(node, declaration.name.text, shape);
    }
  }

  function exportDeclaration(node: ts.Statement, name: string | undefined, shape: Shape): void {
    const modifiers = (node as ts.FunctionDeclaration).modifiers ?? [];
    if (!modifiers.some((modifier) => modifier.kind === SyntaxKind.ExportKeyword)) return;
    const isDefault = modifiers.some((modifier) => modifier.kind === SyntaxKind.DefaultKeyword);
    const exported = isDefault ? 'default' : name;
    if (exported !== undefined) define(exports, exported, shape);
  }

  function readVariable(node: ts.VariableDeclaration): void {
    const { name, initializer } = node;
    if (!initializer) return;
    if (!ts.isIdentifier(name)) {
      const value = read(initializer, 'alias');
      bindPattern(name, value);
      return;
    }
    const variable = valueOfName(name.text);
    if (variable.kind !== 'shape') return;
    const plain = withoutParentheses(initializer);
    if (ts.isFunctionExpression(plain)) readFunction(plain, variable, variable);
    else if (ts.isArrowFunction(plain)) readFunction(plain, variable, owner);
    else if (ts.isClassLike(plain)) readClass(plain, variable);
    else if (ts.isObjectLiteralExpression(plain)) readObject(plain, variable, 'alias');
    else {
      const value = read(plain, 'alias');
      if (value && value !== variable) variable.is.push(value);
    }
    if (variable.code) register(functions, name.text, variable);
  }

  /** Gives each name of a pattern the part of the value that it takes. */
  function bindPattern(name: ts.BindingName, value: Value | undefined): void {
    if (ts.isIdentifier(name)) {
      const variable = valueOfName(name.text);
      if (value && variable.kind === 'shape' && variable !== value) variable.is.push(value);
      return;
    }
    for (const element of name.elements) {
      if (!ts.isBindingElement(element)) continue;
      const initial = element.initializer && read(element.initializer, 'alias');
      const part = ts.isObjectBindingPattern(name) ? partOf(value, element) : undefined;
      bindPattern(element.name, either([part, initial]));
    }
  }

  function partOf(value: Value | undefined, element: ts.BindingElement): Value | undefined {
    if (!value || element.dotDotDotToken) return value;
    return { kind: 'member', of: value, name: nameOf(element.propertyName ?? element.name) };
  }

  function readExports(node: ts.ExportDeclaration): void {
    const { exportClause, moduleSpecifier } = node;
    const from: Value | undefined =
      moduleSpecifier && ts.isStringLiteralLike(moduleSpecifier)
        ? { kind: 'import', specifier: moduleSpecifier.text, from: path }
        : undefined;
    if (!exportClause) {
      if (!from) return;
      exports.is.push(from);
      mentioned.push(from);
    } else if (ts.isNamedExports(exportClause)) {
      for (const { name, propertyName } of exportClause.elements) {
        const local = (propertyName ?? name).text;
        const value: Value = from ? { kind: 'member', of: from, name: local } : valueOfName(local);
        define(exports, name.text, value);
      }
    } else if (from) {
      define(exports, exportClause.name.text, from);
    }
  }

  function declareImports(node: ts.ImportDeclaration): void {
    if (!ts.isStringLiteralLike(node.moduleSpecifier)) return;
    const of: Value = { kind: 'import', specifier: node.moduleSpecifier.text, from: path };
    const clause = node.importClause;
    if (clause?.name) declare(clause.name.text).is.push({ kind: 'member', of, name: 'default' });
    const bindings = clause?.namedBindings;
    if (!bindings) return;
    if (ts.isNamespaceImport(bindings)) {
      declare(bindings.name.text).is.push(of);
      return;
    }
    for (const { name, propertyName } of bindings.elements) {
      declare(name.text).is.push({ kind: 'member', of, name: (propertyName ?? name).text });
    }
  }

  function inScope(body: () => void): void {
    const outer = scope;
    scope = { names: new Map(), outer };
    body();
    scope = outer;
  }

  function declare(name: string): Shape {
    const known = scope.names.get(name);
    if (known) return known;
    const shape = createShape(name);
    scope.names.set(name, shape);
    return shape;
  }

  function declareBlock(node: ts.Node): void {
    switch (node.kind) {
      case SyntaxKind.Block:
        return declareStatements((node as ts.Block).statements);
      case SyntaxKind.CaseBlock:
        return (node as ts.CaseBlock).clauses.forEach((clause) => declareStatements(clause.statements));
      case SyntaxKind.CatchClause: {
        const variable = (node as ts.CatchClause).variableDeclaration;
        if (variable) declarePattern(variable.name);
        return;
      }
      default: {
        const { initializer } = node as ts.ForStatement;
        if (initializer?.kind === SyntaxKind.VariableDeclarationList) {
          declareList(initializer as ts.VariableDeclarationList, true);
        }
      }
    }
  }

  function declareStatements(statements: readonly ts.Statement[]): void {
    for (const statement of statements) {
      switch (statement.kind) {
        case SyntaxKind.VariableStatement:
          declareList((statement as ts.VariableStatement).declarationList, true);
          break;
        case SyntaxKind.FunctionDeclaration:
        case SyntaxKind.ClassDeclaration: {
          const { name } = statement as ts.FunctionDeclaration;
          if (name) declare(name.text);
          break;
        }
        case SyntaxKind.ImportDeclaration:
          declareImports(statement as ts.ImportDeclaration);
          break;
        default:
      }
    }
  }

  function declareList(list: ts.VariableDeclarationList, isBlockScoped: boolean): void {
    if (((list.flags & ts.NodeFlags.BlockScoped) !== 0) !== isBlockScoped) return;
    for (const { name } of list.declarations) declarePattern(name);
  }

  function declarePattern(name: ts.BindingName): void {
    if (ts.isIdentifier(name)) declare(name.text);
    else name.elements.forEach((element) => ts.isBindingElement(element) && declarePattern(element.name));
  }

  /** `var` belongs to the function, however deep the block that it stands in. */
  function declareVariables(node: ts.Node): void {
    switch (node.kind) {
      case SyntaxKind.VariableDeclarationList:
        return declareList(node as ts.VariableDeclarationList, false);
      case SyntaxKind.VariableStatement:
      case SyntaxKind.Block:
      case SyntaxKind.IfStatement:
      case SyntaxKind.ForStatement:
      case SyntaxKind.ForInStatement:
      case SyntaxKind.ForOfStatement:
      case SyntaxKind.WhileStatement:
      case SyntaxKind.DoStatement:
      case SyntaxKind.SwitchStatement:
      case SyntaxKind.CaseBlock:
      case SyntaxKind.CaseClause:
      case SyntaxKind.DefaultClause:
      case SyntaxKind.TryStatement:
      case SyntaxKind.CatchClause:
      case SyntaxKind.LabeledStatement:
        ts.forEachChild(node, declareVariables);
        return;
      default:
    }
  }

  /** The shape that members are added to; `X.prototype` and `X` are one. */
  function shapeOf(value: Value | undefined): Shape | undefined {
    if (!value || value.kind === 'shape') return value;
    if (value.kind !== 'member') return undefined;
    const holder = shapeOf(value.of);
    if (!holder || value.name === undefined || value.name === 'prototype') return holder;
    return memberOf(holder, value.name);
  }

  function nameOf(name: ts.Node): string | undefined {
    if (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) return name.text;
    if (ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
    if (!ts.isComputedPropertyName(name)) return undefined;
    if (ts.isStringLiteralLike(name.expression)) return name.expression.text;
    visit(name.expression);
    return undefined;
  }

  function nameOfCallee(callee: ts.Expression): string | undefined {
    if (ts.isIdentifier(callee)) return callee.text;
    return ts.isPropertyAccessExpression(callee) ? callee.name.text : undefined;
  }

  function withoutParentheses(node: ts.Expression): ts.Expression {
    return ts.isParenthesizedExpression(node) ? withoutParentheses(node.expression) : node;
  }
}

function createShape(label: string | undefined): Shape {
  return { kind: 'shape', label, code: undefined, members: new Map(), is: [] };
}

function createCode(): Code {
  return { parameters: [], mentions: [], returned: [] };
}

function memberOf(shape: Shape, name: string): Shape {
  let member = shape.members.get(name);
  if (!member) shape.members.set(name, (member = createShape(name)));
  return member;
}

function either(values: readonly (Value | undefined)[]): Value | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length < 2) return known[0];
  const shape = createShape(undefined);
  shape.is.push(...known);
  return shape;
}

function register(names: Map<string, Shape[]>, name: string, shape: Shape): void {
  const shapes = names.get(name);
  if (!shapes) names.set(name, [shape]);
  else if (!shapes.includes(shape)) shapes.push(shape);
}

/** What a function of the same file is called with is what its parameters stand for. */
function bindParameters(callee: Value, given: readonly (Value | undefined)[]): void {
  if (callee.kind !== 'shape') return;
  callee.code?.parameters.forEach((parameter, index) => {
    const value = given[index];
    if (value && value !== parameter) parameter.is.push(value);
  });
}
