/** How far one has come in the whole course, and the way to take that along. */
import { useRef, useState, type ReactNode } from 'react';
import { course } from '../../../lessons/course/index.ts';
import { IconFolder, IconSave } from '../../icons.tsx';
import { saveText } from '../../save.ts';
import { count } from '../../words.ts';
import { progressText, scoreOf, takeProgress, useAllProgress } from './progress.ts';

const beats = course.reduce((sum, one) => sum + one.beats, 0);
const BYTES_MAX = 256 * 1024;

export function Score(): ReactNode {
  const { seen, asked, right, solved } = scoreOf(useAllProgress());
  const [says, setSays] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const take = async (file: File): Promise<void> => {
    const found = takeProgress(await file.slice(0, BYTES_MAX).text());
    setSays(
      found === 0
        ? `${file.name} holds no progress of this course. Choose a file that was saved here.`
        : `Joined: ${count(found, 'lesson')} of ${file.name}.`,
    );
  };
  return (
    <section className="score" aria-label="Your progress">
      <h3 className="course-part">Your progress</h3>
      <p className="quiet">
        {seen} of {count(beats, 'beat')} seen
        {asked > 0 && `, ${right} of ${count(asked, 'prediction')} right`}
        {solved > 0 && `, ${count(solved, 'challenge')} solved`}. It stays in this browser; a file takes it to
        another one.
      </p>
      <div className="panel-do">
        <button
          type="button"
          className="button"
          aria-disabled={seen === 0}
          onClick={() => seen > 0 && saveText('folioscope-progress.json', progressText(), 'application/json')}
        >
          <IconSave />
          Save progress
        </button>
        <button type="button" className="button" onClick={() => field.current?.click()}>
          <IconFolder />
          Open progress
        </button>
        <input
          ref={field}
          type="file"
          hidden
          accept=".json,application/json"
          aria-label="File of progress"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file) void take(file);
            // The same file may be chosen again.
            currentTarget.value = '';
          }}
        />
      </div>
      <p aria-live="polite">{says}</p>
    </section>
  );
}
