// What a model says of itself: every line of its header, in sentences, and nothing that has become untrue.
import { describe, expect, test } from 'vitest';
import { models } from './index.ts';

describe.each(models.map((m) => [m.id, m] as const))('%s', (_, model) => {
  test('says its rule, since when, what it replaces, what it breaks, and what is not here', () => {
    const { rule, since, replaces, breaks, notHere } = model;
    for (const line of [rule, since, replaces, breaks, notHere])
      expect(line).toMatch(/^[A-Za-z\d][^]{2,}\.$/);
    expect(model.title).toMatch(/^[A-Z][^]{10,}[^.]$/);
  });
  test('does not miss what every model has', () => {
    expect(model.notHere).not.toMatch(/, (?:userfaultfd|soft-dirty|NUMA|mremap|direct I\/O|KSM|swap)\b/);
    // What none has, each names; the name of large pages has changed.
    for (const missing of [/files/i]) expect(model.notHere).toMatch(missing);
  });
  test('tells the words of the mail from ours', () => {
    const said = [model.mailSays, model.ours].map((s) => s !== '');
    expect(said).toEqual([model.proposal, model.proposal]);
    if (!model.proposal) return;
    expect(model.title).toMatch(/^Proposal: /);
    expect(model.since).toMatch(/^Never merged\./);
    // Who says it, and when; or that nobody does.
    expect(model.mailSays).toMatch(/(?:20\d\d|, in the message|^Nothing of this)/);
  });
});
