/** Accessible names: full sentences, the same in the picture and in the table. */
import { isSlot, nounOf } from '../../scene/nouns.ts';
import { pretty } from '../words.ts';
import type {
  Bytes,
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
  SubPage,
} from '../../scene/scene.ts';

export const bytesWords = (bytes: Bytes, writer: string): string =>
  `“${bytes.text}”, written by ${writer} ${bytes.fresh ? 'after' : 'before'} the last fork`;

/** The names of hues. */
export type People = readonly { readonly name: string; readonly who: Who }[];

export const writerOf = (people: People, bytes: Bytes): string =>
  bytes.who < 0 ? 'the kernel' : (people.find(({ who }) => who === bytes.who)?.name ?? 'nobody');

export function lockWords({ label, exclusive, holders, waiting }: LockBadge): string {
  const held = holders.map(({ thread }) => thread).join(' and ');
  const mode = exclusive ? 'exclusively ' : '';
  const parts = [held === '' ? '' : `${label} held ${mode}by ${held}`, waitWords(label, waiting)];
  return parts.filter((one) => one !== '').join(', ');
}

const waitWords = (label: string, waiting: readonly string[]): string =>
  waiting.length === 0
    ? ''
    : `${waiting.join(' and ')} ${waiting.length === 1 ? 'waits' : 'wait'} for ${label}`;

/** Sentences from parts: a stop after each, nothing for the empty ones. */
const sentences = (...parts: readonly string[]): string =>
  parts
    .filter((one) => one !== '')
    .map((one) => (/[.!?]$/.test(one) ? one : `${one}.`))
    .join(' ');

export const processSays = (card: ProcessCard): string =>
  card.state === 'alive'
    ? sentences(
        `Process ${card.name}`,
        ...card.locks.map(lockWords),
        card.broken ? `A rule broke here: ${card.broken}` : '',
      )
    : sentences(`Process ${card.name}, ${card.state === 'unborn' ? 'not born yet' : 'exited'}`, card.note);

export const threadSays = ({ name, cpu, doing, active }: ThreadLine): string =>
  sentences(`Thread ${name} on CPU ${cpu}: ${pretty(doing)}`, active ? 'It made the last step' : '');

export const vmaSays = (process: string, vma: ProcessCard['vmas'][number]): string =>
  vma.gone
    ? `Memory ${vma.name} of ${process} was unmapped.`
    : `Memory ${vma.name} of ${process}, ${vma.what}.`;

export const viewSays = (view: View, people: People): string =>
  sentences(
    `${view.label}: ${view.bytes ? bytesWords(view.bytes, writerOf(people, view.bytes)) : view.word}`,
    view.bad ? 'This must not happen' : '',
  );

export const tableTitle = (name: string, alone: boolean): string =>
  alone ? 'page table' : `${name}’s page table`;

export const tableSays = (card: TableCard, name: string): string =>
  sentences(`Page table of ${name}`, ...card.locks.map(lockWords), card.note);

/** `PTE table of a`. */
export const walkTitle = ({ covers }: Walk): string => `PTE table of ${covers}`;

const walkPath = ({ address, levels }: Walk): string => {
  const path = levels.filter(({ level }) => level !== '').map(({ level, index }) => `${level} ${index}`);
  return `${address} is ${path.join(', ')}`;
};

/** What is seen of a folded walk, and so a part of its name. */
export const WALK_PATH = 'pgd › pud › pmd › pte';

/** What unfolds the walks of a process: where they lead, and whether they are open. */
export const walksSay = (card: TableCard, process: string, open: boolean): string =>
  sentences(
    `Page-table walk of ${process}, ${WALK_PATH}, ${open ? 'open' : 'folded'}`,
    ...card.walks.map((walk) => `${walkTitle(walk)}: ${walkPath(walk)}`),
  );

export const walkSays = (walk: Walk, process: string): string =>
  sentences(`${walkTitle(walk)}, ${process}: ${walkPath(walk)}`, walk.says);

export function pteSays(row: PteRow, process: string): string {
  const set = row.bits.filter(({ on }) => on).map(({ name }) => name);
  const changed = row.bits
    .filter((bit) => bit.changed)
    .map(({ name, on }) => `${name} was ${on ? 'set' : 'cleared'}`);
  return sentences(
    `PTE, ${process}, ${row.page}: ${row.words}`,
    set.length > 0 ? `Set: ${set.join(', ')}` : 'No bits set',
    changed.length > 0 ? `This step: ${changed.join(', ')}` : row.changed ? 'This step changed it' : '',
  );
}

