/** Which kernel's rules are played; opens the picker. */
import type { ReactNode } from 'react';
import { IconDown } from '../icons.tsx';
import { session, useSession } from '../live.ts';
import { shortModel } from '../words.ts';

export function KernelButton({ tall = false }: { readonly tall?: boolean }): ReactNode {
  const model = useSession((state) => state.model);
  return (
    <button
      type="button"
      className={`button kernel-button ${tall ? 'button-tall' : ''}`}
      aria-haspopup="dialog"
      title={model}
      onClick={() => session.dialog('kernel')}
    >
      <span className="quiet kernel-word">Kernel</span>
      <b className="mono kernel-name">{shortModel(model)}</b>
      <IconDown />
    </button>
  );
}
