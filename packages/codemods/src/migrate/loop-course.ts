import { ts } from 'ts-morph';
import { Obstacle } from './migration.js';
import { knownNumber, numberText } from './options.js';
import { longestTimer, sleepOf } from './sleep.js';

/** A loop that runs an operation until it succeeds. */
export interface Loop {
  readonly loop: ts.IterationStatement;
  readonly body: readonly ts.Statement[];
  readonly attempt: ts.TryStatement;
}

/** What `withRetry` has to be told to do the same. */
export interface Numbers {
  readonly attempts: string;
  /** Undefined when there is one attempt only. */
  readonly delay: string | undefined;
}

/** A time to wait, and how far ahead of the number of the failed attempt each counter is then. */
interface Pause {
  readonly ms: Value;
  readonly node: ts.Expression;
  readonly ahead: ReadonlyMap<ts.Symbol, number>;
}

type Value = number | boolean;
type End = 'break' | 'continue' | 'throw' | undefined;

/** Who repeats more often than this by hand does not count. */
const mostAttempts = 100;
const stateful = (): Obstacle => new Obstacle('stateful-loop');

/** Runs through a loop with its own numbers, the operation failing every time. Whatever is not understood is an obstacle. */
export class Course {
  readonly #loop: Loop;
  readonly #checker: ts.TypeChecker;
  readonly #caught: ts.Symbol;
  /** Counters: numbers that only the loop reads and writes. */
  readonly #counters = new Map<ts.Symbol, number>();
  /** `lastError`: variables that get what was caught, and after which attempt they did; 0 for none. */
  readonly #holders = new Map<ts.Symbol, number>();
  readonly #declarations: ts.VariableStatement[] = [];
  /** Reasons in the error to give up, each with the attempts after which they are asked for. */
  readonly #predicates = new Map<ts.Expression, Set<number>>();
  readonly #bounds = new Set<ts.Identifier>();
  /** One per retry: the delay, and by how much a counter is ahead of the number of the failed attempt then. */
  readonly #pauses: (Pause | undefined)[] = [];
  /** `const delay = …` in the loop. */
  readonly #locals = new Map<ts.Symbol, Pause>();
  #attempts = 0;
  /** Whether this turn of the loop has come to the operation. */
  #isTried = false;
  #pause: Pause | undefined;
  #isCondition = false;

  /** @throws {Obstacle} When variables are used in another way than by a loop that counts. */
  constructor(loop: Loop, checker: ts.TypeChecker) {
    this.#loop = loop;
    this.#checker = checker;
    const variable = loop.attempt.catchClause?.variableDeclaration?.name;
    const caught = variable && checker.getSymbolAtLocation(variable);
    if (!variable || !ts.isIdentifier(variable) || !caught) throw stateful();
    this.#caught = caught;
    if (ts.isForStatement(loop.loop) && loop.loop.initializer) this.#declare(loop.loop.initializer);
    this.#declareBefore();
  }

