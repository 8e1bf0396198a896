/** The advice of madvise: how it is written, and which operation of the plan it is. */
import {
  MADV_COLD,
  MADV_DOFORK,
  MADV_DONTFORK,
  MADV_HUGEPAGE,
  MADV_KEEPONFORK,
  MADV_MERGEABLE,
  MADV_NOHUGEPAGE,
  MADV_POPULATE_READ,
  MADV_POPULATE_WRITE,
  MADV_UNMERGEABLE,
  MADV_WIPEONFORK,
} from '../kernel/flags.ts';

interface Advice {
  /** What the recorder writes, where that is another word. */
  readonly recorder?: string;
  readonly syscall: string;
  readonly flags: number;
}
const flags = (n: number): Advice => ({ syscall: 'madvise_flags', flags: n });
const hint = (n: number): Advice => ({ syscall: 'madvise_hint', flags: n });
const populate = (recorder: string, n: number): Advice => ({
  recorder,
  syscall: 'madvise_populate',
  flags: n,
});

export const ADVICE = {
  dontneed: { syscall: 'madvise', flags: 0 },
  dontfork: flags(MADV_DONTFORK),
  dofork: flags(MADV_DOFORK),
  wipeonfork: flags(MADV_WIPEONFORK),
  keeponfork: flags(MADV_KEEPONFORK),
  populate_read: populate('popread', MADV_POPULATE_READ),
  populate_write: populate('popwrite', MADV_POPULATE_WRITE),
  cold: { syscall: 'madvise_cold', flags: MADV_COLD },
  collapse: { syscall: 'madvise_collapse', flags: 0 },
  huge: hint(MADV_HUGEPAGE),
  nohuge: hint(MADV_NOHUGEPAGE),
  pageout: { syscall: 'madvise_pageout', flags: 0 },
  free: { syscall: 'madvise_free', flags: 0 },
  mergeable: hint(MADV_MERGEABLE),
  unmergeable: hint(MADV_UNMERGEABLE),
} as const satisfies Readonly<Record<string, Advice>>;
export type AdviceName = keyof typeof ADVICE;

const names = Object.keys(ADVICE) as AdviceName[];
/** Both spellings, for the parser. */
export const ADVICE_WORDS: ReadonlyMap<string, AdviceName> = new Map(
  names.flatMap((name): [string, AdviceName][] => {
    const { recorder }: Advice = ADVICE[name];
    return recorder === undefined
      ? [[name, name]]
      : [
          [name, name],
          [recorder, name],
        ];
  }),
);
/** As the recorder writes it. */
export const recorderAdvice = (word: string): string =>
  (ADVICE[word as AdviceName] as Advice | undefined)?.recorder ?? word;

/** From this many pages on, Linux may use 64 kB pages after MADV_HUGEPAGE. */
export const LARGE_FROM = 16;
