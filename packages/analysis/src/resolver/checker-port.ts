import type ts from 'typescript';
import type { CallLike } from '../facts/file-facts.js';
import type { TypeScript } from '../typescript.js';

/** The few questions the analysis asks a type checker. A second compiler has to answer these and nothing else. */
export interface CheckerPort {
  /** The declaration an expression or import stands for, through imports and re-exports. */
  declarationOf(node: ts.Node): ts.Declaration | undefined;
  /** All of them: members of a union of types have several. */
  declarationsOf(node: ts.Node): readonly ts.Declaration[];
  /** The file behind a module specifier. */
  moduleOf(specifier: ts.Node): ts.SourceFile | undefined;
  /** The declaration of the signature that a call selects. */
  signatureOf(call: CallLike): ts.Node | undefined;
  /** Declarations of the type of an expression, then of the types it extends; a promise's type is that of its value. */
  typesOf(node: ts.Expression): readonly ts.Declaration[];
  /** Whether a value of this type can have the property; `undefined` when the type says nothing (`any`). */
  mayHaveProperty(node: ts.Expression, property: string): boolean | undefined;
  /** Whether a value is a promise, or something else with `then`; `undefined` when the type says nothing. */
  isThenable(node: ts.Expression): boolean | undefined;
  /** Whether a function answers a promise whatever way it takes. */
  answersPromise(declaration: ts.SignatureDeclaration): boolean;
  /** Whether a check above made the type of a variable or a member narrower than it is declared. */
  isNarrowed(reference: ts.Expression): boolean;
  /** The strings an expression can be; `undefined` when that is not said by its type. */
  stringsOf(node: ts.Expression): readonly string[] | undefined;
}

/** Enough for any hierarchy that people wrote by hand. */
const maxTypes = 24;
const maxDepth = 16;

export function createCheckerPort(ts: TypeScript, program: ts.Program): CheckerPort {
  const checker = program.getTypeChecker();
  const saysNothing = (type: ts.Type): boolean =>
    (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter)) !== 0;

  function resolved(node: ts.Node): ts.Symbol | undefined {
    const symbol = checker.getSymbolAtLocation(node);
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }

  function* partsOf(type: ts.Type, depth = 0): Iterable<ts.Type> {
    if (depth > maxDepth) return;
    const awaited = checker.getAwaitedType(type) ?? type;
    // Without `null`, a type parameter `T` is `T & {}`, of which it is a part again.
    if (awaited.flags & ts.TypeFlags.TypeParameter) {
      const constraint = checker.getBaseConstraintOfType(awaited);
      if (constraint && constraint !== awaited) yield* partsOf(constraint, depth + 1);
      return;
    }
    const solid = checker.getNonNullableType(awaited);
    if (solid.isUnionOrIntersection()) for (const part of solid.types) yield* partsOf(part, depth + 1);
    else yield solid;
  }

  return {
    declarationOf(node) {
      const symbol = resolved(node);
      return symbol?.valueDeclaration ?? symbol?.declarations?.[0];
    },
    declarationsOf: (node) => resolved(node)?.declarations ?? [],
    moduleOf(specifier) {
      const declaration = checker.getSymbolAtLocation(specifier)?.declarations?.[0];
      return declaration && ts.isSourceFile(declaration) ? declaration : undefined;
    },
    signatureOf: (call) => checker.getResolvedSignature(call)?.declaration,
    typesOf(node) {
      const queue = [...partsOf(checker.getTypeAtLocation(node))];
      const declarations: ts.Declaration[] = [];
      for (const type of queue) {
        const symbol = type.aliasSymbol ?? type.getSymbol();
        const declaration = symbol?.declarations?.[0];
        if (declaration) declarations.push(declaration);
        if (type.aliasSymbol && type.getSymbol()?.declarations?.[0])
          declarations.push(type.getSymbol()!.declarations![0]!);
        if (queue.length < maxTypes && type.isClassOrInterface()) queue.push(...checker.getBaseTypes(type));
        else if (queue.length < maxTypes) queue.push(...targetBases(type));
      }
      return declarations;
    },
    mayHaveProperty(node, property) {
      const type = checker.getNonNullableType(checker.getTypeAtLocation(node));
      if (saysNothing(type)) return undefined;
      return (type.isUnion() ? type.types : [type]).some((part) => part.getProperty(property) !== undefined);
    },
    isThenable(node) {
      const type = checker.getTypeAtLocation(node);
      if (saysNothing(type)) return undefined;
      return (type.isUnion() ? type.types : [type]).some((part) => part.getProperty('then') !== undefined);
    },
    answersPromise(declaration) {
      const signature = checker.getSignatureFromDeclaration(declaration);
      const type = signature && checker.getReturnTypeOfSignature(signature);
      if (!type) return false;
      return (type.isUnion() ? type.types : [type]).every((part) => part.getSymbol()?.name === 'Promise');
    },
    isNarrowed(reference) {
      const { parent } = reference;
      const symbol = ts.isShorthandPropertyAssignment(parent)
        ? checker.getShorthandAssignmentValueSymbol(parent)
        : checker.getSymbolAtLocation(reference);
      const declaration = symbol?.valueDeclaration;
      if (!symbol || !declaration) return false;
      // `let where;` is what it was last given.
      if (ts.isVariableDeclaration(declaration) && !declaration.type && !declaration.initializer) return true;
      const declared = checker.getTypeOfSymbolAtLocation(symbol, declaration);
      if (!declared.isUnion() && !saysNothing(declared)) return false;
      return checker.getTypeAtLocation(reference) !== declared;
    },
    stringsOf(node) {
      const type = checker.getTypeAtLocation(node);
      const parts = type.isUnion() ? type.types : [type];
      return parts.every((part) => part.isStringLiteral()) ? parts.map(({ value }) => value) : undefined;
    },
  };

  /** `Repository<User>` is a reference to `Repository`, which is what has bases. */
  function targetBases(type: ts.Type): ts.Type[] {
    const { target } = type as ts.TypeReference;
    return target && target !== type && target.isClassOrInterface() ? checker.getBaseTypes(target) : [];
  }
}
