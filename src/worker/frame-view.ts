/** One step as the app shows it: the picture, who may move, the routine's table, and who holds what. */
import { holdingAt } from '../debugger/history.ts';
import type { Tenure } from '../debugger/history.ts';
import { counts, readsOf } from '../debugger/reads.ts';
import { goTo, statuses } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { printPosition } from '../debugger/schedule.ts';
import type { Broken } from '../debugger/violations.ts';
import { actorName, lockLabel } from '../debugger/words.ts';
import { citationOf } from '../kernel/citations.ts';
import { isOpen, pcOf } from '../kernel/engine.ts';
import { isStep } from '../kernel/steps.ts';
import type { Row } from '../kernel/steps.ts';
import { folioAt } from '../kernel/view.ts';
import { OP, cells, taskOf } from '../kernel/world.ts';
import { buildScene } from '../scene/build.ts';
import { holderLabel, tokenId } from '../scene/build-folios.ts';
import { blockedWords } from '../scene/build-processes.ts';
import { folioId } from '../scene/facts.ts';
import type { Facts } from '../scene/facts.ts';
import { sinceWords } from '../scene/moment.ts';
import type { Frame, HolderView, MoveView, RoutineView, WhyView } from './protocol.ts';

/**
 * `run.steps.length` may be less than what the app shows as the whole run: frames are made for any step of
 * it.
 */
export function frameView(run: Run, facts: Facts, broken: readonly Broken[], at: number): Frame {
  const scene = buildScene(
    run,
    facts,
    at,
    broken.filter((b) => b.at <= at),
  );
  return {
    at,
    scene,
    moves: movesAt(run, at),
    routine: routineAt(run, at),
    why: whyAt(run, facts, at),
    position: printPosition(run, at),
  };
}

export function movesAt(run: Run, at: number): MoveView[] {
  const { plan, program, model } = run.machine,
    all = statuses(run, at);
  return all.flatMap((s, t): MoveView[] => {
    if (s.kind === 'finished' || s.kind === 'absent' || s.kind === 'later') return [];
    const thread = plan.threads[t]!,
      pc = pcOf(t),
      { label, row } = program.rows[pc]!;
    const i = thread.ops[cells[taskOf[t]! + OP]!] ?? -1,
      begun = run.steps.slice(0, at).some((x) => x.op === i);
    const takes = isStep(row) && row.takes !== undefined ? `take ${lockLabel(row.takes, model)}` : '';
    const next = !begun
      ? (plan.ops[i]?.text ?? '')
      : takes !== ''
        ? takes
        : nextWords(row, label, model.rules.mmapLockName);
    const move = {
      thread: t,
      name: actorName(plan, t),
      who: thread.process,
      blocked: blockedWords({ run }, s),
    };
    if (plan.ops[i]?.syscall !== 'pick' || s.kind !== 'enabled') return [{ ...move, choice: 0, next }];
    // A free choice: a move for each operation that is still open.
    const first = thread.ops.indexOf(i) + 1;
    return Array.from({ length: s.choices }, (_, choice) => choice)
      .filter((choice) => isOpen(t, choice))
      .map((choice) => ({ ...move, choice, next: plan.ops[thread.ops[first + choice]!]!.text }));
  });
}

/** A row in a few words: the first clause of its sentence, or its label where that is long. */
function nextWords(row: Row<string>, label: string, mmapLock: string): string {
  const clause = isStep(row) ? plain(row.says, mmapLock).split(/[,:;.]/)[0]! : '';
  const short = clause !== '' && clause.length <= 40 ? clause : label.replaceAll('_', ' ');
  return short.charAt(0).toLowerCase() + short.slice(1);
}
/** A row's sentence as it stands in the table, with nobody in particular in it. */
export const plain = (says: string, mmapLock: string): string =>
  says.replace(/\{(\w+)\}/g, (_, w: string) => (w === 'mmap_lock' ? mmapLock : (PLAIN[w] ?? w)));

