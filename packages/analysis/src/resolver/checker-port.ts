import type ts from 'typescript';
import type { TypeScript } from '../typescript.js';

/** The few questions the analysis asks a type checker. A second compiler has to answer these and nothing else. */
export interface CheckerPort {
  /** The declaration an expression or import stands for, through imports and re-exports. */
  declarationOf(node: ts.Node): ts.Declaration | undefined;
  /** The declaration of the signature that a call selects. */
  signatureOf(call: ts.CallExpression): ts.Node | undefined;
  /** The names of the type of an expression: its symbol and the members of a union. */
  typeNames(node: ts.Expression): readonly string[];
  /** Whether a value of this type can have the property; `undefined` when the type says nothing (`any`). */
  mayHaveProperty(node: ts.Expression, property: string): boolean | undefined;
}

export function createCheckerPort(ts: TypeScript, program: ts.Program): CheckerPort {
  const checker = program.getTypeChecker();
  return {
    declarationOf(node) {
      let symbol = checker.getSymbolAtLocation(node);
      if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
      return symbol?.valueDeclaration ?? symbol?.declarations?.[0];
    },
    signatureOf: (call) => checker.getResolvedSignature(call)?.declaration,
    typeNames(node) {
      const type = checker.getTypeAtLocation(node);
      const parts = type.isUnion() ? type.types : [type];
      return parts.flatMap((part) => part.getSymbol()?.name ?? []);
    },
    mayHaveProperty(node, property) {
      const type = checker.getNonNullableType(checker.getTypeAtLocation(node));
      if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter)) return undefined;
      return (type.isUnion() ? type.types : [type]).some((part) => part.getProperty(property) !== undefined);
    },
  };
}
