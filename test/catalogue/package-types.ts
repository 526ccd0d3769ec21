import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Whether the types say that something is there; `unknown` where they say nothing (`any`). */
export type Verdict = 'yes' | 'no' | 'unknown';

/** What the types of one package, under all its names, say. */
export interface PackageTypes {
  /** Names under which nothing is found, and names of packages that have no types. */
  readonly missing: readonly string[];
  readonly untyped: readonly string[];
  /** What is exported. `default` is the whole module of a CommonJS package as well. */
  exported(name: string): readonly ts.Symbol[];
  everyExport(): readonly ts.Symbol[];
  /** The whole module, an object that nobody gave a name. */
  isWholeModule(symbols: readonly ts.Symbol[]): boolean;
  /** What is declared under this name, exported or not. */
  declared(name: string): readonly ts.Symbol[];
  /** The name and the package that a symbol is declared with. */
  declaredAs(symbol: ts.Symbol): readonly { readonly module: string; readonly name: string }[];
  /** What other packages declare under this name. */
  declaredElsewhere(name: string): readonly { readonly module: string; readonly symbols: readonly ts.Symbol[] }[];
  valueTypes(symbols: readonly ts.Symbol[]): readonly ts.Type[];
  instanceTypes(symbols: readonly ts.Symbol[]): readonly ts.Type[];
  /** Types of a member; `undefined` when none of the types has it. */
  member(types: readonly ts.Type[], name: string): readonly ts.Type[] | undefined;
  /** Types of all members but the named ones; the types themselves where those say nothing. */
  otherMembers(types: readonly ts.Type[], named: object | undefined): readonly ts.Type[];
  /** Whether others may use the member: a class that extends the type may use a protected one. */
  isReachable(types: readonly ts.Type[], name: string): boolean;
  signatures(types: readonly ts.Type[], kind: 'call' | 'construct'): readonly ts.Signature[];
  /** The types that a parameter has in the signatures that have it. */
  parameter(signatures: readonly ts.Signature[], position: number): readonly ts.Type[];
  /** Every parameter of every signature. */
  parameters(signatures: readonly ts.Signature[]): readonly ts.Type[];
  hasOption(types: readonly ts.Type[], path: string): Verdict;
  /** Whether an object of one of these types, or one inside it, has the property. */
  hasDeepOption(types: readonly ts.Type[], name: string): Verdict;
  takesNumber(types: readonly ts.Type[]): Verdict;
  saysNothing(types: readonly ts.Type[]): boolean;
  /** Names of the types, of what they resolve to, and of all they extend. */
  names(types: readonly ts.Type[]): ReadonlySet<string>;
  /** The name that a return type is written with, which may be an alias that the checker has looked through. */
  writtenResults(signatures: readonly ts.Signature[]): ReadonlySet<string>;
  text(types: readonly ts.Type[]): string;
}

const folder = fileURLToPath(new URL('.', import.meta.url));
const entry = `${folder}imports.ts`;
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  esModuleInterop: true,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
  typeRoots: [`${folder}node_modules/@types`],
  // Its `exports` forget its types.
  paths: { 'redlock-5': [`${folder}node_modules/redlock-5/dist/index.d.ts`] },
};
/** A value of such a type may be anything. */
const vague = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Instantiable | ts.TypeFlags.NonPrimitive;
/** Types that are what they wrap. */
const transparent = new Set('Omit Pick Partial Readonly Required NonNullable Awaited Promise Observable'.split(' '));
/** Deep enough for the options of any call. */
const maxDepth = 6;
/** More than any hierarchy has, and an end for types that contain ever new ones. */
const maxNames = 400;
/** Of a type in a message. */
const maxText = 300;
/** What every program reads. The files of the packages would fill the memory, and hardly any is read twice. */
const sharedFiles = new Map<string, ts.SourceFile | undefined>();

