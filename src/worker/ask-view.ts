/** "Why?" of anything in the picture, for the inspector. */
import { answer } from '../debugger/answer.ts';
import type { Run } from '../debugger/run.ts';
import type { Role } from '../debugger/slice.ts';
import type { Facts } from '../scene/facts.ts';
import { subjectOf } from '../scene/subject.ts';
import type { AnswerOf } from './protocol.ts';

/** Why a step is a link of the answer, in the words of who asks. */
const ROLES: Readonly<Record<Role, string>> = {
  saw: 'who saw it',
  maps: 'how it came to be there',
  held: 'who held it',
  left: 'who let go of it',
  stored: 'who wrote it',
  copied: 'where it was copied from',
  writable: 'why it could be written',
  decided: 'why so',
  missing: 'what should be there',
  changed: 'what changed',
  blocks: 'what is in the way',
  frees: 'what will end it',
};

export function askView(run: Run, facts: Facts, at: number, id: string): AnswerOf | null {
  const subject = subjectOf(run.machine.plan, facts.folios, id);
  const found = subject === null ? null : answer(run, facts.history, subject, at);
  if (found === null) return null;
  return {
    question: found.question,
    lead: found.lead,
    links: found.links.map(({ at: step, role, says, judged }) => ({
      at: step,
      role: ROLES[role],
      says,
      thread: run.steps[step - 1]?.thread ?? -1,
      judged:
        judged === null
          ? null
          : {
              folio: judged.folio,
              mapcount: judged.mapcount,
              refcount: judged.refcount,
              counted: judged.counted,
              ignored: judged.ignored,
            },
    })),
  };
}
