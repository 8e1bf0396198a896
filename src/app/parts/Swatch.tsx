/** A process's colour and pattern; its name always stands beside it. */
import type { ReactNode } from 'react';
import type { Who } from '../../scene/scene.ts';

const HUES = 4;

/** The class that sets `--hue` and its kin. */
export const hueClass = (who: Who): string => (who < 0 ? 'who-kernel' : `who${who % HUES}`);

export function Swatch({
  who,
  size = 12,
}: {
  readonly who: Who;
  readonly size?: 8 | 10 | 12 | 14;
}): ReactNode {
  const again = who >= HUES ? 'swatch-again' : '';
  return <span className={`swatch swatch-${size} pattern ${hueClass(who)} ${again}`} aria-hidden="true" />;
}
