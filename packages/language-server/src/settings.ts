import { parseEditorSettings, type EditorSettings } from '@holdfast/analysis/editor';
import type ts from 'typescript';
import type { Connection, InitializeParams } from 'vscode-languageserver/node';

/** What the user wants of files, as the editor tells it. */
export interface Settings {
  /** Those of a document of a program, over those that its tsconfig gives the plugin: one project has one preset, whatever shows it. */
  of(uri: string, program: ts.Program): EditorSettings;
  /** Asks for those of a document: they may differ between the folders of a workspace. */
  learn(uri: string): void;
  forget(uri: string): void;
  /** The editor has others; some send them along. */
  change(sent: unknown): void;
  /** All that was asked for has come. */
  ready(): Promise<void>;
}

export const section = 'holdfast';

/** @param warn Hears of what is wrong in them. */
export function createSettings(
  connection: Connection,
  { capabilities, initializationOptions }: InitializeParams,
  warn: (message: string) => void,
): Settings {
  let fallback: unknown = ownPart(initializationOptions) ?? initializationOptions;
  const known = new Map<string, unknown>();
  let asked: Promise<void> = Promise.resolve();

  function learn(uri: string): void {
    if (!capabilities.workspace?.configuration) return;
    if (!known.has(uri)) known.set(uri, undefined);
    const answer = connection.workspace.getConfiguration({ scopeUri: uri, section }).then(
      (given: unknown) => {
        if (known.has(uri)) known.set(uri, given);
      },
      (error: unknown) => warn(`the settings of ${uri} are unknown: ${String(error)}`),
    );
    asked = Promise.all([asked, answer]).then(() => undefined);
  }

  return {
    of(uri, program) {
      const given = known.get(uri) ?? fallback;
      return parseEditorSettings({ ...pluginEntry(program), ...(isObject(given) ? given : {}) }, warn);
    },
    learn,
    forget: (uri) => void known.delete(uri),
    change(sent) {
      fallback = ownPart(sent) ?? fallback;
      for (const uri of known.keys()) learn(uri);
    },
    ready: () => asked,
  };
}

function pluginEntry(program: ts.Program): object | undefined {
  const plugins = program.getCompilerOptions()['plugins'];
  const entries: readonly unknown[] = Array.isArray(plugins) ? plugins : [];
  return entries.filter(isObject).find(({ name }) => name === '@holdfast/typescript-plugin');
}

/** Of the settings of all servers. */
function ownPart(settings: unknown): unknown {
  return isObject(settings) ? settings[section] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
