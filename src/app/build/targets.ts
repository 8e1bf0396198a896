/** A thing of the picture as a thing of the text, and who may do something to it. */
import type { Target } from '../../scenario/offers.ts';
import type { Scene } from '../../scene/scene.ts';
import type { OffersRequest } from '../../worker/protocol.ts';

type Who = OffersRequest['targets'][number];
export interface Choice {
  /** `parent, page a.0` */
  readonly title: string;
  readonly targets: readonly Who[];
}

/** null for what nobody can do anything to. */
export function choiceOf(scene: Scene, id: string): Choice | null {
  const [kind = '', first = '', second = ''] = id.split(':');
  switch (kind) {
    case 'mm':
    case 'table':
      return one(scene, first, { kind: 'process' }, first);
    case 'vma':
      return one(scene, first, { kind: 'region', name: second }, `${first}, region ${second}`);
    case 'view':
    case 'pte':
      return one(scene, first, { kind: 'page', name: second }, `${first}, page ${second}`);
    case 'thread':
    case 'tlb':
      return one(scene, first.replace(/\/\d+$/, ''), { kind: 'process' }, first, first);
    case 'pipe':
    case 'hold': {
      const targets = alive(scene).map((actor): Who => ({ actor, target: { kind, name: first } }));
      return { title: `${kind} ${first}`, targets };
    }
    case 'folio':
    case 'token': {
      // Who has it in a page table can do something to it.
      const row =
        /pte:([^:]+):(.+)$/.exec(id) ?? /^pte:([^:]+):(.+)$/.exec(mapperOf(scene, `folio:${first}`));
      return row ? choiceOf(scene, row[0]) : null;
    }
    default:
      return null;
  }
}

const alive = (scene: Scene): string[] =>
  scene.processes.filter((one) => one.state === 'alive').map((one) => one.name);

function one(scene: Scene, process: string, target: Target, title: string, actor = process): Choice | null {
  return alive(scene).includes(process) ? { title, targets: [{ actor, target }] } : null;
}

const mapperOf = (scene: Scene, folio: string): string =>
  scene.edges.find((edge) => edge.from.startsWith('pte:') && edge.to.includes(folio))?.from ?? '';
