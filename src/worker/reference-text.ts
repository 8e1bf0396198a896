/** The reference as a page of docs/: `docs/operations.md`. */
import type { Example, OperationPage, Reference, Use } from '../scenario/reference.ts';

const HEAD = `# Operations

All operations of the scenario language: how each is written, what it does, which functions of the
kernel do it, and which kernels know it. This page is made from the registries and from the table in
[language.md](language.md) by \`npm run reference\`; every example is run on every kernel while it is made.
The functions are those of the newest kernel that knows the operation, as far as the models follow them.
`;

export function referenceText(reference: Reference): string {
  return [HEAD, ...reference.operations.map((page) => pageText(page, reference.kernels))].join('\n');
}

function pageText({ verb, form, uses }: OperationPage, kernels: readonly string[]): string {
  return [`## ${verb}\n`, `\`${form}\`\n`, ...uses.map((use) => useText(use, kernels))].join('\n');
}

function useText({ does, examples, recorder }: Use, kernels: readonly string[]): string {
  const theirs = recorder.length === 0 ? '' : ` The recorder writes ${recorder.map(code).join(', ')}.`;
  const rows = examples.map(
    (e) => `| ${code(e.text)} | ${knownTo(e, kernels)} | ${e.path.map((p) => code(p.name)).join(' ')} |`,
  );
  const table = ['| example | kernels | runs through |', '| --- | --- | --- |', ...rows].join('\n');
  const sample = examples[0] === undefined ? '' : `\n\n\`\`\`\n${examples[0].scenario}\`\`\`\n`;
  return `${sentence(does)}${theirs}\n\n${table}${sample}`;
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;

/** Kernels that do not answer EINVAL: `all`, `v5.18..`. */
export function knownTo({ unknownTo }: Pick<Example, 'unknownTo'>, kernels: readonly string[]): string {
  const knowing = kernels.filter((id) => !unknownTo.includes(id));
  if (knowing.length === kernels.length) return 'all';
  const first = kernels.indexOf(knowing[0] ?? '');
  return kernels.slice(first).length === knowing.length && first > 0
    ? `${knowing[0]}..`
    : knowing.join(', ') || 'none';
}
