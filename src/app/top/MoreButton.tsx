/** What else can be done with the picture: a link with notes or as a code, files, texts from elsewhere. */
import type { MouseEvent, ReactNode } from 'react';
import { IconFolder, IconSave, IconShare } from '../icons.tsx';
import { session } from '../live.ts';
import { Menu } from '../parts/Menu.tsx';
import type { DialogId } from '../session/state.ts';

const ITEMS = [
  { id: 'share', title: 'Link with notes, flags or a QR code', Icon: IconShare },
  { id: 'export', title: 'Export this run', Icon: IconSave },
  { id: 'import', title: 'Open a mail, a text or a recording', Icon: IconFolder },
] as const satisfies readonly { id: DialogId; title: string; Icon: unknown }[];

export function MoreButton(): ReactNode {
  return (
    <Menu label="Share, export, open" button={<IconSave />}>
      {ITEMS.map(({ id, title, Icon }) => (
        <button
          key={id}
          type="button"
          className="menu-item menu-do"
          onClick={(event) => {
            close(event);
            session.dialog(id);
          }}
        >
          <Icon />
          {title}
        </button>
      ))}
    </Menu>
  );
}

function close({ currentTarget }: MouseEvent<HTMLElement>): void {
  currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
}
