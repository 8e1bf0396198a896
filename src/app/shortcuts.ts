/** Every command with a name: the only list. The key listener, the help page and the palette read it. */
import { debugging, type Debugging } from './debugging.ts';
import { presenting } from './presenting.ts';
import type { Presenting } from './present/presenting.ts';
import type { Session } from './session.ts';

export interface Command {
  readonly id: string;
  /** An order: `Next step`. */
  readonly title: string;
  readonly group: 'Step' | 'Play' | 'Debug' | 'Look' | 'Panels' | 'Page' | 'Present';
  /** Only there; its keys go before what they mean elsewhere. */
  readonly when?: 'present';
  /** As `KeyboardEvent.key`, with `Shift+`, `Alt+`, `Mod+` (Ctrl, or Command on a Mac) in front. */
  readonly keys: readonly string[];
  readonly run: (session: Session) => void;
}

const go = (move: (session: Session) => Promise<void>) => (session: Session) => void move(session);

/** The debugger arrives when it is first needed. */
const debug = (act: (debug: Debugging) => void) => () => void debugging().then(act);

/** So does what presents. */
const present = (act: (present: Presenting) => void) => () => void presenting().then(act);

/** Page Up and Page Down are what a remote sends. */
const forAudience: readonly Command[] = (
  [
    ['next', 'Next beat, or its answer; without a lesson, next step', 'PageDown', (p) => p.next()],
    ['back', 'Beat before; without a lesson, step back', 'PageUp', (p) => p.back()],
    ['blank', 'Blank the screen, or show it again', 'b', (p) => p.blank()],
    ['reveal', 'Show the right answer and the hands, or hide them', 'r', (p) => p.reveal()],
    ['list', 'Jump to a beat or a bookmark', 'o', (p) => p.list(true)],
  ] satisfies [string, string, string, (p: Presenting) => void][]
).map(([id, title, key, act]) => {
  return { id: `present-${id}`, title, group: 'Present', when: 'present', keys: [key], run: present(act) };
});

