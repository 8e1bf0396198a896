// Windows of one presentation, without a browser: who leads, who comes late, who is gone.
import { expect, test } from 'vitest';
import { createFollow, type Follow, type Wire } from './follow.ts';

/** A channel as the browser's: everybody hears it but whoever spoke, in order, and as a copy. */
function air(): { readonly wire: () => Wire; readonly said: unknown[] } {
  const ears = new Map<object, (message: unknown) => void>();
  const said: unknown[] = [];
  const wire = (): Wire => {
    const me = {};
    return {
      post(message) {
        said.push(message);
        for (const [owner, hear] of ears) if (owner !== me) hear(structuredClone(message));
      },
      listen(hear) {
        ears.set(me, hear);
        return () => ears.delete(me);
      },
    };
  };
  return { wire, said };
}

interface Window {
  readonly follow: Follow<string>;
  shown: string | null;
  others: number;
  readonly taken: string[];
  /** Somebody does something here. */
  does(what: string): void;
}

function open(wire: Wire, me: string, shown: string | null): Window {
  const taken: string[] = [];
  const window = { shown, others: 0, taken } as Omit<Window, 'follow'> as Window;
  const follow = createFollow<string>({
    wire,
    me,
    read: (value) => (typeof value === 'string' ? value : null),
    shown: () => window.shown,
    take(now) {
      taken.push(now);
      window.shown = now;
    },
    others: (count) => (window.others = count),
  });
  return Object.assign(window, {
    follow,
    does(what: string) {
      window.shown = what;
      follow.tell(what);
    },
  });
}

test('each of two windows leads, and the other follows', () => {
  const { wire } = air();
  const audience = open(wire(), 'a', 'beat 1');
  const speaker = open(wire(), 's', 'nothing yet');
  expect([speaker.shown, audience.taken]).toEqual(['beat 1', []]);
  speaker.does('beat 2');
  expect(audience.shown).toBe('beat 2');
  audience.does('beat 3');
  expect(speaker.shown).toBe('beat 3');
  expect([audience.others, speaker.others]).toEqual([1, 1]);
});

test('a window that comes late, or comes again, shows what the others show', () => {
  const { wire } = air();
  const audience = open(wire(), 'a', 'beat 1');
  for (const beat of ['beat 2', 'beat 3']) audience.does(beat);
  const speaker = open(wire(), 's', 'beat 1');
  expect(speaker.shown).toBe('beat 3');
  audience.follow.close();
  // Loaded anew at an older place, as its address had it: what the other shows counts.
  const again = open(wire(), 'b', 'beat 2');
  expect([again.shown, speaker.taken]).toEqual(['beat 3', ['beat 3']]);
  again.does('beat 4');
  expect(speaker.shown).toBe('beat 4');
});

test('a window whose picture is on its way is not followed, but hears', () => {
  const { wire } = air();
  const audience = open(wire(), 'a', 'beat 5');
  const busy = open(wire(), 's', null);
  expect([busy.shown, audience.shown]).toEqual(['beat 5', 'beat 5']);
  audience.follow.close();
  busy.shown = null;
  const third = open(wire(), 't', 'elsewhere');
  expect(third.shown).toBe('elsewhere');
  // Whoever asked meanwhile hears of it when it is there.
  busy.shown = 'beat 6';
  for (let i = 0; i < 2; i += 1) busy.follow.ready();
  expect([third.shown, third.taken]).toEqual(['beat 6', ['beat 6']]);
});

test('both at once: one of the two wins, in both windows', () => {
  const held: (() => void)[] = [];
  const ears = new Set<(message: unknown) => void>();
  const slow = (): Wire => ({
    post(message) {
      for (const hear of ears) held.push(() => hear(message));
    },
    listen(hear) {
      ears.add(hear);
      return () => ears.delete(hear);
    },
  });
  const [a, b] = [open(slow(), 'a', 'x'), open(slow(), 'b', 'x')];
  const deliver = (): void => {
    for (const one of held.splice(0)) one();
    if (held.length > 0) deliver();
  };
  deliver();
  a.does('left');
  b.does('right');
  deliver();
  expect([a.shown, b.shown]).toEqual(['right', 'right']);
  a.does('left again');
  deliver();
  expect(b.shown).toBe('left again');
});

test('a window that is closed says so; one that crashed is missed', () => {
  const { wire } = air();
  const audience = open(wire(), 'a', 'beat 1');
  const speaker = open(wire(), 's', 'beat 1');
  for (let i = 0; i < 5; i += 1) speaker.follow.tick();
  expect([audience.others, speaker.others]).toEqual([1, 1]);
  audience.follow.close();
  expect(speaker.others).toBe(0);
  // One that crashes is not asked whether it wants to go.
  const line = wire();
  let dead = false;
  const mortal = open(
    { post: (m) => dead || line.post(m), listen: (hear) => line.listen((m) => dead || hear(m)) },
    'm',
    'beat 1',
  );
  expect([speaker.others, mortal.others]).toEqual([1, 1]);
  dead = true;
  speaker.follow.tick();
  speaker.follow.tick();
  expect(speaker.others).toBe(1);
  speaker.follow.tick();
  expect(speaker.others).toBe(0);
});

test('two presentations do not hear each other', () => {
  const [one, two] = [air(), air()];
  const audience = open(one.wire(), 'a', 'beat 1');
  const other = open(two.wire(), 'b', 'beat 9');
  audience.does('beat 2');
  expect([other.shown, other.others]).toEqual(['beat 9', 0]);
});

test('what is no message of ours, or of another version, changes nothing', () => {
  const { wire, said } = air();
  const audience = open(wire(), 'a', 'beat 1');
  const stranger = wire();
  const before = said.length;
  for (const bad of [
    null,
    'shown',
    { kind: 'shown', shown: 'mine' },
    { folioscope: 2, from: 'x', kind: 'hello' },
    { folioscope: 1, from: 'x', kind: 'shown', clock: NaN, by: 'x', shown: 'mine' },
    { folioscope: 1, from: 'x', kind: 'shown', clock: 7, by: 3, shown: 'mine' },
    { folioscope: 1, from: 'x', kind: 'shown', clock: 7, by: 'x', shown: { not: 'a text' } },
  ])
    stranger.post(bad);
  expect([audience.shown, audience.taken]).toEqual(['beat 1', []]);
  // Nobody was answered, either.
  expect(said.length - before).toBe(7);
  // And what cannot be read does not make what can be read old.
  stranger.post({ folioscope: 1, from: 'y', kind: 'shown', clock: 1, by: 'y', shown: 'beat 2' });
  expect(audience.shown).toBe('beat 2');
});
