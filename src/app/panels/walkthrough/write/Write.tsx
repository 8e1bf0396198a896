/** A lesson is written: its text, its mistakes, its beats; the picture shows the beat at the cursor. */
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { readLesson } from '../../../../lessons/parser.ts';
import { stagesOf, type Stage } from '../../../../lessons/syntax.ts';
import type { Diagnostic } from '../../../../scenario/diagnostic.ts';
import { linkToBeat } from '../../../address.ts';
import { IconNext, IconSave, IconShare, IconTick } from '../../../icons.tsx';
import { session, useSession } from '../../../live.ts';
import { saveText, slug } from '../../../save.ts';
import { useCopy } from '../../../top/useCopy.ts';
import { count } from '../../../words.ts';
import { OWN } from '../find.ts';
import { setOwn, swapOwn, useOwn } from '../ownText.ts';
import { withBeat } from './add.ts';
import { LessonEditor, type LessonEditorHandle } from './LessonEditor.tsx';
import { usePreview } from './preview.ts';
import { MistakeButton, type Go } from '../../source/MistakeButton.tsx';
import '../../source/source.css';
import './write.css';

export default function Write(): ReactNode {
  const { text, before } = useOwn();
  const editor = useRef<LessonEditorHandle>(null);
  const [line, setLine] = useState(1);
  // On a phone the page may stand at the end of the course, where one came from.
  useEffect(() => document.querySelector('.phone-main')?.scrollTo(0, 0), []);
  const onText = useCallback((typed: string) => setOwn(typed), []);
  const onLine = useCallback((number: number) => setLine(number), []);
  const { lesson, diagnostics, stages } = useMemo(() => {
    const read = readLesson(text);
    const broken = read.diagnostics.some((one) => one.severity === 'error');
    return { ...read, stages: broken ? [] : stagesOf(read.lesson) };
  }, [text]);
  const here = Math.max(
    0,
    stages.findLastIndex((one) => one.beat.title.span.line <= line),
  );
  const judged = usePreview(stages[here] ?? null);
  const all = useMemo(() => [...diagnostics, ...judged], [diagnostics, judged]);
  const go = (at: number, column: number, length: number): void => editor.current?.go(at, column, length);
  return (
    <>
      <LessonEditor ref={editor} text={text} diagnostics={all} onText={onText} onLine={onLine} />
      <div className="panel-foot write-foot">
        <Mistakes all={all} go={go} />
        <Beats stages={stages} here={here} go={go} />
        <div className="panel-do">
          <button
            type="button"
            className="button button-main"
            disabled={stages.length === 0}
            onClick={() => session.walk(OWN, 0, text)}
          >
            <IconNext />
            Play it{stages.length === 0 ? '' : `: ${count(stages.length, 'beat')}`}
          </button>
          <ShareLesson text={text} disabled={stages.length === 0} />
          <button
            type="button"
            className="button"
            onClick={() => saveText(`${slug(lesson.title.text, 'lesson')}.lesson`, text)}
          >
            <IconSave />
            Save as a file
          </button>
          <button type="button" className="button" onClick={() => session.dialog('import')}>
            Open a file
          </button>
          <AddBeat text={text} onAdded={(at) => go(at, 1, 0)} />
          {before !== '' && (
            <button type="button" className="button button-quiet" onClick={swapOwn}>
              Back to the text before
            </button>
          )}
        </div>
        <p className="small faint source-kept">
          Esc, then Tab, leaves the editor. What you type is kept in this browser.{' '}
          <code>folioscope lesson FILE</code> runs every stop, fact and claim.
        </p>
      </div>
    </>
  );
}

interface ShareProps {
  readonly text: string;
  readonly disabled: boolean;
}

function ShareLesson({ text, disabled }: ShareProps): ReactNode {
  const { copied, copy } = useCopy(() => linkToBeat({ id: OWN, text, beat: 0 }));
  return (
    <button type="button" className="button" disabled={disabled} onClick={copy}>
      {copied ? <IconTick /> : <IconShare />}
      <span aria-live="polite">{copied ? 'Link copied' : 'Copy link'}</span>
    </button>
  );
}

/** Kernel, order and step of the picture become a beat at the end of the text. */
function AddBeat({ text, onAdded }: { text: string; onAdded: (line: number) => void }): ReactNode {
  const ready = useSession((state) => state.run !== null && state.frame !== null);
  const add = (): void => {
    const { info, scenario, openText, model, run, frame, at } = session.store.getState();
    if (!run || !frame) return;
    const named = info?.scenarios.some((one) => one.id === scenario && one.text === openText);
    const position = at === 0 ? 'start' : frame.position;
    const where = { model, schedule: run.schedule, position };
    const next = withBeat(text, { scenario: named ? scenario : '', text: openText, ...where });
    setOwn(next);
    const line = next.split('\n').findLastIndex((one) => one.startsWith('## ')) + 1;
    // The editor hears of the text first.
    setTimeout(() => onAdded(line));
  };
  return (
    <button
      type="button"
      className="button"
      aria-disabled={!ready}
      title="Scenario, kernel, order and step of the picture"
      onClick={add}
    >
      Add a beat at this step
    </button>
  );
}

interface ListProps {
  readonly go: Go;
}

function Mistakes({ all, go }: ListProps & { readonly all: readonly Diagnostic[] }): ReactNode {
  return (
    <div aria-live="polite">
      {all.length === 0 ? (
        <p className="source-fine row">
          <IconTick />
          <span>No mistakes.</span>
        </p>
      ) : (
        <ul className="mistakes">
          {all.map((one) => (
            <li key={`${one.line} ${one.column} ${one.message}`} className="mistake-row">
              <MistakeButton one={one} go={go} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface BeatsProps extends ListProps {
  readonly stages: readonly Stage[];
  readonly here: number;
}

function Beats({ stages, here, go }: BeatsProps): ReactNode {
  if (stages.length === 0) return null;
  return (
    <ol className="write-beats" aria-label="Beats">
      {stages.map(({ beat, model, at }, i) => (
        <li key={beat.title.span.line}>
          <button
            type="button"
            aria-current={i === here ? 'step' : undefined}
            onClick={() => go(beat.title.span.line, beat.title.span.column, beat.title.span.length)}
          >
            <span className="grow clip">
              {i + 1}. {beat.title.text}
            </span>
            <span className="small faint mono clip">
              {model.text} {at}
            </span>
            {beat.said.predict && <span className="small quiet">asks</span>}
          </button>
        </li>
      ))}
    </ol>
  );
}