export const commands: readonly Command[] = [
  {
    id: 'next',
    title: 'Next step',
    group: 'Step',
    keys: ['ArrowRight', 'l', 'n', 'PageDown', 'F11'],
    run: go((s) => s.step(1)),
  },
  {
    id: 'back',
    title: 'Step back',
    group: 'Step',
    keys: ['ArrowLeft', 'h', 'p', 'PageUp', 'Shift+F11'],
    run: go((s) => s.step(-1)),
  },
  {
    id: 'next-operation',
    title: 'Next operation',
    group: 'Step',
    keys: ['Shift+ArrowRight', 'F10'],
    run: go((s) => s.stepOperation(1)),
  },
  {
    id: 'back-operation',
    title: 'Back one operation',
    group: 'Step',
    keys: ['Shift+ArrowLeft', 'Shift+F10'],
    run: go((s) => s.stepOperation(-1)),
  },
  {
    id: 'next-same',
    title: 'Next step of the same thread',
    group: 'Step',
    keys: ['Alt+ArrowRight'],
    run: go((s) => s.stepThread(1)),
  },
  {
    id: 'back-same',
    title: 'Back to the last step of the same thread',
    group: 'Step',
    keys: ['Alt+ArrowLeft'],
    run: go((s) => s.stepThread(-1)),
  },
  { id: 'start', title: 'To the start', group: 'Step', keys: ['Home'], run: go((s) => s.goto(0)) },
  { id: 'end', title: 'To the end', group: 'Step', keys: ['End'], run: go((s) => s.goto(Infinity)) },
  {
    id: 'goto',
    title: 'Go to a step by its number',
    group: 'Step',
    keys: ['g'],
    run: (s) => s.dialog('goto'),
  },
  {
    id: 'violation',
    title: 'Next broken rule',
    group: 'Step',
    keys: ['v'],
    run: go((s) => s.stepViolation(1)),
  },
  {
    id: 'violation-back',
    title: 'Previous broken rule',
    group: 'Step',
    keys: ['Shift+V'],
    run: go((s) => s.stepViolation(-1)),
  },
  {
    id: 'play',
    title: 'Play or pause',
    group: 'Play',
    keys: [' '],
    run: playOrPause,
  },
  { id: 'faster', title: 'Play faster', group: 'Play', keys: ['+', '='], run: (s) => s.faster(1) },
  { id: 'slower', title: 'Play slower', group: 'Play', keys: ['-'], run: (s) => s.faster(-1) },
  {
    id: 'run-on',
    title: 'Run on to the next breakpoint',
    group: 'Debug',
    keys: ['F8'],
    run: go((s) => s.runOn(1)),
  },
  {
    id: 'run-back',
    title: 'Run back to the breakpoint before',
    group: 'Debug',
    keys: ['Shift+F8'],
    run: go((s) => s.runOn(-1)),
  },
  {
    id: 'breakpoint',
    title: 'Break at steps like this one, or no longer',
    group: 'Debug',
    keys: ['b', 'F9'],
    run: debug((d) => d.breakHere()),
  },
  {
    id: 'watch',
    title: 'Watch what is selected',
    group: 'Debug',
    keys: ['w'],
    run: debug((d) => d.watchSelected()),
  },
  {
    id: 'find',
    title: 'Find in this run: words, or a condition',
    group: 'Debug',
    keys: ['/'],
    run: debug((d) => d.show('find')),
  },
  {
    id: 'bookmark',
    title: 'Bookmark this step, or no longer',
    group: 'Debug',
    keys: ['m'],
    run: debug((d) => d.bookmarkHere()),
  },
  {
    id: 'diff',
    title: 'Keep this step to compare others with',
    group: 'Debug',
    keys: ['d'],
    run: debug((d) => d.diffFromHere()),
  },
  {
    id: 'branch-back',
    title: 'The branch before',
    group: 'Debug',
    keys: ['['],
    run: debug((d) => d.branch(-1)),
  },
  { id: 'branch-on', title: 'The next branch', group: 'Debug', keys: [']'], run: debug((d) => d.branch(1)) },
  {
    id: 'landing',
    title: 'Which steps of others could come before this one',
    group: 'Debug',
    keys: ['r'],
    run: debug((d) => d.landHere()),
  },
  {
    id: 'chance',
    title: 'Go on from here by chance',
    group: 'Debug',
    keys: [],
    run: debug((d) => d.wander()),
  },
  {
    id: 'why',
    title: 'Why? Explain what is selected',
    group: 'Look',
    keys: ['y'],
    run: () => document.querySelector<HTMLElement>('[data-explains]')?.focus(),
  },
  {
    id: 'table',
    title: 'Show the picture as a table, or back',
    group: 'Look',
    keys: ['t'],
    run: (s) => s.showTable(!s.store.getState().asTable),
  },
  { id: 'kernel', title: 'Choose a kernel', group: 'Look', keys: ['k'], run: (s) => s.dialog('kernel') },
  {
    id: 'check',
    title: 'Try every order of this scenario',
    group: 'Look',
    keys: [],
    run: (s) => (s.show('check'), void s.check()),
  },
  { id: 'gallery', title: 'Open the gallery', group: 'Panels', keys: [], run: (s) => s.show('gallery') },
  {
    id: 'walkthrough',
    title: 'Open the lessons',
    group: 'Panels',
    keys: [],
    run: (s) => s.show('walkthrough'),
  },
  { id: 'source', title: 'Edit the scenario', group: 'Panels', keys: ['e'], run: (s) => s.show('source') },
  {
    id: 'new',
    title: 'Begin a new scenario',
    group: 'Panels',
    keys: [],
    run: (s) => void s.begin().then(() => s.show('source')),
  },
  {
    id: 'record',
    title: 'Write the order of this run into the text',
    group: 'Panels',
    keys: [],
    run: go((s) => s.record()),
  },
  {
    id: 'language',
    title: 'Open the reference of the language',
    group: 'Panels',
    keys: [],
    run: (s) => s.show('reference'),
  },
  { id: 'check-panel', title: 'Open the check', group: 'Panels', keys: [], run: (s) => s.show('check') },
  {
    id: 'compare',
    title: 'Compare two kernels',
    group: 'Panels',
    keys: ['c'],
    run: (s) => s.show('compare'),
  },
  { id: 'debug', title: 'Open the debugger', group: 'Panels', keys: [], run: (s) => s.show('debug') },
  {
    id: 'memory',
    title: 'Open memory: page-table walk, address spaces, pages',
    group: 'Panels',
    keys: ['a'],
    run: (s) => s.show('memory'),
  },
  {
    id: 'states',
    title: 'Open the map of all states',
    group: 'Panels',
    keys: [],
    run: (s) => s.show('states'),
  },
  {
    id: 'rules',
    title: 'Compose a rule set',
    group: 'Panels',
    keys: [],
    run: (s) => s.show('rules'),
  },
  { id: 'code', title: 'Open the code', group: 'Panels', keys: ['i'], run: (s) => s.show('code') },
  { id: 'settings', title: 'Settings', group: 'Page', keys: [','], run: (s) => s.dialog('settings') },
  {
    id: 'share',
    title: 'Share: link, notes, QR code',
    group: 'Page',
    keys: ['s'],
    run: (s) => s.dialog('share'),
  },
  { id: 'export', title: 'Export this run', group: 'Page', keys: ['x'], run: (s) => s.dialog('export') },
  {
    id: 'import',
    title: 'Open a mail, a text or a recording',
    group: 'Page',
    keys: ['o'],
    run: (s) => s.dialog('import'),
  },
  {
    id: 'present',
    title: 'For an audience: large words, no tools',
    group: 'Page',
    keys: [],
    run: (s) => s.carry({ present: !s.store.getState().carried.present }),
  },
  {
    id: 'glossary',
    title: 'Open the glossary',
    group: 'Page',
    keys: [],
    run: (s) => s.dialog('glossary'),
  },
  {
    id: 'speaker',
    title: 'Present, with a window for the speaker',
    group: 'Present',
    keys: [],
    run: present((p) => p.speaker()),
  },
  ...forAudience,
  {
    id: 'present-speaker',
    title: 'Open the speaker’s window',
    group: 'Present',
    when: 'present',
    keys: ['s'],
    run: present((p) => p.speaker()),
  },
  {
    id: 'present-step',
    title: 'One step on',
    group: 'Present',
    when: 'present',
    keys: ['Shift+PageDown'],
    run: go((s) => s.step(1)),
  },
  {
    id: 'present-step-back',
    title: 'One step back',
    group: 'Present',
    when: 'present',
    keys: ['Shift+PageUp'],
    run: go((s) => s.step(-1)),
  },
  {
    id: 'present-play',
    title: 'Play or pause',
    group: 'Present',
    when: 'present',
    keys: ['.'],
    run: playOrPause,
  },
  { id: 'help', title: 'Keys and signs', group: 'Page', keys: ['?'], run: (s) => s.dialog('help') },
  {
    id: 'palette',
    title: 'Find a command, a scenario or a kernel',
    group: 'Page',
    keys: ['Mod+k'],
    run: (s) => s.dialog('palette'),
  },
  { id: 'out', title: 'Back out', group: 'Page', keys: ['Escape'], run: backOut },
];

