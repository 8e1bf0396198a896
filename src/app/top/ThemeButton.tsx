/** Light, dark, high contrast, or as the system says. */
import { useState, type ReactNode } from 'react';
import { IconTheme } from '../icons.tsx';
import { session } from '../live.ts';
import { Menu } from '../parts/Menu.tsx';
import { chosenTheme, setTheme, THEMES, type Theme } from '../theme/theme.ts';

const NAMES: Readonly<Record<Theme, string>> = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
  contrast: 'High contrast',
};

export function ThemeButton(): ReactNode {
  const [theme, choose] = useState(chosenTheme);
  return (
    <Menu label={`Theme: ${NAMES[theme]}`} button={<IconTheme />}>
      <fieldset className="menu-choice">
        <legend className="unseen">Theme</legend>
        {THEMES.map((one) => (
          <label key={one} className="menu-item">
            <input
              type="radio"
              name="theme"
              checked={one === theme}
              onChange={() => {
                setTheme(one);
                choose(one);
              }}
            />
            {NAMES[one]}
          </label>
        ))}
      </fieldset>
      <button type="button" className="menu-item menu-more" onClick={() => session.dialog('settings')}>
        Settings
      </button>
    </Menu>
  );
}
