/**
 * A scene as plain text, line for line the same for equal scenes: for snapshots, for comparing runs, for
 * reading aloud.
 */
import { nounOf } from './nouns.ts';
import type {
  Bytes,
  FolioCard,
  HolderCard,
  LockBadge,
  ProcessCard,
  PteRow,
  Scene,
  TableCard,
  View,
  Walk,
} from './scene.ts';

export function sceneText(scene: Scene): string {
  const nameOf = (who: number): string =>
    who < 0 ? 'kernel' : (scene.processes.find((one) => one.who === who)?.name ?? `process ${who}`);
  const lines = [scene.at === 0 ? 'before the first step' : `after step ${scene.at}`];
  for (const card of scene.processes) lines.push(...processLines(card, nameOf));
  for (const card of scene.tables) lines.push(...tableLines(card));
  for (const card of scene.folios) lines.push(...folioLines(card, nameOf));
  for (const card of scene.holders) lines.push(...holderLines(card));
  for (const { from, to, kind, changed, says } of scene.edges) {
    lines.push(`edge ${kind}${star(changed)} ${from} -> ${to}: ${says}`);
  }
  lines.push(`signs: ${scene.legend.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

type NameOf = (who: number) => string;

/** A star marks what the last step changed. */
const star = (changed: boolean): string => (changed ? '*' : '');

const note = (text: string): string => (text === '' ? '' : `: ${text}`);

const bytesText = ({ text, who, fresh }: Bytes, nameOf: NameOf): string =>
  `"${text}" of ${nameOf(who)}, ${fresh ? 'after' : 'before'} fork`;

function lockText({ label, exclusive, holders, waiting }: LockBadge): string {
  const held =
    holders.length === 0
      ? ''
      : ` held ${exclusive ? 'alone ' : ''}by ${holders.map((one) => one.thread).join(', ')}`;
  const waits = waiting.length === 0 ? '' : ` wanted by ${waiting.join(', ')}`;
  return `lock ${label}${held}${waits}`;
}

function processLines(card: ProcessCard, nameOf: NameOf): readonly string[] {
  return [
    `process ${card.name}, ${card.state}${note(card.note)}`,
    ...card.locks.map((lock) => `  ${lockText(lock)}`),
    ...card.threads.map((one) => `  thread ${one.name}${star(one.active)} on CPU ${one.cpu}: ${one.doing}`),
    ...card.vmas.map((one) => `  memory ${one.name}: ${one.gone ? 'unmapped' : one.what}`),
    ...card.views.map((one) => `  ${viewText(one, nameOf)}`),
    ...(card.broken === null ? [] : [`  BROKEN: ${card.broken}`]),
  ];
}

function viewText(view: View, nameOf: NameOf): string {
  const value = view.bytes ? bytesText(view.bytes, nameOf) : view.word;
  return `${view.label}: ${value}${view.note === '' ? '' : ` (${view.note})`}${view.bad ? ' BAD' : ''}`;
}

function tableLines(card: TableCard): readonly string[] {
  return [
    `table of ${card.process}, ${card.state}${note(card.note)}`,
    ...card.locks.map((lock) => `  ${lockText(lock)}`),
    ...card.walks.flatMap(walkLines),
    ...card.rows.flatMap((row) => [
      `  ${row.page}${star(row.changed)} ${bitsText(row)}: ${row.words}`,
      ...row.tlbs.map(
        (one) => `    TLB of CPU ${one.cpu}, ${one.thread}: ${one.words}${one.stale ? ' STALE' : ''}`,
      ),
    ]),
  ];
}

function walkLines({ id, covers, address, levels, lock, says, held }: Walk): readonly string[] {
  const path = levels.map(({ level, bits, index, leads }) => `    ${level}[${bits}] ${index} ${leads}`);
  const locked = lock ? `, ${lockText(lock)}` : '';
  return [`  ${id} to ${covers}, ${address}: ${says}${held ? ' HELD' : ''}${locked}`, ...path];
}

/** A letter for a set bit, a dash for a clear one. */
const bitsText = (row: PteRow): string =>
  row.bits
    .map(({ letter, on, changed }) => `${on ? letter : '-'.repeat(letter.length)}${star(changed)}`)
    .join(' ');

function folioLines(card: FolioCard, nameOf: NameOf): readonly string[] {
  if (card.state !== 'live') return [`folio ${card.name}, ${card.state}${note(card.note)}`];
  const changed = (what: FolioCard['changed'][number]): string => star(card.changed.includes(what));
  const pins = card.pins === 0 ? '' : `, ${card.refs} + ${card.pins} pins`;
  const mapcount = `${nounOf(card, 'mapcount')} ${card.mapcount}${changed('mapcount')}`;
  const counts = `${mapcount}, ${nounOf(card, 'refcount')} ${card.refcount}${changed('refcount')}${pins}`;
  const mark =
    card.exclusive === null ? '' : `, ${card.exclusive ? '' : 'not '}exclusive${changed('exclusive')}`;
  const owner =
    card.owner === null
      ? ''
      : `, gup_owner ${card.owner.name === '' ? 'none' : card.owner.name}${changed('owner')}`;
  const mappers =
    card.mappers === null
      ? ''
      : `, ${card.mappers.shared ? 'maybe shared' : 'of one process'}${changed('mappers')}`;
  const known = card.mappers?.known ?? [];
  return [
    `folio ${card.name}, ${card.kind}: ${counts}${mark}${owner}${mappers}`,
    ...known.map((one) => `  remembers ${one.name}, ${one.maps} mapping${one.maps === 1 ? '' : 's'}`),
    ...(card.bytes ? [`  bytes${changed('bytes')} ${bytesText(card.bytes, nameOf)}`] : []),
    ...card.mapped.map((one) => `  mapped by ${one.label}${star(one.changed)}${note(one.since)}`),
    ...card.held.map((one) => `  held by ${one.label}${star(one.changed)}, ${one.kind}${note(one.since)}`),
    ...(card.lock ? [`  ${lockText(card.lock)}`] : []),
    ...(card.eye ? [`  the rule reads the ${card.eye}`] : []),
  ];
}

function holderLines(card: HolderCard): readonly string[] {
  const about = [card.sub, card.note].filter((one) => one !== '').join('; ');
  return [
    `holder ${card.title}, ${card.kind}, ${card.state}${note(about)}`,
    ...card.rows.map((row) => `  ${row.label}${star(row.changed)}: ${row.words}`),
  ];
}
