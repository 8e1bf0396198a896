/** Does what a mistake's hint says. */
import { fixOf, fixed } from '../../../scenario/fix.ts';
import type { Diagnostic } from '../../../worker/protocol.ts';
import { session } from '../../live.ts';

export function mend(one: Diagnostic): void {
  const { text } = session.store.getState();
  const fix = fixOf(text, one);
  if (fix !== null) session.setText(fixed(text, fix));
}
