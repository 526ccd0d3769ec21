import type { Effect } from '../catalogue/catalogue.js';

/** What repeating a statement would do, by its text. What is put into it is a `?`. */
export function sqlEffect(text: string): Effect {
  const sql = text
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
  const statements = sql.split(';').filter((statement) => statement.trim() !== '');
  if (statements.length === 0) return 'unknown';
  const effects = statements.map(statementEffect);
  for (const effect of ['write', 'unknown', 'idempotent-write'] as const) if (effects.includes(effect)) return effect;
  return 'read';
}

function statementEffect(statement: string): Effect {
  const sql = statement.trim();
  const verb = /^\(*\s*([a-z]+)/.exec(sql)?.[1] ?? '';
  switch (verb) {
    case 'select':
    case 'values':
    case 'table':
      // `select nextval(…)` and locks aside, a select changes nothing.
      return /\b(?:nextval|setval|pg_notify)\s*\(/.test(sql) ? 'write' : 'read';
    case 'show':
    case 'explain':
    case 'describe':
    case 'desc':
    case 'pragma':
    case 'set':
    case 'begin':
    case 'start':
    case 'commit':
    case 'rollback':
    case 'savepoint':
    case 'release':
    case 'listen':
    case 'unlisten':
    case 'use':
    case 'fetch':
      return 'read';
    case 'with':
      return /\b(?:insert into|update|delete from|merge into)\b/.test(sql) ? withEffect(sql) : 'read';
    case 'insert':
      return insertEffect(sql);
    case 'replace':
    case 'merge':
    case 'upsert':
      return 'idempotent-write';
    case 'update':
      return updateEffect(sql);
    case 'delete':
    case 'truncate':
    case 'drop':
    case 'refresh':
    case 'vacuum':
    case 'analyze':
    case 'grant':
    case 'revoke':
      return 'idempotent-write';
    case 'create':
    case 'alter':
      return /\bif not exists\b|\bor replace\b|\bif exists\b/.test(sql) ? 'idempotent-write' : 'write';
    case 'copy':
    case 'notify':
      return 'write';
    default:
      // A procedure does whatever it does.
      return 'unknown';
  }
}

function withEffect(sql: string): Effect {
  if (/\binsert into\b/.test(sql)) return insertEffect(sql);
  return /\bupdate\b/.test(sql) ? updateEffect(sql) : 'idempotent-write';
}

function insertEffect(sql: string): Effect {
  const conflict =
    /\bon conflict\b|\bon duplicate key update\b|\binsert ignore\b|\binsert or (?:ignore|replace)\b/.exec(sql);
  if (!conflict) return 'write';
  // `… do update set count = counters.count + 1` counts again.
  return isRelative(sql.slice(conflict.index)) ? 'write' : 'idempotent-write';
}

function updateEffect(sql: string): Effect {
  const set = /\bset\b([\s\S]*?)(?:\bwhere\b|\breturning\b|\bfrom\b|$)/.exec(sql)?.[1] ?? '';
  return isRelative(set) ? 'write' : 'idempotent-write';
}

/** `count = count + 1`: the new value depends on the old one. */
function isRelative(assignments: string): boolean {
  return /(?:^|[\s,(."`])(\w+)["`]?\s*=\s*(?:coalesce\s*\(\s*)?(?:["`\w]+\.)?["`]?\1\b["`]?[^,=]*(?:[+\-*/]|\|\|)/.test(
    assignments,
  );
}
