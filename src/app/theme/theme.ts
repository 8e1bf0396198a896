/** Light, dark or high contrast: chosen, or as the system says. Set before the first paint. */
export const THEMES = ['system', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'folioscope.theme';
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const contrast = window.matchMedia('(prefers-contrast: more), (forced-colors: active)');

export function chosenTheme(): Theme {
  try {
    return THEMES.find((one) => one === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system';
  }
}

function apply(theme: Theme): void {
  const system = contrast.matches ? 'contrast' : dark.matches ? 'dark' : 'light';
  document.documentElement.dataset['theme'] = theme === 'system' ? system : theme;
}

export function setTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser that keeps nothing still shows the theme until the page closes.
  }
  apply(theme);
}

export function startTheme(): void {
  const again = (): void => apply(chosenTheme());
  dark.addEventListener('change', again);
  contrast.addEventListener('change', again);
  again();
}
