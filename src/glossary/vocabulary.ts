/** Reads docs/vocabulary.md: words of the field, as people read them there and as the app explains them. */

/** What kernels call it, from one version to another; '' = open at that end. */
export interface EraName {
  readonly name: string;
  readonly since: string;
  readonly until: string;
}

export interface Term {
  /** As in a link to its heading. */
  readonly id: string;
  readonly word: string;
  readonly also: readonly string[];
  readonly part: string;
  readonly kernel: readonly EraName[];
  /** Ids of words that belong with it. */
  readonly see: readonly string[];
  /** Too common to be underlined in texts. */
  readonly quiet: boolean;
  readonly means: string;
}

/** What is wrong with the file, where, and what to do. */
export interface Problem {
  readonly line: number;
  readonly message: string;
  readonly hint: string;
}

export interface Vocabulary {
  readonly terms: readonly Term[];
  readonly problems: readonly Problem[];
}

/** The anchor that a reader of Markdown gives a heading. */
export const idOf = (word: string): string =>
  word
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

const MEANS_MAX = 280;
const KEYS = ['also', 'kernel', 'quiet', 'see'] as const;
const ERA = /^`([\w/]+(?:\(\))?)`(?: since (v\d+\.\d+))?(?: until (v\d+\.\d+))?$/;
const SEE = /^\[([^\]]+)\]\(#([^)]+)\)$/;

interface Draft extends Term {
  readonly line: number;
  readonly also: string[];
  readonly kernel: EraName[];
  readonly see: string[];
}

export function readVocabulary(text: string): Vocabulary {
  const problems: Problem[] = [];
  const tell = (line: number, message: string, hint: string): void =>
    void problems.push({ line, message, hint });
  const drafts: { -readonly [K in keyof Draft]: Draft[K] }[] = [];
  let part = '';
  text.split('\n').forEach((row, i) => {
    const line = i + 1;
    const draft = drafts.at(-1);
    const heading = /^(#+) (.*)$/.exec(row);
    if (heading?.[1] === '##') part = heading[2]!;
    else if (heading?.[1] === '###') {
      const word = heading[2]!;
      if (part === '') tell(line, `“${word}” stands in no part`, 'Put a heading with ## above it.');
      const empty = { also: [], kernel: [], see: [], quiet: false, means: '' };
      drafts.push({ id: idOf(word), word, part, line, ...empty });
    } else if (heading || !draft || row.trim() === '') return;
    else if (row.startsWith('- ')) readKey(draft, row.slice(2), line, tell);
    else draft.means = `${draft.means} ${row.trim()}`.trim();
  });
  judge(drafts, tell);
  return {
    terms: drafts.map(({ line: _line, ...term }) => term),
    problems: problems.sort((a, b) => a.line - b.line),
  };
}

type Tell = (line: number, message: string, hint: string) => void;

function readKey(draft: Draft & { quiet: boolean }, row: string, line: number, tell: Tell): void {
  const [, key = '', value = ''] = /^(\w+): (.+)$/.exec(row) ?? [];
  switch (key as (typeof KEYS)[number]) {
    case 'also':
      draft.also.push(...value.split(', '));
      return;
    case 'quiet':
      draft.quiet = value === 'yes';
      if (!draft.quiet)
        tell(line, `“quiet: ${value}” is not understood`, 'Write “quiet: yes”, or leave it out.');
      return;
    case 'kernel':
      for (const one of value.split('; ')) {
        const [, name, since = '', until = ''] = ERA.exec(one) ?? [];
        if (name !== undefined) draft.kernel.push({ name, since, until });
        else
          tell(
            line,
            `“${one}” is no name of a kernel`,
            'Write `name` since v5.9 until v5.18, or one end of it.',
          );
      }
      return;
    case 'see':
      for (const one of value.split(', ')) {
        const [, word = '', id = ''] = SEE.exec(one) ?? [];
        if (id !== '' && idOf(word) === id) draft.see.push(id);
        else tell(line, `“${one}” is no link to a word here`, 'Write [word](#word).');
      }
      return;
    default:
      tell(line, `“${row}” is not understood`, `Known: ${KEYS.join(', ')}, each as “- key: value”.`);
  }
}

/** What only the whole file can tell. */
function judge(drafts: readonly Draft[], tell: Tell): void {
  const byId = new Map(drafts.map((one) => [one.id, one]));
  const owner = new Map<string, Draft>();
  for (const draft of drafts) {
    const { word, line, means } = draft;
    if (means === '') tell(line, `“${word}” is not explained`, 'Write one or two sentences under it.');
    if (means.length > MEANS_MAX)
      tell(
        line,
        `“${word}” has ${means.length} letters`,
        `At most ${MEANS_MAX}: it must fit beside the text.`,
      );
    for (const form of [word, ...draft.also]) {
      const other = owner.get(form.toLowerCase());
      if (other) tell(line, `“${form}” is a word of “${other.word}”, too`, 'Each form belongs to one word.');
      owner.set(form.toLowerCase(), draft);
    }
    for (const id of draft.see)
      if (!byId.has(id) || id === draft.id)
        tell(line, `“${word}” leads to #${id}, which is no other word`, 'Link to a heading.');
    for (const { name, since, until } of draft.kernel)
      if (since !== '' && until !== '' && order(since) > order(until))
        tell(line, `${name} ends before it begins`, 'Swap the versions.');
  }
}

/** Versions as numbers that can be compared: `v5.9` comes before `v5.10`. */
export function order(version: string): number {
  const [, major = 0, minor = 0] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) * 1000 + Number(minor);
}

/** The name that a kernel has for it. */
export const heldIn = ({ since, until }: EraName, version: string): boolean =>
  (since === '' || order(since) <= order(version)) && (until === '' || order(version) <= order(until));

/** `mmap_sem until v5.7`. */
export const eraWords = ({ since, until }: EraName): string =>
  since !== '' && since === until
    ? `in ${since}`
    : [since && `since ${since}`, until && `until ${until}`].filter(Boolean).join(' ');
