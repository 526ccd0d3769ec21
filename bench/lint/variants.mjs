const plain = '@typescript-eslint/no-floating-promises';

/** What is linted with: every variant has types at hand (`projectService`), and differs in its rules alone. */
export const variants = [
  { id: 'B', title: 'no rules', configs: () => [] },
  {
    id: 'C',
    title: '`no-floating-promises` alone',
    configs: ({ typescriptEslint }) => [
      { plugins: { '@typescript-eslint': typescriptEslint.plugin }, rules: { [plain]: 'error' } },
    ],
  },
  { id: 'H', title: 'Holdfast `recommended` alone', configs: ({ holdfast }) => [holdfast.configs.recommended] },
  {
    id: 'D-',
    title: '`recommended-type-checked` without `no-floating-promises`',
    configs: ({ typescriptEslint }) => [
      ...typescriptEslint.configs.recommendedTypeChecked,
      { rules: { [plain]: 'off' } },
    ],
  },
  {
    id: 'D',
    title: '`recommended-type-checked`',
    configs: ({ typescriptEslint }) => typescriptEslint.configs.recommendedTypeChecked,
  },
  {
    id: 'DH',
    title: '`recommended-type-checked` and Holdfast `recommended`',
    configs: ({ typescriptEslint, holdfast }) => [
      ...typescriptEslint.configs.recommendedTypeChecked,
      holdfast.configs.recommended,
    ],
  },
];
