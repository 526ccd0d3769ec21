import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { CallLike } from '../facts/file-facts.js';
import { rewrap } from '../resolver/unwrap.js';
import type { Region } from '../summaries/regions.js';
import { isIterating, isTogether } from './iteration.js';
import { registration } from './routes.js';
import { isWrapped } from './wrapped.js';

/** A call that leads to a function. */
export interface CallerSite {
  readonly site: CallLike;
  /** The guard that the function is handed to. */
  readonly region?: Region;
  /** It calls the function; hands it to what runs it once, or under a guard; hands it to who does with it what they like. */
  readonly role: 'called' | 'handed' | 'kept';
}

export interface CallersInSight {
  /** Nobody in the project calls it, or anyone may. */
  isEntry(owner: ts.Node): boolean;
  of(owner: ts.Node): readonly CallerSite[];
}

const runningOnce = new Set(['then', 'catch', 'finally']);

/** All calls of a function that can be found, also when others may call it as well. */
export function createCallersInSight(tools: Analysis): CallersInSight {
  const { ts, callers, facts, reachable, regions } = tools;

  function byName(owner: ts.Node): CallerSite[] {
    const name = nameOf(owner);
    const fn = functionOf(owner);
    if (name === undefined || !fn) return [];
    const found: CallerSite[] = [];
    for (const file of tools.mentioning(name)) {
      for (const mention of facts(file).mentions.get(name)!) {
        const call = callOf(mention);
        if (call && tools.budget.spend() && reachable.calleesOf(call.site).some((callee) => callee === fn))
          found.push(call);
      }
    }
    return found;
  }

  /** The call whose callee, or one of whose arguments, ends with a name. */
  function callOf(mention: ts.Node): CallerSite | undefined {
    const access = mention.parent;
    const named = ts.isPropertyAccessExpression(access) && access.name === mention ? access : mention;
    let outer = rewrap(ts, named);
    // `breaker.fire()` calls what the breaker was made around.
    if (ts.isPropertyAccessExpression(outer.parent) && ts.isCallExpression(outer.parent.parent)) outer = outer.parent;
    const call = outer.parent;
    if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return undefined;
    return call.expression === outer ? { site: call, role: 'called' } : handedTo(call);
  }

  function handedTo(call: CallLike): CallerSite | undefined {
    if (registration(call, tools) !== undefined) return undefined;
    const region = regions.at(call);
    if (region && region.form !== 'attaches') return { site: call, region, role: 'handed' };
    const callee = ts.isCallExpression(call) ? call.expression : undefined;
    const isOnce =
      (callee && ts.isPropertyAccessExpression(callee) && runningOnce.has(callee.name.text)) ||
      (isIterating(call, ts) && isTogether(call, ts));
    return { site: call, role: isOnce ? 'handed' : 'kept' };
  }

  function nameOf(owner: ts.Node): string | undefined {
    if (ts.isConstructorDeclaration(owner)) return owner.parent.name?.text;
    const { name } = owner as Partial<ts.NamedDeclaration>;
    return name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name.text : undefined;
  }

  function functionOf(owner: ts.Node): ts.Node | undefined {
    const value = (owner as Partial<ts.VariableDeclaration>).initializer;
    return value && !ts.isFunctionLike(owner) ? reachable.functionsOf(value)[0] : owner;
  }

  return {
    isEntry: (owner) => (isWrapped(owner, tools) ? byName(owner) : (callers.usesOf(owner) ?? [])).length === 0,
    of(owner) {
      const uses = isWrapped(owner, tools) ? undefined : callers.usesOf(owner);
      if (!uses) return byName(owner);
      return uses.map(({ site, region }): CallerSite => {
        const call = site as CallLike;
        if (region) return { site: call, region, role: 'handed' };
        const isCalled = reachable.calleesOf(call).length === 0 || isCallee(call, nameOf(owner));
        return isCalled ? { site: call, role: 'called' } : (handedTo(call) ?? { site: call, role: 'kept' });
      });
    },
  };

  /** Whether a call says the name as what it calls, and not among its arguments. */
  function isCallee(call: CallLike, name: string | undefined): boolean {
    const callee = ts.isTaggedTemplateExpression(call) ? call.tag : call.expression;
    const last = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
    const given = 'arguments' in call ? (call.arguments ?? []) : [];
    return last.getText() === name || !given.some((argument) => argument.getText().endsWith(name ?? ' '));
  }
}
