// A project in a language service, as an editor keeps it, with one file that is being edited.
import { dirname } from 'node:path';
import ts from 'typescript';

/** @param {string} tsconfig */
export function openProject(tsconfig) {
  const { config, error } = ts.readConfigFile(tsconfig, ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const folder = dirname(tsconfig);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const { fileExists, readFile, readDirectory, directoryExists, getDirectories, realpath } = ts.sys;
  const edited = { name: '', text: '', version: 0 };
  const host = {
    getCompilationSettings: () => options,
    getScriptFileNames: () => fileNames,
    getScriptVersion: (name) => String(name === edited.name ? edited.version : 0),
    getScriptSnapshot: (name) => {
      const text = name === edited.name ? edited.text : readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    ...{ fileExists, readFile, readDirectory, directoryExists, getDirectories, realpath },
  };
  return {
    service: ts.createLanguageService(host, ts.createDocumentRegistry()),
    /** @param {ts.SourceFile} file The one that is edited from now on. */
    open({ fileName, text }) {
      Object.assign(edited, { name: fileName, text });
    },
    /** @param {number} start @param {number} end @param {string} text */
    edit(start, end, text) {
      edited.text = edited.text.slice(0, start) + text + edited.text.slice(end);
      edited.version += 1;
    },
  };
}

/**
 * The statement of a function that is nearest to the middle of the file.
 *
 * @param {ts.SourceFile} file
 */
export function statementInTheMiddle(file) {
  const middle = file.text.length / 2;
  let nearest;
  const visit = (node) => {
    if (ts.isBlock(node)) {
      for (const statement of node.statements) {
        if (!nearest || Math.abs(statement.pos - middle) < Math.abs(nearest.pos - middle)) nearest = statement;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  if (!nearest) throw new Error(`${file.fileName} has no statement to edit`);
  return nearest;
}
