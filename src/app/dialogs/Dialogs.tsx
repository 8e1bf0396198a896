/** Whatever modal is open. All but the kernel picker are loaded when first asked for. */
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { useSession } from '../live.ts';
import { GoTo } from './GoTo.tsx';
import { KernelPicker } from './KernelPicker.tsx';

const loadHelp = () => import('./Help.tsx');
const loadPalette = () => import('./Palette.tsx');
const Help = lazy(loadHelp);
const Palette = lazy(loadPalette);
const Settings = lazy(() => import('./Settings.tsx'));
const Share = lazy(() => import('../share/Share.tsx'));
const Export = lazy(() => import('../share/Export.tsx'));
const Import = lazy(() => import('../share/Import.tsx'));

/** Loaded in a quiet moment: who presses the key goes on typing at once. */
const QUIET_MS = 1500;

export function Dialogs(): ReactNode {
  const dialog = useSession((state) => state.dialog);
  useEffect(() => {
    const timer = setTimeout(() => void Promise.allSettled([loadPalette(), loadHelp()]), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Suspense fallback={null}>
      {dialog === 'kernel' && <KernelPicker />}
      {dialog === 'goto' && <GoTo />}
      {dialog === 'help' && <Help />}
      {dialog === 'settings' && <Settings />}
      {dialog === 'palette' && <Palette />}
      {dialog === 'share' && <Share />}
      {dialog === 'export' && <Export />}
      {dialog === 'import' && <Import />}
    </Suspense>
  );
}