/**
 * The table of the routine that made the last step; before the first one, of the routine that would make
 * it.
 */
function routineAt(run: Run, at: number): RoutineView | null {
  const { program, plan, model } = run.machine,
    last = run.steps[at - 1] ?? run.steps[0];
  if (last === undefined) return null;
  goTo(run, at);
  const { routine } = program.rows[last.pc]!,
    now = plan.threads.map((_, t) => pcOf(t));
  const visited = new Set(
    run.steps
      .slice(0, at)
      .filter((s) => s.op === last.op)
      .map((s) => s.pc),
  );
  const rows = program.rows.flatMap(({ routine: r, label, row }, pc) => {
    if (pc === 0 || r !== routine || !isStep(row)) return [];
    return [
      {
        label,
        says: plain(row.says, model.rules.mmapLockName),
        locks: (row.holds ?? []).map((l) => lockLabel(l, model)),
        threads: now.flatMap((p, t) => (p === pc ? [t] : [])),
        current: at > 0 && pc === last.pc,
        done: visited.has(pc) && pc !== last.pc,
      },
    ];
  });
  const version = routine.commit === '' ? model.id : `${model.id}, ${routine.commit}`;
  return { ...citationOf(routine, model), version, rows };
}
/** What a placeholder of a sentence means when no step fills it in. */
const PLAIN: Readonly<Record<string, string>> = {
  me: 'the process',
  page: 'the address',
  va: 'the address',
  folio: 'the page',
  child: 'the child',
  model: 'this kernel',
  bytes: 'the bytes',
  mapcount: 'several',
  refcount: 'several',
};

/** Who drops what is kept to the end of the run, if ever. */
const DROPS: Readonly<Record<Tenure['holder']['kind'], string>> = {
  pte: 'zap_pte_range',
  cache: 'delete_from_page_cache',
  batch: 'lru_add_drain',
  pipe: 'generic_pipe_buf_release',
  pin: 'unpin_user_page',
  get: 'put_page',
  kernel: '',
  swap: 'swap_free',
  'swap-cache': 'delete_from_swap_cache',
};
/** The function that lets go of a reference: of the step that does, else the usual one. */
function dropOf(run: Run, { to, holder }: Tenure): string {
  const step = run.steps[to - 1];
  if (step === undefined) return DROPS[holder.kind];
  return citationOf(run.machine.program.rows[step.pc]!.routine, run.machine.model).name;
}

/** Who holds each folio after step `at`, since when, and who held it before. */
export function whyAt(run: Run, facts: Facts, at: number): WhyView[] {
  goTo(run, at);
  const here = holdingAt(facts.history, at),
    moment = { run, facts, at, step: null, broken: [] };
  return facts.folios.map((f) => {
    const mine = here.filter((t) => t.folio === f),
      asked = run.steps[at - 1]?.decided ?? null,
      reads = readsOf(asked?.folio === f ? asked.asks : run.machine.model.looksAt);
    const view = (t: Tenure): HolderView => ({
      token: tokenId({ run }, t),
      label: holderLabel({ run }, t),
      kind: t.holder.kind,
      inMapcount: t.holder.kind === 'pte',
      who:
        'mm' in t.holder
          ? t.holder.mm
          : t.holder.kind === 'kernel'
            ? run.machine.plan.threads[t.holder.thread]!.process
            : -1,
      since: sinceWords(moment, t.from),
      sinceStep: t.from,
      counted: counts(reads, t.holder),
      drop: dropOf(run, t),
      dropStep: t.to,
    });
    const gone = facts.history.filter(
      (t) => t.folio === f && t.to !== 0 && t.to <= at && t.holder.kind !== 'kernel',
    );
    return {
      folio: folioId(f),
      refcount: folioAt(f).refcount,
      mapcount: folioAt(f).maps,
      reads,
      holders: mine.map(view),
      gone: gone.map((t) => ({ label: holderLabel({ run }, t), from: t.from, to: t.to })),
    };
  });
}
