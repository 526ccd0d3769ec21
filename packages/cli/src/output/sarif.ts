import { checks, type Edit, type Evidence, type Fix, type Location } from '@holdfast/analysis';
import type * as Sarif from 'sarif';
import { rulePage } from '../pages.js';
import type { NamedFinding } from './fingerprint.js';

/** The name of our fingerprints. A change of how they are made is a new version, so that no tool mixes the two. */
const fingerprintName = 'holdfast/v1';

/**
 * Findings as SARIF 2.1.0: each with the way that leads to it as a code flow, its fixes, and a fingerprint that outlives moved lines.
 *
 * @param fileOf A file as others know it, from the root of the repository.
 * @param textOf Its text: regions of edits have lines and columns.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarif(
  findings: readonly NamedFinding[],
  version: string,
  fileOf: (file: string) => string,
  textOf: (file: string) => string,
): string {
  const used = checks.filter(({ id }) => findings.some(({ finding }) => finding.ruleId === id));
  const artifact = (file: string): Sarif.ArtifactLocation => ({
    uri: encodeURI(fileOf(file)).replaceAll('#', '%23').replaceAll('?', '%3F'),
    uriBaseId: '%SRCROOT%',
  });
  const physical = (location: Location): Sarif.PhysicalLocation => ({
    artifactLocation: artifact(location.file),
    region: regionOf(location),
  });
  const step = (evidence: Evidence): Sarif.ThreadFlowLocation => ({
    location: { physicalLocation: physical(evidence), message: { text: evidence.text } },
  });
  const results = findings.map(({ finding, fingerprint }): Sarif.Result => {
    const { ruleId, message, path, fixes, confidence } = finding;
    const ruleIndex = used.findIndex(({ id }) => id === ruleId);
    return {
      ruleId,
      ...(ruleIndex < 0 ? {} : { ruleIndex }),
      level: 'error',
      message: { text: message },
      locations: [{ physicalLocation: physical(finding) }],
      partialFingerprints: { [fingerprintName]: fingerprint },
      ...(path.length > 1 ? { codeFlows: [{ threadFlows: [{ locations: path.map(step) }] }] } : {}),
      ...(fixes.length > 0 ? { fixes: fixes.map((fix) => fixOf(fix, finding.file, artifact, textOf)) } : {}),
      properties: { confidence },
    };
  });
  const rules = used.map(({ id, harm }): Sarif.ReportingDescriptor => {
    const page = rulePage(id);
    return {
      id,
      shortDescription: { text: `${harm}.` },
      ...(page === undefined ? {} : { help: { text: page, markdown: page } }),
      defaultConfiguration: { level: 'error' },
    };
  });
  const log: Sarif.Log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Holdfast', semanticVersion: version, rules } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function regionOf({ line, column, endLine, endColumn }: Location): Sarif.Region {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

function fixOf(
  { title, edits }: Fix,
  file: string,
  artifact: (file: string) => Sarif.ArtifactLocation,
  textOf: (file: string) => string,
): Sarif.Fix {
  return {
    description: { text: title },
    artifactChanges: [
      { artifactLocation: artifact(file), replacements: edits.map((edit) => replacementOf(edit, textOf(file))) },
    ],
  };
}

function replacementOf({ start, end, text }: Edit, whole: string): Sarif.Replacement {
  const [from, to] = [placeOf(whole, start), placeOf(whole, end)];
  return {
    deletedRegion: { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column },
    insertedContent: { text },
  };
}

function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split(/\r\n|[\n\r\u2028\u2029]/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