export function readPackageTypes(names: readonly string[], subpaths: readonly string[]): PackageTypes {
  const program = createProgram([...names, ...subpaths]);
  const checker = program.getTypeChecker();
  const imports = program.getSourceFile(entry)!;
  const modules = imports.statements.flatMap((statement) => {
    const specifier = ts.isImportDeclaration(statement) && (statement.moduleSpecifier as ts.StringLiteral);
    const symbol = specifier && checker.getSymbolAtLocation(specifier);
    return specifier ? [{ name: specifier.text, symbol: symbol || undefined }] : [];
  });
  const missing: string[] = [];
  const untyped: string[] = [];
  for (const { name, symbol } of modules) {
    if (symbol || subpaths.includes(name) || builtinModules.includes(name.replace(/^node:/, ''))) continue;
    const { resolvedModule } = ts.resolveModuleName(name, entry, options, ts.sys);
    (resolvedModule ? untyped : missing).push(name);
  }
  let declarations: ReadonlyMap<string, readonly { package: string; symbol: ts.Symbol }[]> | undefined;

  /** Everything with a name that the packages declare at the top of a file or in a namespace. */
  function allDeclarations() {
    const found = new Map<string, { package: string; symbol: ts.Symbol }[]>();
    const seen = new Set<ts.Symbol>();
    const visit = (node: ts.Node, owner: string): void => {
      if (ts.isModuleDeclaration(node)) {
        const isAmbient = ts.isStringLiteral(node.name);
        if (node.body) visit(node.body, isAmbient ? node.name.text : owner);
        if (isAmbient) return;
      }
      if (ts.isSourceFile(node) || ts.isModuleBlock(node)) {
        for (const statement of node.statements) visit(statement, owner);
      } else if (ts.isVariableStatement(node)) {
        for (const declaration of node.declarationList.declarations) visit(declaration, owner);
      } else {
        const { name } = node as Partial<ts.NamedDeclaration>;
        const symbol = name && ts.isIdentifier(name) && checker.getSymbolAtLocation(name);
        if (!symbol || seen.has(symbol)) return;
        seen.add(symbol);
        const same = found.get(name.text);
        if (same) same.push({ package: owner, symbol });
        else found.set(name.text, [{ package: owner, symbol }]);
      }
    };
    for (const file of program.getSourceFiles()) {
      const owner = packageOf(file.fileName);
      if (owner !== undefined) visit(file, owner);
    }
    return found;
  }

  function named(name: string) {
    declarations ??= allDeclarations();
    return declarations.get(name) ?? [];
  }

  const resolved = (symbol: ts.Symbol): ts.Symbol =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

  function exportsOf(module: ts.Symbol): Map<string, ts.Symbol> {
    const exports = new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, resolved(symbol)]));
    const whole = module.exports?.get('export=' as ts.__String);
    if (!exports.has('default')) exports.set('default', whole ? resolved(whole) : module);
    return exports;
  }

  const exportsByName = modules.flatMap(({ symbol }) => (symbol ? [exportsOf(symbol)] : []));
  const globals = new Map<string, ts.Symbol>();
  if (names.includes('global')) {
    for (const symbol of checker.getSymbolsInScope(imports, ts.SymbolFlags.Value | ts.SymbolFlags.Type)) {
      globals.set(symbol.name, symbol);
    }
    exportsByName.push(globals);
  }

  /** What a value of this type can be used as: the parts of a union, the constraint of a type parameter. */
  function partsOf(type: ts.Type, depth = 0): ts.Type[] {
    if (depth > maxDepth) return [];
    if (type.flags & ts.TypeFlags.Instantiable) {
      const constraint = checker.getBaseConstraintOfType(type);
      return constraint && constraint !== type ? partsOf(constraint, depth + 1) : [type];
    }
    const solid = checker.getNonNullableType(type);
    return solid.isUnion() ? solid.types.flatMap((part) => partsOf(part, depth + 1)) : [solid];
  }

  const allParts = (types: readonly ts.Type[]): ts.Type[] => types.flatMap((type) => partsOf(type));
  const isVague = (type: ts.Type): boolean =>
    (type.flags & vague) !== 0 || (type.isIntersection() ? type.types.every(isVague) : isEmptyObject(type));
  const isEmptyObject = (type: ts.Type): boolean =>
    (type.flags & ts.TypeFlags.Object) !== 0 &&
    checker.typeToString(type) === '{}' &&
    checker.getPropertiesOfType(type).length === 0;
  /** A builder that can be awaited is no promise. */
  const settled = (type: ts.Type): ts.Type =>
    type.getSymbol()?.name === 'Promise' ? (checker.getAwaitedType(type) ?? type) : type;
  const typeOf = (symbol: ts.Symbol): ts.Type => checker.getTypeOfSymbolAtLocation(symbol, imports);
  const property = (type: ts.Type, name: string): ts.Symbol | undefined =>
    checker.getPropertyOfType(checker.getApparentType(type), name);

  function restOf(signature: ts.Signature): { readonly from: number; readonly type: ts.Type } | undefined {
    const last = signature.parameters.at(-1);
    const declaration = last?.valueDeclaration ?? signature.declaration?.parameters.at(-1);
    const isRest = declaration && ts.isParameter(declaration) && declaration.dotDotDotToken;
    return last && isRest ? { from: signature.parameters.length - 1, type: typeOf(last) } : undefined;
  }

  function parameterOf(signature: ts.Signature, position: number): ts.Type[] {
    const rest = restOf(signature);
    if (!rest || position < rest.from) {
      const parameter = signature.parameters[position];
      return parameter ? [typeOf(parameter)] : [];
    }
    return partsOf(rest.type).flatMap((type) => {
      if (!checker.isTupleType(type)) return checker.getIndexTypeOfType(type, ts.IndexKind.Number) ?? type;
      return checker.getTypeArguments(type as ts.TypeReference)[position - rest.from] ?? [];
    });
  }

  function hasOption(types: readonly ts.Type[], path: string): Verdict {
    const [name = '', ...inner] = path.split('.');
    const verdicts = allParts(types).map((part): Verdict => {
      if (isVague(part)) return 'unknown';
      const found = property(part, name);
      if (found) return inner.length === 0 ? 'yes' : hasOption([typeOf(found)], inner.join('.'));
      return checker.getIndexInfoOfType(part, ts.IndexKind.String) ? 'unknown' : 'no';
    });
    return best(verdicts);
  }

  function hasDeepOption(types: readonly ts.Type[], name: string): Verdict {
    const seen = new Set<ts.Type>();
    const search = (type: ts.Type, depth: number): Verdict =>
      best(
        partsOf(type).map((part) => {
          if (seen.has(part)) return 'no';
          seen.add(part);
          const own = hasOption([part], name);
          if (own === 'yes' || depth === 0 || !(part.flags & ts.TypeFlags.StructuredType)) return own;
          const element = checker.getIndexTypeOfType(part, ts.IndexKind.Number);
          const inner = element ? [element] : checker.getPropertiesOfType(part).map(typeOf);
          return best([own, ...inner.map((type) => search(type, depth - 1))]);
        }),
      );
    return best(types.map((type) => search(type, 2)));
  }

  function namesOf(type: ts.Type, names: Set<string>, seen: Set<ts.Type>): void {
    if (seen.has(type) || seen.size > maxNames) return;
    seen.add(type);
    const symbol = type.getSymbol();
    for (const alias of aliasesOf(type)) names.add(alias);
    if (symbol) names.add(declaredName(symbol));
    else if (!type.isUnionOrIntersection() || type.flags & ts.TypeFlags.Boolean) names.add(checker.typeToString(type));
    for (const part of relatedTypes(type)) namesOf(part, names, seen);
  }

  /** What a type resolves to, consists of, chooses from, wraps and extends. */
  function relatedTypes(type: ts.Type): ts.Type[] {
    const { target } = type as ts.TypeReference;
    const base = target?.isClassOrInterface() ? target : type;
    const { root } = type as ts.ConditionalType;
    const wrapper = type.aliasSymbol ?? type.getSymbol();
    const isWrapper = wrapper && transparent.has(wrapper.name);
    return [
      ...partsOf(type),
      checker.getAwaitedType(type) ?? type,
      ...(type.isUnionOrIntersection() ? type.types : []),
      ...(base.isClassOrInterface() ? checker.getBaseTypes(base) : []),
      ...(type.flags & ts.TypeFlags.Conditional
        ? [root.node.trueType, root.node.falseType].map((node) => checker.getTypeFromTypeNode(node))
        : []),
      // The branches as they are here are among what its alias is given: `TypedOrAny<T, Client>`.
      ...(type.flags & ts.TypeFlags.Conditional ? (type.aliasTypeArguments ?? []) : []),
      ...(isWrapper ? (type.aliasTypeArguments ?? checker.getTypeArguments(type as ts.TypeReference)).slice(0, 1) : []),
    ];
  }

  /** The name of an alias, and of the alias that it is another name for. */
  function aliasesOf({ aliasSymbol }: ts.Type): string[] {
    const declaration = aliasSymbol?.declarations?.[0];
    const named = declaration && ts.isTypeAliasDeclaration(declaration) ? declaration.type : undefined;
    const other =
      named && ts.isTypeReferenceNode(named) && ts.isIdentifier(named.typeName) ? [named.typeName.text] : [];
    return aliasSymbol ? [aliasSymbol.name, ...other] : [];
  }

  return {
    missing,
    untyped,
    exported: (name) => exportsByName.flatMap((exports) => exports.get(name) ?? []),
    isWholeModule: (symbols) =>
      symbols.length > 0 &&
      symbols.every((symbol) => /^__|^"/.test(checker.getTypeOfSymbol(symbol).symbol?.name ?? '')),
    everyExport: () => exportsByName.flatMap((exports) => [...exports.values()]),
    declared: (name) => {
      const own = named(name).filter((one) => names.includes(one.package));
      return own.length > 0
        ? own.map(({ symbol }) => symbol)
        : [globals.get(name)].filter((symbol) => symbol !== undefined);
    },
    declaredAs: (symbol) =>
      (symbol.declarations ?? []).map((node) => ({
        module: packageOf(node.getSourceFile().fileName) ?? 'global',
        name: declaredName(symbol),
      })),
    declaredElsewhere: (name) => named(name).map((one) => ({ module: one.package, symbols: [one.symbol] })),
    valueTypes: (symbols) =>
      symbols
        .filter(({ flags }) => flags & (ts.SymbolFlags.Value | ts.SymbolFlags.ValueModule))
        .map((symbol) => checker.getTypeOfSymbol(symbol)),
    instanceTypes: (symbols) =>
      symbols.map((symbol) =>
        symbol.flags & ts.SymbolFlags.Type ? checker.getDeclaredTypeOfSymbol(symbol) : checker.getTypeOfSymbol(symbol),
      ),
    member(types, name) {
      const found = allParts(types).flatMap((part) => property(part, name) ?? []);
      return found.length > 0 ? found.map(typeOf) : undefined;
    },
    otherMembers: (types, named = {}) =>
      allParts(types).flatMap((part) =>
        isVague(part)
          ? [part]
          : checker
              .getPropertiesOfType(checker.getApparentType(part))
              .filter(({ name }) => !Object.hasOwn(named, name))
              .map(typeOf),
      ),
    isReachable: (types, name) =>
      allParts(types).some((part) => {
        const found = property(part, name);
        return (
          found && !found.declarations?.some((node) => ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private)
        );
      }),
    signatures: (types, kind) =>
      allParts(types).flatMap((part) => [
        ...checker.getSignaturesOfType(
          checker.getApparentType(part),
          kind === 'call' ? ts.SignatureKind.Call : ts.SignatureKind.Construct,
        ),
      ]),
    parameter: (signatures, position) => signatures.flatMap((signature) => parameterOf(signature, position)),
    parameters: (signatures) =>
      signatures.flatMap((signature) =>
        signature.parameters.flatMap((_, position) => parameterOf(signature, position)),
      ),
    hasOption,
    hasDeepOption,
    takesNumber: (types) =>
      best(
        allParts(types).map((part) =>
          isVague(part) ? 'unknown' : part.flags & ts.TypeFlags.NumberLike ? 'yes' : 'no',
        ),
      ),
    saysNothing: (types) => types.length > 0 && allParts(types).every((part) => isVague(settled(part))),
    names(types) {
      const found = new Set<string>();
      for (const type of types) namesOf(type, found, new Set());
      return found;
    },
    writtenResults: (signatures) =>
      new Set(
        signatures.flatMap(({ declaration }) =>
          writtenNames((declaration as ts.SignatureDeclaration | undefined)?.type),
        ),
      ),
    text(types) {
      const text = [...new Set(types.map((type) => checker.typeToString(type)))].join(' or ') || 'nothing';
      return text.length > maxText ? `${text.slice(0, maxText)}…` : text;
    },
  };
}

