/**
 * Not of Linux: a thread chooses which of several operations it does next, each at most once. What it may
 * choose from stands behind this operation in the thread's list; the engine comes back here until enough are
 * done.
 */
import { routine } from '../steps.ts';
import { choose, isChosen, waysOfPick } from '../verbs/pick.ts';

export const pick = routine(
  'pick',
  { file: 'user space', exits: ['end'] },
  {
    choose: {
      says: 'Choose what to do next.',
      choices: waysOfPick,
      when: (way) => !isChosen(way),
      awaits: 'has nothing left to choose from',
      touches: 'own',
      run: (way) => {
        choose(way);
        return 'end';
      },
    },
  },
);
