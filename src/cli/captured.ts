/** A command run in this process, with what it printed: for tests. */
import { folioscope } from './folioscope.ts';

export interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}
export async function say(...words: string[]): Promise<Said> {
  const out: string[] = [],
    err: string[] = [];
  const status = await folioscope(words, { out: (l) => void out.push(l), err: (l) => void err.push(l) });
  return { status, out: out.join('\n'), err: err.join('\n') };
}