function best(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes('yes') ? 'yes' : verdicts.includes('unknown') ? 'unknown' : 'no';
}

function writtenNames(node: ts.TypeNode | undefined): string[] {
  if (!node || !ts.isTypeReferenceNode(node) || !ts.isIdentifier(node.typeName)) return [];
  const inner = transparent.has(node.typeName.text) ? writtenNames(node.typeArguments?.[0]) : [];
  return [node.typeName.text, ...inner];
}

/** A class that is the default export has no name for the checker, but it was declared with one. */
function declaredName(symbol: ts.Symbol): string {
  const { name } = (symbol.declarations?.[0] ?? {}) as Partial<ts.NamedDeclaration>;
  return symbol.name === 'default' && name && ts.isIdentifier(name) ? name.text : symbol.name;
}

/** The entries of a package beside its main one: `rxjs/operators`. */
export function subpathsOf(name: string): string[] {
  const manifest = [folder, `${folder}../../`]
    .map((root) => `${root}node_modules/${name}/package.json`)
    .find((file) => existsSync(file));
  if (manifest === undefined) return [];
  if (name === 'aws-sdk') return typesIn(join(dirname(manifest), 'clients')).map((file) => `aws-sdk/clients/${file}`);
  const { exports = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports?: Record<string, unknown> };
  return Object.entries(exports).flatMap(([path, target]) => {
    if (!path.startsWith('./') || path.endsWith('.json')) return [];
    if (!path.includes('*')) return `${name}${path.slice(1)}`;
    // `"./*": "./dist/*.js"`
    if (typeof target !== 'string' || path !== './*') return [];
    return typesIn(join(dirname(manifest), dirname(target))).map((file) => `${name}/${file}`);
  });
}