export const tlbSays = (row: TlbRow, page: string): string =>
  sentences(
    `TLB of CPU ${row.cpu}, ${page}: ${row.words}`,
    row.stale ? 'Stale: it grants what the PTE no longer grants, and nobody counts it' : '',
  );

export const refcountText = ({ refs, pins, refcount }: FolioCard): string =>
  pins > 0 ? `${refs} + ${pins} pin${pins === 1 ? '' : 's'}` : String(refcount);

/** What `gup_owner` says, or nothing where there is no such mark. */
export const ownerWords = (owner: FolioCard['owner']): string =>
  owner === null ? '' : `gup_owner: ${owner.name === '' ? 'nobody' : owner.name}`;

/** What a large folio remembers about who maps it, or nothing where it does not. */
export const mappersWords = (mappers: FolioCard['mappers']): string =>
  mappers === null
    ? ''
    : [
        mappers.shared ? 'several processes map it, perhaps' : 'one process maps it',
        ...mappers.known.map(({ name, maps }) => `${name} with ${maps} mapping${maps === 1 ? '' : 's'}`),
      ].join(', ');

export const mappersSay = (card: FolioCard): string =>
  sentences(
    `Large folio ${card.name} remembers: ${mappersWords(card.mappers)}`,
    card.eye === 'mappers' ? 'The rule of this step looks here' : '',
    card.changed.includes('mappers') ? 'This step changed it' : '',
  );

const EYE = {
  mapcount: 'mapcount',
  refcount: 'refcount',
  exclusive: 'exclusive mark',
  owner: 'gup_owner',
  mappers: 'processes that the folio remembers',
} as const;

/** Where the rule of this step looks, in words. */
export const eyeWords = ({ eye }: Pick<FolioCard, 'eye'>): string => (eye === null ? '' : EYE[eye]);

const changedWord = (what: FolioCard['changed'][number]): string =>
  what === 'mappers' || what === 'owner' ? EYE[what] : what;

export function folioSays(card: FolioCard, people: People): string {
  if (card.state !== 'live') return sentences(`Folio ${card.name}`, card.note);
  return sentences(
    `Folio ${card.name}, ${card.kind}`,
    card.bytes ? `It holds ${bytesWords(card.bytes, writerOf(people, card.bytes))}` : '',
    `${nounOf(card, 'mapcount')} ${card.mapcount}, ${nounOf(card, 'refcount')} ${refcountText(card)}`,
    card.exclusive === null ? '' : card.exclusive ? 'It is marked exclusive' : 'It is not marked exclusive',
    ownerWords(card.owner),
    card.mappers === null ? '' : `It remembers: ${mappersWords(card.mappers)}`,
    card.lock ? lockWords(card.lock) : '',
    card.eye ? `The rule of this step looks at the ${EYE[card.eye]}` : '',
    card.changed.length > 0 ? `This step changed: ${card.changed.map(changedWord).join(', ')}` : '',
  );
}

export const countSays = (card: FolioCard, which: 'mapcount' | 'refcount'): string => {
  const value = which === 'mapcount' ? String(card.mapcount) : refcountText(card);
  const counted = which === 'refcount' && card.pins > 0 ? `, counted as ${card.refcount}` : '';
  const looked = card.eye === which ? ' The rule of this step looks here.' : '';
  return `${nounOf(card, which)} ${value} of ${card.name}${counted}. Why?${looked}`;
};

export function tokenSays(token: Token, folio: FolioCard): string {
  const entry = token.kind === 'pte',
    counted = isSlot(folio)
      ? ''
      : entry
        ? ', counted in mapcount and refcount'
        : ', counted in refcount only';
  const does = !entry ? 'holds' : isSlot(folio) ? 'names' : 'maps';
  return sentences(`${token.label} ${does} ${folio.name}${counted}`, token.since);
}

export const holderSays = (card: HolderCard): string =>
  sentences(`${card.title}${card.sub === '' ? '' : `, ${card.sub}`}`, card.note);

export const holderRowSays = (card: HolderCard, row: HolderCard['rows'][number]): string =>
  sentences(`${card.title}, ${row.label}: ${row.words}`);

/** A page of a large folio. */
export function pageSays({ name, weight, bytes, mappers, exclusive }: SubPage): string {
  const what = weight > 1 ? `${weight} pages` : 'Page';
  const by =
    mappers.length === 0 ? 'mapped by nobody' : `mapped by ${mappers.map((m) => m.name).join(' and ')}`;
  const holds = bytes === null ? '' : `, holds ${bytes.text}`;
  const mark = exclusive === null ? '' : exclusive ? ', exclusive' : ', not exclusive';
  return `${what} ${name} of the folio: ${by}${holds}${mark}.`;
}
