import { ignoreMessages, type CheckInfo, type Fix, type Preset, type ReportAt } from '@holdfast/analysis';
import type { TSESLint } from '@typescript-eslint/utils';
import { findingsOf, readConfig } from './findings.js';

type Options = readonly [{ readonly preset?: Preset; readonly reportAt?: ReportAt }?];
export type Rule = TSESLint.RuleModule<string, Options>;

/** A check as a rule. It reports what the analysis found and decides nothing. */
export function ruleOf(check: CheckInfo): Rule {
  return {
    meta: {
      type: 'problem',
      docs: { description: check.harm },
      messages: { ...check.messages, ...ignoreMessages },
      fixable: 'code',
      hasSuggestions: true,
      schema: [
        {
          type: 'object',
          properties: {
            preset: { type: 'string', enum: ['recommended', 'strict'] },
            reportAt: { type: 'string', enum: ['client', 'call'] },
          },
          additionalProperties: false,
        },
      ],
    },
    defaultOptions: [],
    create(context) {
      readConfig(context);
      const { preset = 'recommended', reportAt = 'client' } = context.options[0] ?? {};
      return {
        'Program:exit'() {
          const { sourceCode } = context;
          for (const { messageId, data, start, end, fixes } of findingsOf(context, check.id, { preset, reportAt })) {
            const loc = { start: sourceCode.getLocFromIndex(start), end: sourceCode.getLocFromIndex(end) };
            const safe = fixes.find(({ isSafe }) => isSafe);
            const suggest = fixes
              .filter(({ isSafe }) => !isSafe)
              .map((fix) => ({ messageId: fix.messageId, data: fix.data, fix: applying(fix) }));
            context.report({ loc, messageId, data, suggest, ...(safe ? { fix: applying(safe) } : {}) });
          }
        },
      };
    },
  };
}

function applying({ edits }: Fix): TSESLint.ReportFixFunction {
  return (fixer) => edits.map(({ start, end, text }) => fixer.replaceTextRange([start, end], text));
}