  /** @throws {Obstacle} When it may end in another way than by throwing the last error at once. */
  run(): Numbers {
    const { loop } = this.#loop;
    const [condition, increment] = ts.isForStatement(loop)
      ? [loop.condition, loop.incrementor]
      : [(loop as ts.WhileStatement | ts.DoStatement).expression, undefined];
    for (let isFirst = true; ; isFirst = false) {
      const isAsked = condition && !(isFirst && ts.isDoStatement(loop));
      if (isAsked && !this.#isTrue(condition)) return this.#isOver(this.#afterLoop());
      this.#pause = undefined;
      this.#isTried = false;
      const end = this.#runAll(this.#loop.body);
      if (end === 'throw') return this.#isOver(true);
      if (end === 'break') return this.#isOver(this.#afterLoop());
      if (increment) this.#value(increment);
      if (!this.#isTried) throw stateful();
      this.#pauses.push(this.#pause);
    }
  }

  /** Which errors are repeated. */
  retryIf(): string {
    const [first, ...others] = this.#predicates;
    if (!first) return '() => true';
    const [predicate, asked] = first;
    const isAlways = Array.from({ length: this.#attempts - 1 }, (_, index) => asked.has(index + 1)).every(Boolean);
    if (others.length > 0 || !isAlways) throw stateful();
    return `(${this.#caught.name}) => ${negated(predicate)}`;
  }

  /** What stands before the loop for it alone. */
  declarations(): readonly ts.Statement[] {
    return this.#declarations;
  }

  isState(symbol: ts.Symbol): boolean {
    return this.#counters.has(symbol) || this.#holders.has(symbol) || this.#locals.has(symbol);
  }

  /** The variable that a node writes. */
  written(node: ts.Node): ts.Identifier | undefined {
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      const writes = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
      return writes && ts.isIdentifier(node.operand) ? node.operand : undefined;
    }
    if (!ts.isBinaryExpression(node) || !isAssignment(node)) return undefined;
    // Destructuring may write anything.
    if (ts.isObjectLiteralExpression(node.left) || ts.isArrayLiteralExpression(node.left)) throw stateful();
    return ts.isIdentifier(node.left) ? node.left : undefined;
  }

  /** The last failure ends it: with the error itself, and at once. */
  #isOver(isThrown: boolean): Numbers {
    // A condition that ends the loop is asked after the last failure: what was waited then was waited for nothing.
    const waited = this.#pauses.length === this.#attempts ? this.#pauses.pop() : undefined;
    const isLate = waited !== undefined || this.#pause !== undefined;
    if (!isThrown || isLate || this.#attempts < 1) throw stateful();
    const [first] = this.#pauses;
    return {
      attempts: this.#boundText(),
      delay: this.#attempts === 1 ? undefined : first ? this.#delayText(first.node) : this.#noDelay(),
    };
  }

  #boundText(): string {
    for (const bound of this.#bounds) {
      const { value, text } = knownNumber(bound, this.#checker);
      if (value === this.#attempts) return text;
      if (value + 1 === this.#attempts) return `${text} + 1`;
    }
    return numberText(this.#attempts);
  }

  #noDelay(): string {
    if (this.#pauses.some((pause) => pause)) throw stateful();
    return '() => 0';
  }

  #delayText(node: ts.Expression): string {
    const pauses = this.#pauses.filter((pause) => pause?.node === node) as Pause[];
    if (pauses.length < this.#pauses.length || this.#isWritten(node)) throw stateful();
    for (const { ms } of pauses) {
      if (typeof ms !== 'number') throw stateful();
      if (ms > longestTimer) throw new Obstacle('unbounded');
      // A timer takes these for something else.
      if (!(ms >= 1) || !Number.isInteger(ms)) throw new Obstacle('invalid-option');
    }
    const counters = identifiersIn(node).filter((name) => {
      const symbol = this.#checker.getSymbolAtLocation(name);
      return symbol && this.#counters.has(symbol);
    });
    const isClash = identifiersIn(node).some(
      (name) => !counters.includes(name) && (name.text === 'attempt' || name.text === '_'),
    );
    if (isClash) throw new Obstacle('dynamic-option');
    if (counters.length === 0) return `() => ${node.getText()}`;
    let text = node.getText();
    for (const name of counters.toReversed()) {
      const symbol = this.#checker.getSymbolAtLocation(name)!;
      const ahead = pauses[0]!.ahead.get(symbol)!;
      // A counter that does not count attempts, such as a delay that is doubled.
      if (pauses.some((pause) => pause.ahead.get(symbol) !== ahead)) throw stateful();
      const number = ahead === 0 ? 'attempt' : `(attempt ${ahead < 0 ? '-' : '+'} ${String(Math.abs(ahead))})`;
      const at = name.getStart() - node.getStart();
      text = text.slice(0, at) + number + text.slice(at + name.text.length);
    }
    return `(_, attempt) => ${text}`;
  }

  #isWritten(node: ts.Node): boolean {
    return (
      this.written(node) !== undefined ||
      (ts.forEachChild(node, (child) => this.#isWritten(child) || undefined) ?? false)
    );
  }

  #afterLoop(): boolean {
    const { loop } = this.#loop;
    const { statements } = loop.parent as ts.Block;
    const next = statements[statements.indexOf(loop) + 1];
    return next !== undefined && ts.isThrowStatement(next) && this.#isCaught(next.expression);
  }

  #runAll(statements: readonly ts.Statement[]): End {
    for (const statement of statements) {
      const end = this.#step(statement);
      if (end) return end;
    }
    return undefined;
  }

  #step(statement: ts.Statement): End {
    if (statement === this.#loop.attempt) {
      this.#attempts += 1;
      this.#isTried = true;
      if (this.#attempts > mostAttempts) throw new Obstacle('unbounded');
      return this.#runAll(this.#loop.attempt.catchClause!.block.statements);
    }
    if (ts.isBlock(statement)) return this.#runAll(statement.statements);
    if (ts.isThrowStatement(statement)) {
      if (!this.#isCaught(statement.expression)) throw stateful();
      return 'throw';
    }
    if (ts.isContinueStatement(statement) || ts.isBreakStatement(statement)) {
      if (statement.label) throw stateful();
      return ts.isBreakStatement(statement) ? 'break' : 'continue';
    }
    if (ts.isIfStatement(statement)) return this.#choose(statement);
    if (ts.isExpressionStatement(statement)) this.#act(statement.expression);
    else if (ts.isVariableStatement(statement)) this.#name(statement.declarationList);
    else throw stateful();
    return undefined;
  }

  #name({ flags, declarations }: ts.VariableDeclarationList): void {
    for (const { name, initializer } of declarations) {
      const symbol = this.#checker.getSymbolAtLocation(name);
      if ((flags & ts.NodeFlags.Const) === 0 || !symbol || !initializer || this.#isAboutError(initializer))
        throw stateful();
      this.#locals.set(symbol, this.#timeOf(initializer));
    }
  }

  #timeOf(node: ts.Expression): Pause {
    const symbol = ts.isIdentifier(node) ? this.#checker.getSymbolAtLocation(node) : undefined;
    const named = symbol && this.#locals.get(symbol);
    if (named) return named;
    const ahead = new Map([...this.#counters].map(([counter, value]) => [counter, value - this.#attempts]));
    return { ms: this.#value(node), node, ahead };
  }

  #choose({ expression, thenStatement, elseStatement }: ts.IfStatement): End {
    const only = ts.isBlock(thenStatement) ? thenStatement.statements[0] : thenStatement;
    if (only && ts.isThrowStatement(only) && !elseStatement && this.#isCaught(only.expression)) {
      // Each part is a reason to give up.
      for (const part of partsOf(expression)) {
        if (this.#isAboutError(part)) this.#refuse(part);
        else if (this.#isTrue(part)) return 'throw';
      }
      return undefined;
    }
    if (this.#isAboutError(expression)) throw stateful();
    const branch = this.#isTrue(expression) ? thenStatement : elseStatement;
    return branch && this.#step(branch);
  }

  /** A reason in the error to give up at once. It is asked for another time in Holdfast, so it must not do or throw anything. */
  #refuse(part: ts.Expression): void {
    if (!isHarmless(part, this.#checker) || this.#pause || !this.#isTried) throw stateful();
    for (const name of identifiersIn(part)) {
      const symbol = this.#checker.getSymbolAtLocation(name);
      if (symbol && this.isState(symbol)) throw stateful();
    }
    const asked = this.#predicates.get(part) ?? new Set();
    this.#predicates.set(part, asked.add(this.#attempts));
  }

  #act(expression: ts.Expression): void {
    if (ts.isAwaitExpression(expression)) return this.#wait(expression.expression);
    if (ts.isCallExpression(expression)) throw stateful();
    const isKept = ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    const holder = isKept ? this.#checker.getSymbolAtLocation(expression.left) : undefined;
    if (isKept && holder && this.#holders.has(holder)) {
      if (this.#symbolOf(expression.right) !== this.#caught) throw stateful();
      this.#holders.set(holder, this.#attempts);
    } else this.#value(expression);
  }

  #wait(awaited: ts.Expression): void {
    const time = sleepOf(awaited, this.#checker);
    if (!time) throw stateful();
    const pause = this.#timeOf(time);
    if (this.#isTried) {
      if (this.#pause) throw stateful();
      this.#pause = pause;
    } else {
      // Before the operation it is the time after the failure before.
      if (this.#pauses.length === 0 || this.#pauses.at(-1)) throw stateful();
      this.#pauses[this.#pauses.length - 1] = pause;
    }
  }

  #isCaught(node: ts.Expression): boolean {
    const symbol = this.#symbolOf(node);
    return symbol !== undefined && (symbol === this.#caught || this.#holders.get(symbol) === this.#attempts);
  }

  #symbolOf(node: ts.Expression): ts.Symbol | undefined {
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node)) {
      return this.#symbolOf(node.expression);
    }
    return ts.isIdentifier(node) ? this.#checker.getSymbolAtLocation(node) : undefined;
  }

  #isAboutError(node: ts.Node): boolean {
    return identifiersIn(node).some((name) => this.#checker.getSymbolAtLocation(name) === this.#caught);
  }

  #isTrue(node: ts.Expression): boolean {
    this.#isCondition = true;
    const value = this.#value(node);
    this.#isCondition = false;
    if (typeof value !== 'boolean') throw stateful();
    return value;
  }

  #value(node: ts.Expression): Value {
    if (ts.isParenthesizedExpression(node)) return this.#value(node.expression);
    if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
    if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
    if (ts.isIdentifier(node)) {
      const symbol = this.#checker.getSymbolAtLocation(node);
      const counted = symbol && this.#counters.get(symbol);
      if (counted !== undefined) return counted;
      const local = symbol && this.#locals.get(symbol);
      if (local) return local.ms;
      const { value } = knownNumber(node, this.#checker);
      if (this.#isCondition) this.#bounds.add(node);
      return value;
    }
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return this.#unary(node);
    if (ts.isBinaryExpression(node)) return this.#binary(node);
    if (ts.isCallExpression(node)) return this.#math(node);
    return knownNumber(node, this.#checker).value;
  }

  #unary(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): Value {
    if (node.operator === ts.SyntaxKind.ExclamationToken) return !this.#value(node.operand);
    const value = this.#value(node.operand);
    if (typeof value !== 'number') throw stateful();
    if (node.operator === ts.SyntaxKind.MinusToken) return -value;
    const step = { [ts.SyntaxKind.PlusPlusToken]: 1, [ts.SyntaxKind.MinusMinusToken]: -1 }[node.operator as number];
    if (step === undefined) throw stateful();
    this.#set(node.operand, value + step);
    return ts.isPrefixUnaryExpression(node) ? value + step : value;
  }

  #binary(node: ts.BinaryExpression): Value {
    const { left, right, operatorToken } = node;
    const { kind } = operatorToken;
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return this.#value(left) && this.#value(right);
    if (kind === ts.SyntaxKind.BarBarToken) return this.#value(left) || this.#value(right);
    if (kind === ts.SyntaxKind.EqualsToken) return this.#set(left, this.#value(right));
    const [a, b] = [this.#value(left), this.#value(right)];
    if (typeof a !== 'number' || typeof b !== 'number') throw stateful();
    const change = changes.get(kind);
    if (change) return this.#set(left, change(a, b));
    const operate = operators.get(kind);
    if (!operate) throw stateful();
    return operate(a, b);
  }

  #math({ expression, arguments: given }: ts.CallExpression): number {
    const operate = functions.get(expression.getText());
    const values = given.map((argument) => this.#value(argument));
    const numbers = values.filter((value) => typeof value === 'number');
    if (!operate || numbers.length !== values.length) throw new Obstacle('dynamic-option');
    return operate(...numbers);
  }

  #set(node: ts.Expression, value: Value): Value {
    const symbol = ts.isIdentifier(node) ? this.#checker.getSymbolAtLocation(node) : undefined;
    if (!symbol || !this.#counters.has(symbol) || typeof value !== 'number') throw stateful();
    this.#counters.set(symbol, value);
    return value;
  }

  /** The `let`s right before the loop that nothing but the loop, and the `throw` behind it, uses. */
  #declareBefore(): void {
    const { loop } = this.#loop;
    if (!ts.isBlock(loop.parent)) return;
    const { statements } = loop.parent;
    for (let at = statements.indexOf(loop) - 1; at >= 0; at--) {
      const statement = statements[at]!;
      if (!ts.isVariableStatement(statement) || (statement.declarationList.flags & ts.NodeFlags.Let) === 0) return;
      const rest = [...statements.slice(0, at), ...statements.slice(statements.indexOf(loop) + 2)];
      const symbols = statement.declarationList.declarations.map(({ name }) => this.#checker.getSymbolAtLocation(name));
      const isShared = rest.some((other) =>
        identifiersIn(other).some((name) => symbols.includes(this.#checker.getSymbolAtLocation(name))),
      );
      const mentioned = identifiersIn(loop).some((name) => symbols.includes(this.#checker.getSymbolAtLocation(name)));
      if (isShared || !mentioned) return;
      this.#declare(statement.declarationList);
      this.#declarations.push(statement);
    }
  }

  #declare(list: ts.ForInitializer): void {
    if (!ts.isVariableDeclarationList(list)) throw stateful();
    for (const { name, initializer } of list.declarations) {
      const symbol = this.#checker.getSymbolAtLocation(name);
      if (!symbol || !ts.isIdentifier(name)) throw stateful();
      const isEmpty = !initializer || /^(?:undefined|null)$/.test(initializer.getText());
      if (isEmpty) this.#holders.set(symbol, 0);
      else {
        const value = this.#value(initializer);
        if (typeof value !== 'number') throw stateful();
        this.#counters.set(symbol, value);
      }
    }
  }
}

const operators = new Map<ts.SyntaxKind, (a: number, b: number) => Value>([
  [ts.SyntaxKind.PlusToken, (a, b) => a + b],
  [ts.SyntaxKind.MinusToken, (a, b) => a - b],
  [ts.SyntaxKind.AsteriskToken, (a, b) => a * b],
  [ts.SyntaxKind.SlashToken, (a, b) => a / b],
  [ts.SyntaxKind.AsteriskAsteriskToken, (a, b) => a ** b],
  [ts.SyntaxKind.LessThanToken, (a, b) => a < b],
  [ts.SyntaxKind.LessThanEqualsToken, (a, b) => a <= b],
  [ts.SyntaxKind.GreaterThanToken, (a, b) => a > b],
  [ts.SyntaxKind.GreaterThanEqualsToken, (a, b) => a >= b],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, (a, b) => a === b],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, (a, b) => a !== b],
  [ts.SyntaxKind.EqualsEqualsToken, (a, b) => a === b],
  [ts.SyntaxKind.ExclamationEqualsToken, (a, b) => a !== b],
]);

const changes = new Map<ts.SyntaxKind, (a: number, b: number) => number>([
  [ts.SyntaxKind.PlusEqualsToken, (a, b) => a + b],
  [ts.SyntaxKind.MinusEqualsToken, (a, b) => a - b],
  [ts.SyntaxKind.AsteriskEqualsToken, (a, b) => a * b],
]);

const functions = new Map<string, (...values: number[]) => number>([
  ['Math.pow', (a = NaN, b = NaN) => a ** b],
  ['Math.min', Math.min],
  ['Math.max', Math.max],
  ['Math.round', (a = NaN) => Math.round(a)],
  ['Math.floor', (a = NaN) => Math.floor(a)],
  ['Math.ceil', (a = NaN) => Math.ceil(a)],
]);

function isAssignment({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function identifiersIn(node: ts.Node): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isIdentifier(inner)) found.push(inner);
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

/** `a || b`, as `a` and `b`. */
function partsOf(node: ts.Expression): ts.Expression[] {
  if (ts.isParenthesizedExpression(node)) return partsOf(node.expression);
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.BarBarToken
    ? [...partsOf(node.left), ...partsOf(node.right)]
    : [node];
}

/** Neither does nor throws anything: no call, no assertion that may be wrong, no property of what may not be there. */
function isHarmless(node: ts.Expression, checker: ts.TypeChecker): boolean {
  if (ts.isParenthesizedExpression(node)) return isHarmless(node.expression, checker);
  if (ts.isIdentifier(node) || ts.isLiteralExpression(node)) return true;
  if (ts.isTypeOfExpression(node)) return isHarmless(node.expression, checker);
  if (ts.isPrefixUnaryExpression(node)) {
    return node.operator === ts.SyntaxKind.ExclamationToken && isHarmless(node.operand, checker);
  }
  if (ts.isPropertyAccessExpression(node)) {
    const { flags } = checker.getTypeAtLocation(node.expression);
    const isTyped = ts.isIdentifier(node.expression) && (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) === 0;
    const isKnown = isTyped || node.questionDotToken !== undefined;
    return isKnown && isHarmless(node.expression, checker);
  }
  if (!ts.isBinaryExpression(node) || isAssignment(node)) return false;
  if (node.operatorToken.kind === ts.SyntaxKind.InKeyword) return false;
  return isHarmless(node.left, checker) && isHarmless(node.right, checker);
}

function negated(node: ts.Expression): string {
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const { operand } = node;
    const inner = ts.isParenthesizedExpression(operand) ? operand.expression : operand;
    const text = inner.getText();
    const isBoolean = ts.isBinaryExpression(inner) || ts.isPrefixUnaryExpression(inner);
    return isBoolean ? text : `Boolean(${text})`;
  }
  const isSimple = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node);
  return isSimple ? `!${node.getText()}` : `!(${node.getText()})`;
}
