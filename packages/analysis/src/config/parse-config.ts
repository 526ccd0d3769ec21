import type { Catalogue } from '../catalogue/catalogue.js';
import type { Config } from './config.js';
import { ConfigError } from './config-error.js';
import { catalogueShape, configShape, type Shape } from './schema.js';

/**
 * Checks what a configuration file says.
 *
 * @param file Name of the file, for the message.
 * @throws {ConfigError} `HOLDFAST_CONFIG`, at the first mistake.
 */
export function parseConfig(value: unknown, file: string): Config {
  const reader = new Reader(file, value);
  const config = reader.read(configShape, value, []) as Config;
  for (const [index, { member, timeout, effect, retries, because }] of (config.assume ?? []).entries()) {
    const path = ['assume', index];
    if (timeout === undefined && effect === undefined && retries === undefined)
      reader.fail(path, 'it assumes nothing: say timeout, effect or retries');
    if (timeout && !because) reader.fail([...path, 'because'], 'an assumed timeout says what ends the calls');
    if (retries !== undefined && member !== undefined)
      reader.fail([...path, 'retries'], 'a client retries all its calls: leave out member');
  }
  return config;
}

/** Checks the rows that a package brings. @throws {ConfigError} `HOLDFAST_CONFIG`, at the first mistake. */
export function parseCatalogue(value: unknown, file: string): Catalogue {
  return new Reader(file, value).read(catalogueShape, value, []) as Catalogue;
}

type Path = readonly (string | number)[];

/** Copies what fits a shape; a field that is `undefined` is left out. */
class Reader {
  readonly #file: string;
  readonly #root: unknown;

  constructor(file: string, root: unknown) {
    this.#file = file;
    this.#root = root;
  }

  read(shape: Shape, value: unknown, path: Path): unknown {
    switch (shape.kind) {
      case 'text':
        return typeof value === 'string' && value !== '' ? value : this.#refuse(shape, value, path);
      case 'true':
        return value === true ? value : this.#refuse(shape, value, path);
      case 'count':
        return Number.isSafeInteger(value) && (value as number) >= 0 ? value : this.#refuse(shape, value, path);
      case 'oneOf':
        return shape.values.some((allowed) => allowed === value) ? value : this.#refuse(shape, value, path);
      case 'list':
        if (!Array.isArray(value)) return this.#refuse(shape, value, path);
        return value.map((element, index) => this.read(shape.of, element, [...path, index]));
      case 'byName':
        if (!isObject(value)) return this.#refuse(shape, value, path);
        return this.#entries(value, path, () => shape.of);
      case 'object': {
        if (!isObject(value)) return this.#refuse(shape, value, path);
        const { fields, required } = shape;
        const read = this.#entries(value, path, (name) =>
          Object.hasOwn(fields, name) ? fields[name]! : this.#refuseField(name, Object.keys(fields), path),
        );
        for (const name of required) if (!Object.hasOwn(read, name)) this.fail(path, `"${name}" is missing`);
        return read;
      }
      case 'either': {
        const fitting = shape.shapes.find((one) => looksLike(one, value));
        return fitting ? this.read(fitting, value, path) : this.#refuse(shape, value, path);
      }
    }
  }

  /** @throws {ConfigError} Always. */
  fail(path: Path, what: string): never {
    throw new ConfigError(`${this.#file}: ${this.#place(path)}${what}`, { file: this.#file, path: written(path) });
  }

  #entries(value: object, path: Path, shapeOf: (name: string) => Shape): object {
    const given = Object.entries(value).filter(([, entry]) => entry !== undefined);
    return Object.fromEntries(given.map(([name, entry]) => [name, this.read(shapeOf(name), entry, [...path, name])]));
  }

  #refuse(shape: Shape, value: unknown, path: Path): never {
    const isChoice = shape.kind === 'oneOf' || shape.kind === 'either';
    this.fail(path, `${shown(value)} is not ${isChoice ? 'one of ' : ''}${described(shape)}`);
  }

  #refuseField(name: string, allowed: readonly string[], path: Path): never {
    const near = nearest(name, allowed);
    const cure = near === undefined ? `there may be ${allowed.join(', ')}` : `did you mean "${near}"?`;
    this.fail([...path, name], `unknown field, ${cure}`);
  }

  /** `catalogue[0] (acme), types.Client.members.charge.effect: ` */
  #place(path: Path): string {
    if (path.length === 0) return '';
    const end = path.findIndex((part) => typeof part === 'number') + 1;
    const row: unknown = path
      .slice(0, end)
      .reduce<unknown>((at, part) => (at as Record<string | number, unknown>)[part], this.#root);
    const name = end > 0 && isObject(row) ? (row as { readonly module?: unknown }).module : undefined;
    if (typeof name !== 'string') return `${written(path)}: `;
    return [`${written(path.slice(0, end))} (${name})`, written(path.slice(end))].filter(Boolean).join(', ') + ': ';
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Which of several shapes was meant: of objects, one that has a field of this one. */
function looksLike(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string';
    case 'true':
      return value === true;
    case 'count':
      return typeof value === 'number';
    case 'oneOf':
      return shape.values.some((allowed) => allowed === value);
    case 'list':
      return Array.isArray(value);
    case 'byName':
      return isObject(value);
    case 'object':
      return isObject(value) && Object.keys(value).some((name) => Object.hasOwn(shape.fields, name));
    case 'either':
      return shape.shapes.some((one) => looksLike(one, value));
  }
}

function described(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
      return 'a text';
    case 'true':
      return 'true';
    case 'count':
      return 'a whole number of at least 0';
    case 'oneOf':
      return shape.values.join(', ');
    case 'list':
      return shape.of.kind === 'text' ? 'a list of texts' : 'a list';
    case 'byName':
      return 'an object with an entry for each name';
    case 'object':
      return `{ ${(shape.required.length > 0 ? shape.required : Object.keys(shape.fields)).join(', ')} }`;
    case 'either':
      return shape.shapes.map(described).join(', ');
  }
}

function shown(value: unknown): string {
  const text = typeof value === 'function' ? 'a function' : (asJson(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Code can make what JSON cannot hold. */
function asJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function written(path: Path): string {
  return path
    .map((part, at) => (typeof part === 'number' ? `[${String(part)}]` : `${at > 0 ? '.' : ''}${part}`))
    .join('');
}

/** The name that was meant, when there is one at most a third away. */
function nearest(name: string, allowed: readonly string[]): string | undefined {
  const [best] = allowed
    .map((candidate) => ({ candidate, distance: distanceOf(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined;
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function distanceOf(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? rows[i - 2]![j - 2]! + 1 : Infinity;
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replaced, swapped));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
