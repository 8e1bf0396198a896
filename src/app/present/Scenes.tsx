/** Prepared scenes: the beats of the lesson, and the bookmarks of the run. A digit jumps. */
import { useEffect, type ReactNode } from 'react';
import { session, useSession } from '../live.ts';
import { Dialog } from '../parts/Dialog.tsx';
import type { Open } from '../panels/walkthrough/useLesson.ts';
import { debugging } from '../debugging.ts';
import { present } from './start.ts';

interface Scene {
  readonly id: string;
  readonly title: string;
  readonly where: string;
  readonly here: boolean;
  readonly go: () => void;
}

type Props = Pick<Open, 'loaded' | 'here'>;

function useScenes({ loaded, here }: Props): readonly Scene[] {
  const lesson = useSession((state) => state.walkthrough !== null);
  const run = useSession((state) => state.run);
  const at = useSession((state) => state.at);
  const bookmarks = useSession((state) => state.bookmarks);
  const pinned = useSession((state) => state.pinned);
  const beats = lesson ? (loaded?.stages ?? []) : [];
  const says = (step: number): string =>
    pinned.find((one) => one.place === step)?.text ?? run?.steps[step - 1]?.says ?? 'Before the first step';
  const steps = [...new Set([...bookmarks, ...pinned.map((one) => one.place)])].sort((a, b) => a - b);
  return [
    ...beats.map(({ beat, model }, i) => ({
      id: `beat ${i}`,
      title: beat.title.text,
      where: model.text,
      here: i === here,
      go: () => present.beat(i),
    })),
    ...steps.map((step) => ({
      id: `step ${step}`,
      title: says(step),
      where: `step ${step}`,
      here: step === at,
      go: () => void session.goto(step),
    })),
  ];
}

function take(scene: Scene | undefined): void {
  if (!scene) return;
  present.list(false);
  scene.go();
}

export function Scenes(props: Props): ReactNode {
  const scenes = useScenes(props);
  const single = useSession((state) => state.singleKeys);
  // Bookmarks of an earlier visit are the debugger's.
  useEffect(() => void debugging(), []);
  useEffect(() => {
    if (!single) return;
    const press = ({ key, ctrlKey, altKey, metaKey }: KeyboardEvent): void => {
      if (ctrlKey || altKey || metaKey || !/^[1-9]$/.test(key)) return;
      take(scenes[Number(key) - 1]);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [scenes, single]);
  return (
    <Dialog title="Beats and bookmarks" onClose={() => present.list(false)}>
      {scenes.length === 0 ? (
        <p className="quiet">No lesson is open, and no step has a bookmark.</p>
      ) : (
        <ol className="scenes">
          {scenes.map((scene, i) => (
            <li key={scene.id}>
              <button
                type="button"
                aria-current={scene.here ? 'step' : undefined}
                onClick={() => take(scene)}
              >
                <span className="asked-key" aria-hidden="true">
                  {i + 1}
                </span>
                <span className="grow">{scene.title}</span>
                <span className="small quiet">{scene.where}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}
