/** Which kernels look at what, and what became of this scenario there. A row switches the kernel. */
import type { ReactNode } from 'react';
import { session, useSession } from '../live.ts';
import type { Cell } from '../session/state.ts';
import { signOf } from '../strip/sentence.ts';
import { useKernels } from '../strip/useStrip.ts';
import { VerdictSign } from '../strip/VerdictSign.tsx';
import { count } from '../words.ts';
import { range } from './range.ts';
import { Section } from './Section.tsx';

interface Group {
  readonly name: string;
  readonly looksAt: string;
  readonly cell: Cell | undefined;
  readonly ids: readonly string[];
  readonly mono: boolean;
}

const WORDS = { ok: 'holds', broken: 'broken', open: 'not decided', running: '', none: '' } as const;

export function EveryRule(): ReactNode {
  const groups = useGroups();
  const model = useSession((state) => state.model);
  if (groups.length === 0) return null;
  return (
    <Section title="What does every rule look at?">
      <table className="rules">
        <tbody>
          {groups.map((group) => (
            <tr key={group.ids.join()} data-current={group.ids.includes(model)}>
              <th scope="row" className={group.mono ? 'mono' : ''}>
                <button
                  type="button"
                  className="rules-go"
                  onClick={() => void session.setModel(group.ids.at(-1) ?? model)}
                >
                  {group.name}
                </button>
              </th>
              <td>{group.looksAt}</td>
              <td>
                <span className="rules-verdict">
                  <VerdictSign cell={group.cell} />
                  {WORDS[signOf(group.cell)]}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** Neighbours that look at the same thing and came to the same end share a row. */
function useGroups(): readonly Group[] {
  const { eras, proposals } = useKernels();
  const info = useSession((state) => state.info);
  const verdicts = useSession((state) => state.verdicts);
  const keyed = (ids: readonly string[]) =>
    ids.map((id) => {
      const looksAt = info?.models.find((one) => one.id === id)?.looksAt ?? '';
      return { id, looksAt, cell: verdicts[id], key: `${looksAt} ${signOf(verdicts[id])}` };
    });
  const rows = keyed(eras).reduce<(ReturnType<typeof keyed>[number] & { ids: string[] })[]>((groups, one) => {
    const last = groups.at(-1);
    if (last?.key === one.key) last.ids.push(one.id);
    else groups.push({ ...one, ids: [one.id] });
    return groups;
  }, []);
  const proposed = new Map<string, ReturnType<typeof keyed>>();
  for (const one of keyed(proposals)) proposed.set(one.key, [...(proposed.get(one.key) ?? []), one]);
  return [
    ...rows.map(({ ids, looksAt, cell }) => ({ name: range(ids), looksAt, cell, ids, mono: true })),
    ...[...proposed.values()].map((group) => ({
      name: count(group.length, 'proposal'),
      looksAt: group[0]?.looksAt ?? '',
      cell: group[0]?.cell,
      ids: group.map((one) => one.id),
      mono: false,
    })),
  ];
}
