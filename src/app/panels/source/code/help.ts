/** What a word of the language means: from the reference, which arrives behind the editor. */
import { hoverTooltip, type Tooltip } from '@codemirror/view';
import { VERBS } from '../../../../scenario/words.ts';
import type { LinePage, OperationPage, Reference } from '../../../../scenario/reference.ts';

let reference: Reference | null = null;
export const loadHelp = async (): Promise<void> => {
  reference ??= (await import('virtual:reference')).default;
};

export const operationOf = (word: string): OperationPage | undefined => {
  const verb = VERBS.get(word.replace(/^&/, ''));
  return reference?.operations.find((one) => one.verb === verb);
};
const lineOf = (word: string): LinePage | undefined => reference?.lines.find((one) => one.word === word);

export interface Help {
  readonly form: string;
  readonly does: string;
}
/** null for a word that is no word of the language. */
export function helpOf(word: string): Help | null {
  const operation = operationOf(word);
  if (operation) return { form: operation.form, does: operation.uses[0]?.does ?? '' };
  const line = lineOf(word);
  return line ? { form: line.form, does: line.does } : null;
}
export const doesOf = (word: string): string => helpOf(word)?.does ?? '';

/** The word that a line is about: its keyword, or its last operation before `column`. */
export function topicOf(line: string, column: number): string {
  const words = [...line.matchAll(/[^\s:;|]+/g)];
  const known = words.filter((w) => w.index <= column && helpOf(w[0]) !== null);
  const first = words[0]?.[0] ?? '';
  // A keyword speaks for its whole line.
  return lineOf(first) && !/^\s*\S+\s*:/.test(line) ? first : (known.at(-1)?.[0] ?? '');
}

export const hover = hoverTooltip(async ({ state }, at): Promise<Tooltip | null> => {
  await loadHelp();
  const line = state.doc.lineAt(at);
  const word = [...line.text.matchAll(/[^\s:;|]+/g)].find(
    (w) => line.from + w.index <= at && at <= line.from + w.index + w[0].length,
  );
  const help = word && helpOf(word[0]);
  if (!word || !help) return null;
  const from = line.from + word.index;
  return { pos: from, end: from + word[0].length, above: true, create: () => ({ dom: bubble(help) }) };
});

function bubble({ form, does }: Help): HTMLElement {
  const dom = document.createElement('div');
  dom.className = 'cm-help';
  const code = document.createElement('code');
  code.textContent = form;
  const says = document.createElement('p');
  says.textContent = does;
  dom.append(code, says);
  return dom;
}