/** Numbers are not in the list, since what they do changes with every step. */
export const THREAD_KEYS = { title: 'Let thread 1 to 9 move next', keys: ['1', '9'] } as const;
export const HAND_KEYS = {
  title: 'At a question: count a hand for answer 1 to 9; with Shift, take one away',
  keys: ['1', '9'],
} as const;

/** Two commands may have one key only where they are never heard at the same time. */
export const rivalsOf = (id: string): readonly Command[] => {
  const when = commands.find((one) => one.id === id)?.when;
  return commands.filter((one) => one.when === when);
};

function playOrPause(session: Session): void {
  if (session.store.getState().playing) session.pause();
  else session.play();
}

function backOut(session: Session): void {
  const state = session.store.getState();
  if (state.playing) session.pause();
  else if (state.selection !== null) session.select(null);
  else if (state.carried.speaker !== '') return;
  else if (state.carried.present) session.carry({ present: false });
  else if (state.panel !== null) session.show(null);
}

/** Characters may be switched off (WCAG 2.1.4); keys with a name or a modifier always work. */
export const isSingle = (key: string): boolean => key.replace(/^Shift\+/, '').length === 1;

const NAMES: Readonly<Record<string, string>> = {
  ArrowRight: '→',
  ArrowLeft: '←',
  PageDown: 'Page Down',
  PageUp: 'Page Up',
  ' ': 'Space',
  Escape: 'Esc',
};

/** A key as it stands on the keyboard. */
export function keyName(key: string, mac = false): string {
  return key
    .split(/\+(?=.)/)
    .map((part) =>
      part === 'Mod'
        ? mac
          ? '⌘'
          : 'Ctrl'
        : (NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part)),
    )
    .join(' ');
}
