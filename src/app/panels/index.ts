/** The panels: one folder and one line each. Loaded when they are first opened. */
import { lazy, type ComponentType, type LazyExoticComponent, type ReactNode } from 'react';
import {
  IconCheck,
  IconClock,
  IconCompare,
  IconEvidence,
  IconGallery,
  IconLesson,
  IconList,
  IconMatrix,
  IconSource,
  IconTable,
} from '../icons.tsx';
import type { PanelId } from '../session/state.ts';

export interface PanelEntry {
  readonly id: PanelId;
  readonly title: string;
  readonly Icon: (props: { readonly size?: number }) => ReactNode;
  /** `side`: beside the picture. `full`: in its place. */
  readonly place: 'side' | 'full';
  /** Stands in the rail. */
  readonly inRail: boolean;
  readonly Body: LazyExoticComponent<ComponentType>;
}

export const panels: readonly PanelEntry[] = [
  {
    id: 'gallery',
    title: 'Gallery',
    Icon: IconGallery,
    place: 'full',
    inRail: true,
    Body: lazy(() => import('./gallery/Gallery.tsx')),
  },
  {
    id: 'walkthrough',
    title: 'Lessons',
    Icon: IconLesson,
    place: 'side',
    inRail: true,
    Body: lazy(() => import('./walkthrough/Walkthrough.tsx')),
  },
  {
    id: 'source',
    title: 'Source',
    Icon: IconSource,
    place: 'side',
    inRail: true,
    Body: lazy(() => import('./source/Source.tsx')),
  },
  {
    id: 'check',
    title: 'Check',
    Icon: IconCheck,
    place: 'side',
    inRail: true,
    Body: lazy(() => import('./check/Check.tsx')),
  },
  {
    id: 'code',
    title: 'Code',
    Icon: IconList,
    place: 'side',
    inRail: true,
    Body: lazy(() => import('./code/Code.tsx')),
  },
  {
    id: 'debug',
    title: 'Debug',
    Icon: IconClock,
    place: 'side',
    inRail: true,
    Body: lazy(() => import('./debug/Debug.tsx')),
  },
  {
    id: 'matrix',
    title: 'Matrix',
    Icon: IconMatrix,
    place: 'full',
    inRail: true,
    Body: lazy(() => import('./matrix/Matrix.tsx')),
  },
  {
    id: 'evidence',
    title: 'Evidence',
    Icon: IconEvidence,
    place: 'full',
    inRail: true,
    Body: lazy(() => import('./evidence/EvidencePanel.tsx')),
  },
  {
    id: 'memory',
    title: 'Memory',
    Icon: IconTable,
    place: 'full',
    inRail: true,
    Body: lazy(() => import('./memory/Memory.tsx')),
  },
  {
    id: 'states',
    title: 'States',
    Icon: IconCheck,
    place: 'full',
    inRail: false,
    Body: lazy(() => import('./states/States.tsx')),
  },
  {
    id: 'compare',
    title: 'Compare',
    Icon: IconCompare,
    place: 'full',
    inRail: false,
    Body: lazy(() => import('./compare/Compare.tsx')),
  },
  {
    id: 'rules',
    title: 'Compose a rule set',
    Icon: IconTable,
    place: 'full',
    inRail: false,
    Body: lazy(() => import('./rules/Rules.tsx')),
  },
  {
    id: 'reference',
    title: 'Language',
    Icon: IconList,
    place: 'side',
    inRail: false,
    Body: lazy(() => import('./reference/Language.tsx')),
  },
];
