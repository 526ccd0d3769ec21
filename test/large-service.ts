/** The files of a service that makes a map of about 300 nodes, for tests: handlers, services, clients, and what they go to. */
export function largeService(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const domains = [
    'orders',
    'payments',
    'stock',
    'users',
    'search',
    'shipping',
    'mail',
    'reports',
    'prices',
    'reviews',
    'stores',
    'refunds',
    'audits',
  ];
  for (const [number, domain] of domains.entries()) {
    const name = domain.charAt(0).toUpperCase() + domain.slice(1);
    const next = domains[(number * 3 + 1) % domains.length]!;
    const nextName = next.charAt(0).toUpperCase() + next.slice(1);
    const verbs = ['find', 'list', 'create', 'update', 'remove', 'verify', 'archive'];
    files.set(
      `src/${domain}/${domain}-client.ts`,
      [
        "import { Retry, Timeout } from '@holdfast/runtime';",
        `export class ${name}Client {`,
        ...verbs.map((verb, index) => {
          const guards = [
            '',
            '  @Timeout(2_000)\n',
            '  @Retry(3)\n  @Timeout(500)\n',
            '  @Timeout(9_000)\n  @Retry({ maxAttempts: 5 })\n',
          ];
          const method = index < 2 ? 'GET' : 'POST';
          return `${guards[(index + number) % 4]!}  async ${verb}(id: string): Promise<Response> {\n    return fetch(\`https://${index % 3 === 2 ? `${domain}-archive` : domain}.internal/\${id}\`, { method: '${method}' });\n  }`;
        }),
        '}',
      ].join('\n'),
    );
    files.set(
      `src/${domain}/${domain}-service.ts`,
      [
        `import { ${name}Client } from './${domain}-client.js';`,
        `import { ${nextName}Client } from '../${next}/${next}-client.js';`,
        `export class ${name}Service {`,
        `  constructor(private readonly own: ${name}Client, private readonly other: ${nextName}Client) {}`,
        ...verbs.map(
          (verb, index) =>
            `  async ${verb}${name}(id: string): Promise<void> {\n    await this.own.${verb}(id);\n${index % 3 === number % 3 ? `    await this.other.${verbs[(index + 1) % verbs.length]!}(id);\n` : ''}${index % 2 === 0 ? `    await this.note${name}(id);\n` : ''}  }`,
        ),
        `  private async note${name}(id: string): Promise<void> {\n    await this.own.verify(id);\n  }`,
        '}',
      ].join('\n'),
    );
    files.set(
      `src/${domain}/${domain}-routes.ts`,
      [
        `import { app } from '../app.js';`,
        `import { ${name}Client } from './${domain}-client.js';`,
        `import { ${nextName}Client } from '../${next}/${next}-client.js';`,
        `import { ${name}Service } from './${domain}-service.js';`,
        `const service = new ${name}Service(new ${name}Client(), new ${nextName}Client());`,
        ...verbs.map(
          (verb, index) =>
            `app.${['get', 'post', 'delete'][index % 3]!}('/${domain}/${verb}', async (id) => {\n  await service.${verb}${name}(id);\n});`,
        ),
      ].join('\n'),
    );
  }
  const listen = "'get' | 'post' | 'delete', (path: string, handler: (id: string) => Promise<void>) => void";
  files.set('src/app.ts', `export declare const app: Record<${listen}>;\n`);
  return files;
}
