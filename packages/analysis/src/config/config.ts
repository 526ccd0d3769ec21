import type { Catalogue, Effect } from '../catalogue/catalogue.js';

/** What a project says about itself in `holdfast.config.*`. */
export interface Config {
  /** Rows of the project's own clients, added to or replacing known ones name by name; later ones win. */
  readonly catalogue?: Catalogue;
  /** What holds for calls, though no code says so. */
  readonly assume?: readonly Assumption[];
}

/** Something that holds for all calls of a package, of one of its types, or of one member. */
export interface Assumption {
  /** The package, as it is imported; `global` for `fetch`. */
  readonly module: string;
  /** A class or interface that the package declares, and what extends it. */
  readonly type?: string;
  /** A member of that type; of every type and the package itself when none is named. */
  readonly member?: string;
  /** Something out of sight ends the calls: a server, a proxy, a connection string. */
  readonly timeout?: true;
  /** What the calls do, whatever method or text they are made with. */
  readonly effect?: Exclude<Effect, 'unknown'>;
  /** How often the client itself tries again, where no option says so; `false` for never. */
  readonly retries?: number | false;
  /** Why it holds; an assumed timeout needs it. */
  readonly because?: string;
}

/** Gives a configuration file its types, and returns what it is given. */
export function defineConfig(config: Config): Config {
  return config;
}
