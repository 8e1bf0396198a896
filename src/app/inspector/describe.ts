/** A thing of the scene in words. Every kind of id that the picture can select is answered. */
import { nounOf } from '../../scene/nouns.ts';
import type { FolioCard, Mappers, PteRow, Scene, SubPage, View, Walk } from '../../scene/scene.ts';

export interface Described {
  readonly title: string;
  readonly facts: readonly string[];
}

export function describe(scene: Scene, id: string): Described | null {
  for (const table of scene.tables) {
    if (table.id === id) return { title: `Page table of ${table.process}`, facts: table.rows.map(rowFact) };
    const walk = table.walks.find((one) => one.id === id);
    if (walk) return { title: `${table.process}: PTE table of ${walk.covers}`, facts: walkFacts(walk) };
    for (const row of table.rows) {
      if (row.id === id)
        return { title: `PTE of ${table.process}, ${row.page}`, facts: [row.words, bitFact(row)] };
      const tlb = row.tlbs.find((one) => one.id === id);
      if (tlb) return { title: `TLB of CPU ${tlb.cpu}, ${row.page}`, facts: tlbFacts(tlb.words, tlb.stale) };
    }
  }
  for (const folio of scene.folios) {
    if (folio.id === id) return { title: `Folio ${folio.name}`, facts: folioFacts(folio) };
    if (folio.mappers?.id === id)
      return { title: `Who maps ${folio.name}?`, facts: mapperFacts(folio.mappers) };
    const page = folio.pages.find((one) => one.id === id);
    if (page) return { title: `${page.name} of ${folio.name}`, facts: pageFacts(page) };
    const token = [...folio.mapped, ...folio.held].find((one) => one.id === id);
    if (token) {
      const side = folio.mapped.includes(token)
        ? `Counted in ${nounOf(folio, 'mapcount')} and in ${nounOf(folio, 'refcount')}.`
        : `Counted in ${nounOf(folio, 'refcount')} only.`;
      return { title: `${token.label} holds ${folio.name}`, facts: [side, token.since].filter(Boolean) };
    }
  }
  for (const holder of scene.holders) {
    const row = holder.rows.find((one) => one.id === id);
    if (holder.id !== id && !row) continue;
    const rows = (row ? [row] : holder.rows).map((one) => `${one.label}: ${one.words}`);
    return { title: holder.title, facts: [holder.sub, ...rows, holder.note].filter(Boolean) };
  }
  for (const process of scene.processes) {
    const vma = process.vmas.find((one) => one.id === id);
    if (vma)
      return {
        title: `${process.name}: ${vma.name}`,
        facts: [vma.gone ? `${vma.what}, unmapped` : vma.what],
      };
    const view = process.views.find((one) => one.id === id);
    if (view) return { title: process.name, facts: [viewFact(view)] };
    const thread = process.threads.find((one) => one.id === id);
    if (thread) return { title: thread.name, facts: [`CPU ${thread.cpu}: ${thread.doing}`] };
    if (process.id === id)
      return { title: process.name, facts: [process.note, ...process.views.map(viewFact)].filter(Boolean) };
  }
  const edge = scene.edges.find((one) => one.id === id);
  return edge ? { title: edge.says, facts: [] } : null;
}

const walkFacts = ({ address, levels, says }: Walk): readonly string[] => [
  `Begins at ${address}.`,
  ...levels.map(({ level, bits, index, leads }) =>
    level === '' ? `Bits ${bits}: ${leads}.` : `${level}, bits ${bits}: entry ${index}, ${leads}.`,
  ),
  says,
];

const rowFact = (row: PteRow): string => `${row.page}: ${row.words}`;

const bitFact = (row: PteRow): string => {
  const on = row.bits.filter((bit) => bit.on).map((bit) => bit.name);
  return on.length === 0 ? 'No bit is set.' : `Set: ${on.join(', ')}.`;
};

const tlbFacts = (words: string, stale: boolean): readonly string[] =>
  stale ? [words, 'Stale: it grants what the PTE no longer grants, and nobody counts it.'] : [words];

function folioFacts(folio: FolioCard): readonly string[] {
  if (folio.state !== 'live') return [folio.note];
  const pins =
    folio.pins > 0
      ? ` and ${folio.pins === 1 ? 'a pin' : `${folio.pins} pins`}, counted as ${folio.refcount}`
      : '';
  const exclusive =
    folio.exclusive === null ? [] : [folio.exclusive ? 'Exclusive to one process.' : 'Not exclusive.'];
  const owner = folio.owner === null ? [] : [ownerFact(folio.owner.name)];
  const [maps, refs] = [nounOf(folio, 'mapcount'), nounOf(folio, 'refcount')];
  const counts = `${maps} ${folio.mapcount}, ${refs} ${folio.refs}`;
  const bytes = folio.bytes ? [`Holds “${folio.bytes.text}”.`] : [];
  const mappers = folio.mappers === null ? [] : mapperFacts(folio.mappers);
  return [`${folio.kind}: ${counts}${pins}.`, ...bytes, ...exclusive, ...owner, ...mappers];
}

/** Two places, so a third process goes unnoted: then the folio only says that it may be shared. */
const mapperFacts = ({ known, shared }: Mappers): readonly string[] => [
  ...known.map(({ name, maps }) => `${name} is remembered with ${maps} mapping${maps === 1 ? '' : 's'}.`),
  shared
    ? 'Maybe mapped by several processes: a store copies.'
    : 'Mapped by one process: where all references are its mappings, a store keeps the page.',
  'A large folio has two such places, since Linux 6.15.',
];

const pageFacts = ({ weight, bytes, maps, mappers, exclusive }: SubPage): readonly string[] => [
  ...(weight > 1 ? [`Stands for ${weight} pages that the scenario does not name.`] : []),
  mappers.length === 0
    ? 'Mapped by nobody.'
    : `Mapped by ${mappers.map(({ name }) => name).join(' and ')}; own mappings: ${maps}.`,
  ...(bytes ? [`Holds “${bytes.text}”.`] : []),
  ...(exclusive === null ? [] : [exclusive ? 'Exclusive to one process.' : 'Not exclusive.']),
  'References, pins and the lock are those of the whole folio.',
];

const ownerFact = (name: string): string =>
  name === ''
    ? 'gup_owner names nobody: the counts decide.'
    : `gup_owner names ${name}: references outside of page tables belong with it.`;

const viewFact = (view: View): string =>
  [view.label, view.bytes ? `“${view.bytes.text}”` : view.word, view.note].filter(Boolean).join(' ');
