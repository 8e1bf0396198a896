/** The picture as tables: processes by pages, folios with their holders. Equal to it, not a summary. */
import type { ReactNode } from 'react';
import { tableOf } from '../../scene/layout.ts';
import type { FolioCard, ProcessCard, PteRow, Scene } from '../../scene/scene.ts';
import { pretty } from '../words.ts';
import { Swatch } from '../parts/Swatch.tsx';
import {
  bytesWords,
  eyeWords,
  lockWords,
  mappersWords,
  ownerWords,
  pageSays,
  refcountText,
  viewSays,
  writerOf,
} from './names.ts';
import './table-view.css';

/** What scrolls sideways must be reachable by keyboard, though nothing in it can be activated. */
const SCROLLS = { tabIndex: 0 };

export default function TableView({ scene }: { readonly scene: Scene }) {
  const pages = [...new Set(scene.tables.flatMap(({ rows }) => rows.map(({ page }) => page)))];
  const step = scene.at === 0 ? 'before the first step' : `after step ${scene.at}`;
  return (
    <section className="table-view" aria-label="The picture as tables" {...SCROLLS}>
      <table>
        <caption>Processes and their page tables {step}</caption>
        <thead>
          <tr>
            <th scope="col">Process</th>
            <th scope="col">Threads</th>
            <th scope="col">Memory</th>
            {pages.map((page) => (
              <th key={page} scope="col">
                Page <code>{page}</code>
              </th>
            ))}
            <th scope="col">What it would see</th>
          </tr>
        </thead>
        <tbody>
          {scene.processes.map((card) => (
            <ProcessRow key={card.id} card={card} scene={scene} pages={pages} />
          ))}
        </tbody>
      </table>
      <table>
        <caption>Folios and who holds them {step}</caption>
        <thead>
          <tr>
            <th scope="col">Folio</th>
            <th scope="col">Bytes</th>
            <th scope="col">mapcount</th>
            <th scope="col">refcount</th>
            <th scope="col">Mapped by</th>
            <th scope="col">Also held by</th>
            <th scope="col">Marks</th>
          </tr>
        </thead>
        <tbody>
          {scene.folios.map((card) => (
            <FolioRow key={card.id} card={card} scene={scene} />
          ))}
        </tbody>
      </table>
      <WalkTable scene={scene} step={step} />
      {scene.holders.length > 0 && (
        <table>
          <caption>Other holders {step}</caption>
          <thead>
            <tr>
              <th scope="col">Holder</th>
              <th scope="col">What it holds</th>
              <th scope="col">Note</th>
            </tr>
          </thead>
          <tbody>
            {scene.holders.map((card) => (
              <tr key={card.id}>
                <th scope="row">{card.title}</th>
                <td>
                  {card.rows.length > 0 ? (
                    <Lines of={card.rows.map((row) => `${row.label}: ${row.words}`)} />
                  ) : (
                    'nothing'
                  )}
                </td>
                <td>{[card.sub, card.note].filter((one) => one !== '').join('. ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Always open: what the picture folds away for want of room costs nothing here. */
function WalkTable({ scene, step }: { readonly scene: Scene; readonly step: string }) {
  const walks = scene.tables.flatMap((table) => table.walks.map((walk) => ({ table, walk })));
  if (walks.length === 0) return null;
  const levels = walks[0]?.walk.levels.filter(({ level }) => level !== '') ?? [];
  return (
    <table>
      <caption>Page-table walks {step}</caption>
      <thead>
        <tr>
          <th scope="col">Table of PTEs</th>
          <th scope="col">First address</th>
          {levels.map(({ level, bits }) => (
            <th key={level} scope="col">
              <code>{level}</code>, bits {bits}
            </th>
          ))}
          <th scope="col">Lock</th>
        </tr>
      </thead>
      <tbody>
        {walks.map(({ table, walk }) => (
          <tr key={walk.id}>
            <th scope="row">
              {table.process.replace(/^mm:/, '')}, {walk.covers}
            </th>
            <td>
              <code>{walk.address}</code>
            </td>
            {walk.levels
              .filter(({ level }) => level !== '')
              .map(({ level, index, leads }) => (
                <td key={level}>
                  {index}, {leads}
                </td>
              ))}
            <td>{walk.says}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ProcessRowProps {
  readonly card: ProcessCard;
  readonly scene: Scene;
  readonly pages: readonly string[];
}

function ProcessRow({ card, scene, pages }: ProcessRowProps) {
  const table = tableOf(scene, card);
  const name = (
    <th scope="row">
      <Swatch who={card.who} /> {card.name}
      {card.broken && <span className="bad strong"> {card.broken}</span>}
    </th>
  );
  if (card.state === 'unborn') {
    return (
      <tr>
        {name}
        <td colSpan={pages.length + 3}>{card.note}</td>
      </tr>
    );
  }
  const locks = [...card.locks, ...(table?.locks ?? [])].map(lockWords);
  return (
    <tr>
      {name}
      <td>
        <Lines
          of={[...card.threads.map((one) => `${one.name}, CPU ${one.cpu}: ${pretty(one.doing)}`), ...locks]}
        />
      </td>
      <td>
        <Lines
          of={card.vmas.map((vma) => (vma.gone ? `${vma.name}, unmapped` : `${vma.name}, ${vma.what}`))}
        />
      </td>
      {pages.map((page) => {
        const row = table?.rows.find((one) => one.page === page);
        return <td key={page}>{row ? <Entry row={row} /> : 'not mapped'}</td>;
      })}
      <td>
        <Lines of={card.views.map((view) => viewSays(view, scene.processes))} />
      </td>
    </tr>
  );
}

function Entry({ row }: { readonly row: PteRow }) {
  const set = row.bits.filter(({ on }) => on).map(({ name }) => name);
  const tlbs = row.tlbs.map((one) => `TLB, CPU ${one.cpu}: ${one.words}${one.stale ? ' (stale)' : ''}`);
  const entry = (
    <span className={row.changed ? 'marked' : ''}>
      {row.words}
      {set.length > 0 && `: ${set.join(', ')}`}
    </span>
  );
  return <Lines of={[entry, ...tlbs]} />;
}

function FolioRow({ card, scene }: { readonly card: FolioCard; readonly scene: Scene }) {
  if (card.state !== 'live') {
    return (
      <tr>
        <th scope="row">{card.name}</th>
        <td colSpan={6}>{card.note}</td>
      </tr>
    );
  }
  const marked = (what: FolioCard['changed'][number], shown: ReactNode): ReactNode =>
    card.changed.includes(what) || card.eye === what ? <span className="marked">{shown}</span> : shown;
  const exclusive = card.exclusive ? 'exclusive' : 'not exclusive';
  const marks = [
    ...(card.exclusive === null ? [] : [marked('exclusive', exclusive)]),
    ...(card.owner === null ? [] : [marked('owner', ownerWords(card.owner))]),
    ...(card.mappers === null ? [] : [marked('mappers', `remembers: ${mappersWords(card.mappers)}`)]),
    ...card.pages.map((page) => pageSays(page)),
    card.lock ? lockWords(card.lock) : 'not locked',
    ...(card.eye === null ? [] : [`the rule looks at the ${eyeWords(card)}`]),
  ];
  const counted = card.pins > 0 ? `, counted as ${card.refcount}` : '';
  const bytes = card.bytes ? bytesWords(card.bytes, writerOf(scene.processes, card.bytes)) : '';
  return (
    <tr>
      <th scope="row">
        {card.name}, {card.kind}
      </th>
      <td>{marked('bytes', bytes)}</td>
      <td>{marked('mapcount', card.mapcount)}</td>
      <td>{marked('refcount', refcountText(card) + counted)}</td>
      <td>{holders(card.mapped)}</td>
      <td>{holders(card.held)}</td>
      <td>
        <Lines of={marks} />
      </td>
    </tr>
  );
}

const holders = (tokens: FolioCard['held']): ReactNode =>
  tokens.length > 0 ? <Lines of={tokens.map(({ label }) => label)} /> : 'nobody';

const Lines = ({ of }: { readonly of: readonly ReactNode[] }): ReactNode =>
  of.map((line, i) => <div key={i}>{line}</div>);
