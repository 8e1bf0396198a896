/**
 * Tree to text, in the preferred spelling. `print(parse(x))` is stable: printing what was parsed from it
 * changes nothing.
 */
import { quoted } from './lexer.ts';
import type {
  Actor,
  AnyStatement,
  Buffer,
  Models,
  Operation,
  Place,
  RegionStatement,
  Scenario,
  Statement,
  TermSyntax,
  Value,
} from './syntax.ts';
import { KINDS } from './words.ts';

/** Actors line up up to this many letters; longer ones stand out. */
const ACTOR_MAX = 12;

/** Keeps comments, blank lines and lines that were not understood. Ends with a line end unless empty. */
export function print(scenario: Scenario): string {
  const { statements } = scenario;
  const column = Math.max(
    0,
    ...statements.flatMap((s) => {
      const width = s.kind === 'op' || s.kind === 'any' ? actorText(s.actor).length : 0;
      return width > ACTOR_MAX ? [] : [width];
    }),
  );
  let inside = false;
  return statements
    .map((s) => {
      if (!belongsInside(s)) inside = false;
      const indent = inside ? '  ' : '';
      if (s.kind === 'parallel') inside = true;
      if (s.kind === 'raw' && s.verbatim) return `${s.text}\n`;
      return `${(indent + commented(statementText(s, column), s.comment)).trimEnd()}\n`;
    })
    .join('');
}

/**
 * A `parallel` block reaches to its `end`, or, if that is missing, to the first line that cannot be in it.
 */
function belongsInside(s: Statement): boolean {
  return (
    s.kind === 'op' ||
    s.kind === 'any' ||
    s.kind === 'parallel' ||
    s.kind === 'raw' ||
    s.kind === 'blank' ||
    s.kind === 'comment'
  );
}

function commented(text: string, comment: string): string {
  if (comment === '' || text === '') return text + comment;
  return `${text}  ${comment}`;
}

function statementText(s: Statement, column: number): string {
  switch (s.kind) {
    case 'blank':
    case 'comment':
      return '';
    case 'raw':
      return s.text;
    case 'scenario':
    case 'source':
    case 'schedule':
      return `${s.kind} ${s.text}`.trimEnd();
    case 'about':
      return [`about ${s.lines[0] ?? ''}`.trimEnd(), ...s.lines.slice(1)].join('\n  ');
    case 'experiment':
      return `@${s.name} ${s.about}`.trimEnd();
    case 'process':
      return `process ${s.names.map((n) => n.text).join(' ')}`;
    case 'region':
      return regionText(s);
    case 'lru':
      return `lru ${s.mode}`;
    case 'flush':
      return `flush ${s.how}`;
    case 'tables':
      return `tables ${s.how}`;
    case 'hugepages':
      return `hugepages ${s.pages}`;
    case 'actors':
      return `actors ${s.names.join(' ')}`;
    case 'counter':
      return `counter ${s.bits} bits`;
    case 'without':
    case 'with':
      return `${s.kind} ${s.names.map((n) => n.text).join(' ')}`;
    case 'note':
      return s.text === '' ? `note ${s.at}`.trimEnd() : `note ${s.at}: ${s.text}`;
    case 'parallel':
    case 'end':
      return s.kind;
    case 'op':
      return `${actorText(s.actor).padEnd(column)} ${s.detached ? '&' : ''}${operationText(s.op)}`;
    case 'any':
      return `${actorText(s.actor).padEnd(column)} ${anyText(s)}`;
    case 'question':
      return `${s.quantifier} ${s.terms.map(termText).join(' and ')}`;
    case 'expect': {
      const invariant = s.invariant === null ? '' : ` ${s.invariant.text}`;
      return `expect ${s.models.map(modelsText).join(' ')} ${s.verdict}${invariant}`;
    }
  }
}

function termText({ thread, result, value }: TermSyntax): string {
  return `${thread.text}.${result.text} = ${value ? valueText(value) : 'none'}`;
}

function actorText({ name, thread }: Actor): string {
  return thread === 1 ? `${name.text}:` : `${name.text}/${thread}:`;
}

function regionText(s: RegionStatement): string {
  const pages = `${s.pages} page${s.pages === 1 ? '' : 's'}`;
  const process = s.process === null ? '' : ` in ${s.process.text}`;
  return `region ${s.region.text} ${kindText(s.type)} ${pages}${s.readonly ? ' ro' : ''}${process}`;
}

const kindText = (kind: RegionStatement['type']): string => KINDS[kind].word;

/** An open range is the last of its line: before another model it would read as a closed one. */
function modelsText({ from, to }: Models): string {
  if (from !== null && from === to) return from.text;
  return [from?.text ?? '', '..', to?.text ?? ''].join('');
}

