/** Parts of hand-made scenes. */
import type {
  Bytes,
  Edge,
  FolioCard,
  HolderCard,
  LockBadge,
  ProcessCard,
  PteRow,
  TableCard,
  ThreadLine,
  TlbRow,
  Token,
  View,
  Walk,
  Who,
} from '../scene.ts';

export const bytes = (text: string, who: Who, fresh: boolean): Bytes => ({ text, who, fresh });

export const lock = (
  label: string,
  exclusive: boolean,
  thread: string,
  who: Who,
  waiting: readonly string[] = [],
): LockBadge => ({
  id: `lock:${label}:${thread}`,
  label,
  exclusive,
  holders: thread === '' ? [] : [{ thread, who }],
  waiting,
});

export const thread = (name: string, cpu: number, doing: string, active = false): ThreadLine => ({
  id: `thread:${name}`,
  name,
  cpu,
  doing,
  active,
});

export const view = (
  process: string,
  label: string,
  shown: Bytes | null,
  word: string,
  note = '',
  bad = false,
): View => ({
  id: `view:${process}:${label}`,
  label,
  bytes: shown,
  word,
  note,
  bad,
});

export const loads = (process: string, page: string, shown: Bytes | null, word = ''): View =>
  view(process, `A load of ${page} returns`, shown, word, shown?.fresh === false ? 'from before fork' : '');

export function process(name: string, who: Who, parts: Partial<ProcessCard>): ProcessCard {
  return {
    id: `mm:${name}`,
    name,
    who,
    state: 'alive',
    note: '',
    locks: [],
    threads: [thread(name, Math.max(0, who), 'running')],
    vmas: [{ id: `vma:${name}:a`, name: 'a', what: 'anon rw', gone: false }],
    views: [],
    broken: null,
    ...parts,
  };
}

const NAMES: Readonly<Record<string, string>> = {
  P: 'present',
  W: 'writable',
  D: 'dirty',
  A: 'accessed',
  UW: 'uffd-wp',
  SD: 'soft-dirty',
};

export function pte(
  name: string,
  page: string,
  on: string,
  words: string,
  tlbs: readonly TlbRow[],
  changed = '',
  letters: readonly string[] = ['P', 'W', 'D', 'A'],
): PteRow {
  const set = on.split(' ');
  return {
    id: `pte:${name}:${page}`,
    page,
    bits: letters.map((letter) => ({
      letter,
      name: NAMES[letter] ?? letter,
      on: set.includes(letter),
      changed: changed.split(' ').includes(letter),
    })),
    words,
    changed: changed !== '',
    tlbs,
  };
}

export const tlb = (name: string, page: string, cpu: number, words: string, stale = false): TlbRow => ({
  id: `tlb:${name}:${page}:${cpu}`,
  thread: name,
  cpu,
  words,
  stale,
});

/** The way to the only table of PTEs of a process. */
const walk = (name: string): Walk => ({
  id: `walk:${name}:0`,
  covers: 'a',
  address: '0x7f5a40400000',
  levels: [
    { level: 'pgd', bits: '47–39', index: '254', leads: 'pud table' },
    { level: 'pud', bits: '38–30', index: '361', leads: 'pmd table' },
    { level: 'pmd', bits: '29–21', index: '2', leads: 'PTE table' },
    { level: 'pte', bits: '20–12', index: '0', leads: 'the page' },
    { level: '', bits: '11–0', index: '', leads: 'byte in the page' },
  ],
  lock: null,
  says: 'Nobody holds its PTL.',
  held: false,
});

export function table(
  name: string,
  who: Who,
  rows: readonly PteRow[],
  parts: Partial<TableCard> = {},
): TableCard {
  return {
    id: `table:${name}`,
    process: `mm:${name}`,
    who,
    state: 'alive',
    note: '',
    locks: [],
    rows,
    walks: [walk(name)],
    ...parts,
  };
}

export function token(
  folio: number,
  kind: Token['kind'],
  label: string,
  who: Who,
  of: string,
  changed = false,
): Token {
  return {
    id: `token:folio:${folio}:${kind}:${of}`,
    kind,
    label,
    who,
    changed,
    since: 'since step 4',
    line: 0,
  };
}

export function folio(n: number, parts: Partial<FolioCard>): FolioCard {
  const mapped = lined(parts.mapped ?? []);
  const held = lined(parts.held ?? []);
  const pins = held.filter(({ kind }) => kind === 'pin').length;
  const refs = mapped.length + held.length - pins;
  return {
    id: `folio:${n}`,
    name: `f${n}`,
    kind: 'anonymous',
    state: 'live',
    note: '',
    bytes: null,
    pages: [],
    mapcount: mapped.length,
    refs,
    pins,
    refcount: refs + 1024 * pins,
    eye: null,
    exclusive: null,
    owner: null,
    mappers: null,
    lock: null,
    changed: [],
    ...parts,
    mapped,
    held,
  };
}
const lined = (tokens: readonly Token[]): readonly Token[] => tokens.map((one, line) => ({ ...one, line }));

export const free = (n: number, note = 'free, a copy would go here'): FolioCard =>
  folio(n, { state: 'free', note });

export function holder(
  id: string,
  kind: HolderCard['kind'],
  title: string,
  parts: Partial<HolderCard> = {},
): HolderCard {
  return { id, kind, title, sub: '', state: 'live', note: '', rows: [], ...parts };
}

export const edge = (from: string, to: string, kind: Edge['kind'], says: string, changed = false): Edge => ({
  id: `edge:${from}:${to}`,
  from,
  to,
  kind,
  changed,
  says,
});

export const belongs = (name: string): Edge =>
  edge(`vma:${name}:a`, `pte:${name}:a.0`, 'belongs', `Memory a of ${name} is mapped by its page table.`);
