/** A link for a lecture: dark squares on white in every theme, because cameras want it so. */
import type { ReactNode } from 'react';
import { QR_MAX, qrCode, squaresOf } from '../../export/qr.ts';

/** Light squares around it, which a reader needs. */
const QUIET = 4;

export default function QrCode({ text }: { readonly text: string }): ReactNode {
  if (text.length > QR_MAX) {
    return (
      <output className="quiet share-long">
        This link has {text.length.toLocaleString('en')} characters. A code that a camera can read from a seat
        holds about {QR_MAX.toLocaleString('en')}; a scenario of the gallery goes by its name and is shorter.
      </output>
    );
  }
  const rows = qrCode(text, text.length > 400 ? 'L' : 'M');
  const size = rows.length + 2 * QUIET;
  return (
    <figure className="share-code" aria-label="QR code of the link">
      <svg viewBox={`${-QUIET} ${-QUIET} ${size} ${size}`} aria-hidden="true">
        <rect x={-QUIET} y={-QUIET} width={size} height={size} fill="#fff" />
        <path d={squaresOf(rows)} fill="#000" shapeRendering="crispEdges" />
      </svg>
    </figure>
  );
}
