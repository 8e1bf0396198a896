/** Whatever modal is open. Each is loaded when first asked for. */
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { startGlossary } from '../glossary/glossary.ts';
import { useSession } from '../live.ts';

const loadHelp = () => import('./Help.tsx');
const loadPalette = () => import('./Palette.tsx');
const loadKernels = () => import('./KernelPicker.tsx');
const loadGoTo = () => import('./GoTo.tsx');
const Help = lazy(loadHelp);
const Palette = lazy(loadPalette);
const KernelPicker = lazy(loadKernels);
const GoTo = lazy(loadGoTo);
const Glossary = lazy(() => import('../glossary/GlossaryDialog.tsx'));
const Settings = lazy(() => import('./Settings.tsx'));
const Share = lazy(() => import('../share/Share.tsx'));
const Export = lazy(() => import('../share/Export.tsx'));
const Import = lazy(() => import('../share/Import.tsx'));

/** Loaded in a quiet moment: who presses the key goes on typing at once. */
const QUIET_MS = 1500;

const quietly = () =>
  Promise.allSettled([loadPalette(), loadHelp(), loadKernels(), loadGoTo(), startGlossary()]);

export function Dialogs(): ReactNode {
  const dialog = useSession((state) => state.dialog);
  useEffect(() => {
    const timer = setTimeout(() => void quietly(), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Suspense fallback={null}>
      {dialog === 'kernel' && <KernelPicker />}
      {dialog === 'goto' && <GoTo />}
      {dialog === 'help' && <Help />}
      {dialog === 'glossary' && <Glossary />}
      {dialog === 'settings' && <Settings />}
      {dialog === 'palette' && <Palette />}
      {dialog === 'share' && <Share />}
      {dialog === 'export' && <Export />}
      {dialog === 'import' && <Import />}
    </Suspense>
  );
}