function typesIn(path: string): string[] {
  return readdirSync(path).flatMap((file) => /^(.+)\.d\.ts$/.exec(file)?.[1] ?? []);
}

/** Names under which older versions of a package are installed, for rows about what newer ones have dropped. */
export function otherVersionsOf(name: string): string[] {
  const { dependencies } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return Object.keys(dependencies).filter((alias) => dependencies[alias]!.startsWith(`npm:${name}@`));
}

function createProgram(names: readonly string[]): ts.Program {
  const host = ts.createCompilerHost(options);
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
  const { getSourceFile, fileExists } = host;
  const imports = names.filter((name) => name !== 'global').map((name) => `import ${JSON.stringify(name)};\n`);
  host.fileExists = (name) => name === entry || fileExists(name);
  host.getSourceFile = (name, ...rest) => {
    if (name === entry) return ts.createSourceFile(name, `${imports.join('')}export {};\n`, options.target!);
    if (!/\/node_modules\/(?:typescript|@types\/node|undici-types)\//.test(name)) return getSourceFile(name, ...rest);
    if (!sharedFiles.has(name)) sharedFiles.set(name, getSourceFile(name, ...rest));
    return sharedFiles.get(name);
  };
  return ts.createProgram({ rootNames: [entry], options, host });
}

function packageOf(fileName: string): string | undefined {
  const start = fileName.lastIndexOf('/node_modules/');
  if (start < 0) return undefined;
  const [scope = '', name = ''] = fileName.slice(start + '/node_modules/'.length).split('/');
  if (scope === '@types') return name.includes('__') ? `@${name.replace('__', '/')}` : name;
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}
