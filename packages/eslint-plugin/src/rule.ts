import { ignoreMessages, type Check, type Preset } from '@holdfast/analysis';
import type { TSESLint } from '@typescript-eslint/utils';
import { findingsOf } from './findings.js';

type Options = readonly [{ readonly preset?: Preset }?];
export type Rule = TSESLint.RuleModule<string, Options>;

/** A check as a rule. It reports what the analysis found and decides nothing. */
export function ruleOf(check: Check): Rule {
  return {
    meta: {
      type: 'problem',
      docs: { description: check.harm },
      messages: { ...check.messages, ...ignoreMessages },
      schema: [
        {
          type: 'object',
          properties: { preset: { type: 'string', enum: ['recommended', 'strict'] } },
          additionalProperties: false,
        },
      ],
    },
    defaultOptions: [],
    create(context) {
      const preset = context.options[0]?.preset ?? 'recommended';
      return {
        'Program:exit'() {
          const { sourceCode } = context;
          for (const { ruleId, messageId, data, start, end } of findingsOf(context, preset)) {
            if (ruleId !== check.id) continue;
            const loc = { start: sourceCode.getLocFromIndex(start), end: sourceCode.getLocFromIndex(end) };
            context.report({ loc, messageId, data });
          }
        },
      };
    },
  };
}
