/** Keys to commands, for the whole page. */
import { presenting } from './presenting.ts';
import type { Session } from './session.ts';
import { keysOf, type Settings } from './settings.ts';
import { commands, isSingle, type Command } from './shortcuts.ts';

let keyed: Settings['keys'] | null = null;
type Table = ReadonlyMap<string, Command>;
let anywhere: Table = new Map(),
  presented: Table = new Map();
/** Made anew when somebody gives a command another key. */
function commandOf(name: string, keys: Settings['keys'], present: boolean): Command | undefined {
  if (keys !== keyed) {
    keyed = keys;
    const table = (when: Command['when']): Table => {
      const these = commands.filter((one) => one.when === when);
      return new Map(these.flatMap((one) => keysOf(one, keys).map((key) => [key, one] as const)));
    };
    [anywhere, presented] = [table(undefined), table('present')];
  }
  const command = anywhere.get(name);
  if (!present) return command;
  // Panels are tools, and an audience sees none.
  return presented.get(name) ?? (command?.group === 'Panels' ? undefined : command);
}

/** `Shift+ArrowRight`, `Mod+k`, `?`. Shift is part of a printed character, except of a letter. */
export function nameOf(event: KeyboardEvent): string {
  const { key } = event;
  const printed = key.length === 1;
  const shift = event.shiftKey && (!printed || /[A-Z]/.test(key));
  const mod = event.ctrlKey || event.metaKey;
  // Caps Lock is not Shift.
  const plain = printed && !shift ? key.toLowerCase() : key;
  return `${mod ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${plain}`;
}

const TYPING =
  'input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable=true]';
/** Here arrows choose, and space presses. */
const CHOOSING = '[role=listbox], [role=radiogroup], [role=tablist], [role=menu]';
const PRESSING = 'button, a[href], summary, input, [role=button], [role=switch]';

/** What has the keyboard, also inside a shadow tree. */
function targetOf(event: KeyboardEvent): Element | null {
  const [target] = event.composedPath();
  return target instanceof Element ? target : null;
}

function meantElsewhere(session: Session, event: KeyboardEvent): boolean {
  const target = targetOf(event);
  if (event.defaultPrevented || event.isComposing || !target) return true;
  // A dialog that is open, or is about to be, has the keyboard; it closes itself on Escape.
  const awaited = session.store.getState().dialog !== null && !document.querySelector('dialog');
  if (awaited || document.querySelector('dialog[open]')) return true;
  if (target.closest(TYPING)) return event.key !== 'Escape' && !event.key.startsWith('F');
  if (target.closest(CHOOSING)) return /^(Arrow|Home|End|Page| )/.test(event.key);
  return event.key === ' ' && target.closest(PRESSING) !== null;
}

export function listenForKeys(session: Session, target: Document): () => void {
  const listener = (event: KeyboardEvent): void => {
    if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      session.dialog('palette');
      return;
    }
    if (meantElsewhere(session, event)) return;
    const name = nameOf(event);
    const state = session.store.getState();
    if (isSingle(name) && !state.singleKeys) return;
    const { present } = state.carried;
    const digit = digitOf(event);
    if (present && digit > 0) {
      event.preventDefault();
      const by = event.key === String(digit) ? 1 : -1;
      void presenting().then((p) => {
        if (!p.hand(digit - 1, by) && by === 1) chooseByNumber(session, digit - 1);
      });
      return;
    }
    if (/^[1-9]$/.test(name)) return chooseByNumber(session, Number(name) - 1);
    const command = commandOf(name, state.settings.keys, present);
    if (!command) return;
    const typing = event.key === 'Escape' ? targetOf(event)?.closest<HTMLElement>(TYPING) : null;
    if (typing) {
      typing.blur();
      return;
    }
    event.preventDefault();
    command.run(session);
  };
  target.addEventListener('keydown', listener);
  return () => target.removeEventListener('keydown', listener);
}

/** The digit of a key, also where Shift makes another sign of it; 0: it has none. */
function digitOf({ code, key, altKey, ctrlKey, metaKey }: KeyboardEvent): number {
  if (altKey || ctrlKey || metaKey) return 0;
  return Number(/^[1-9]$/.exec(key)?.[0] ?? /^Digit([1-9])$/.exec(code)?.[1] ?? 0);
}

function chooseByNumber(session: Session, thread: number): void {
  const move = session.store.getState().frame?.moves.find((one) => one.thread === thread);
  if (move && move.blocked === '') void session.choose(thread);
}