/** `a`, `a.0` */
function placeText({ region, page }: Place): string {
  return page === null ? region.text : `${region.text}.${page}`;
}

function valueText(value: Value): string {
  return value.hex ? value.text : quoted(value.text);
}

/** A free choice without its actor: `any 2 of load a.0 | munmap a`. */
export const anyText = ({ count, ops }: Pick<AnyStatement, 'count' | 'ops'>): string =>
  `any ${count} of ${ops.map(operationText).join(' | ')}`;

/** The operation without its actor: `store a.0 "old"`. */
export function operationText(op: Operation): string {
  const words: (string | null)[] = [op.verb];
  switch (op.verb) {
    case 'mmap':
      words.push(op.region.text, kindText(op.kind), String(op.pages), op.readonly ? 'ro' : null);
      words.push(op.populate ? 'populate' : null);
      break;
    case 'munmap':
      words.push(placeText(op.place), countText(op.pages));
      break;
    case 'load':
      words.push(placeText(op.place), resultText(op.result));
      break;
    case 'store':
      words.push(placeText(op.place), valueText(op.value));
      break;
    case 'fork':
      words.push(op.child.text);
      break;
    case 'madvise':
      words.push(placeText(op.place), op.advice, countText(op.pages));
      break;
    case 'mprotect':
      words.push(placeText(op.place), op.protection);
      break;
    case 'vmsplice':
      words.push(placeText(op.place), '->', op.pipe.text, op.times === 1 ? null : `times ${op.times}`);
      break;
    case 'read':
      words.push(op.pipe.text, resultText(op.result));
      break;
    case 'pin':
    case 'get': {
      const longterm = op.verb === 'pin' && op.longterm ? 'longterm' : null;
      words.push(placeText(op.place), op.access, longterm, op.fast ? 'fast' : null, asText(op.hold));
      break;
    }
    case 'lookup':
      words.push(placeText(op.place), resultText(op.result));
      break;
    case 'dio':
      words.push(placeText(op.place), valueText(op.value));
      break;
    case 'dio_read':
    case 'dio_write':
    case 'uring_register':
      words.push(placeText(op.place), asText(op.hold));
      break;
    case 'rdma_register':
      words.push(placeText(op.place), op.readonly ? 'read' : null, asText(op.hold));
      break;
    case 'uring_write':
      words.push(bufferText(op), resultText(op.result));
      break;
    case 'uring_read':
      words.push(bufferText(op), valueText(op.value));
      break;
    case 'uring_unregister':
      words.push(bufferText(op));
      break;
    case 'unpin':
    case 'rdma_deregister':
      words.push(op.hold && op.hold.text);
      break;
    case 'device_write':
      words.push(op.hold.text, valueText(op.value));
      break;
    case 'device_read':
      words.push(op.hold && op.hold.text, resultText(op.result));
      break;
    case 'fopen':
      words.push(op.place && placeText(op.place));
      break;
    case 'release':
    case 'complete':
      words.push(op.hold && op.hold.text, op.value && valueText(op.value), resultText(op.result));
      break;
    case 'poke':
    case 'ptpoke':
    case 'process_vm_writev':
      words.push(placeText(op.place), valueText(op.value), op.target && `in ${op.target.text}`);
      break;
    case 'peek':
    case 'process_vm_readv':
      words.push(placeText(op.place), op.target && `in ${op.target.text}`, resultText(op.result));
      break;
    case 'uffd_register':
      words.push(op.region.text, op.mode);
      break;
    case 'uffd_writeprotect':
      words.push(placeText(op.place), op.on ? 'on' : 'off');
      break;
    case 'uffd_copy':
      words.push(placeText(op.place), valueText(op.value));
      break;
    case 'reclaim':
    case 'uffd_continue':
    case 'uffd_wait':
      words.push(placeText(op.place));
      break;
    case 'move_pages':
      words.push(placeText(op.place), String(op.node));
      break;
    case 'clear_refs':
    case 'ksm':
    case 'ksm_unmerge':
    case 'join':
      break;
    case 'mremap':
      words.push(op.region.text);
      break;
    case 'mlock':
    case 'munlock':
    case 'numa_hint':
      words.push(placeText(op.place));
      break;
    case 'exit':
    case 'exec':
    case 'nodrain':
      break;
    case 'foreign':
      return op.text;
  }
  return words.filter((word) => word !== null).join(' ');
}

const asText = (hold: { readonly text: string } | null): string | null => hold && `as ${hold.text}`;

function bufferText({ buffer, place }: Pick<Buffer<string>, 'buffer' | 'place'>): string | null {
  return buffer?.text ?? (place && placeText(place));
}

function countText(pages: number | null): string | null {
  return pages === null ? null : String(pages);
}

function resultText(result: { readonly text: string } | null): string | null {
  return result === null ? null : `-> ${result.text}`;
}
