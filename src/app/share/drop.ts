/** A file or a text that is dropped anywhere on the page is opened, never navigated to. */
import type { Session } from '../session.ts';

/** What was dropped, until the dialog takes it. */
export const dropped = {
  text: { text: '', name: '' },
  take(): { readonly text: string; readonly name: string } {
    const taken = dropped.text;
    dropped.text = { text: '', name: '' };
    return taken;
  },
};

export function listenForDrops(session: Session): void {
  const holds = (event: DragEvent): boolean =>
    [...(event.dataTransfer?.types ?? [])].some((type) => type === 'Files' || type === 'text/plain');
  const inField = ({ target }: Event): boolean =>
    target instanceof Element && target.closest('textarea, input, [contenteditable=true]') !== null;
  document.addEventListener('dragover', (event) => {
    if (holds(event) && !inField(event)) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file && (inField(event) || !holds(event))) return;
    event.preventDefault();
    const text = file
      ? file.slice(0, BYTES_MAX).text()
      : Promise.resolve(event.dataTransfer?.getData('text/plain') ?? '');
    const name = file?.name ?? '';
    session.dialog(null);
    void text.then((found) => {
      dropped.text = { text: found, name };
      session.dialog('import');
    });
  });
}

/** One more than what is read, so that too much is noticed. */
const BYTES_MAX = 8 * 1024 * 1024 + 1;
