/** The run that is open, as something to keep or to send. Loaded when it is first asked for. */
import type { Run } from '../debugger/run.ts';
import type { Broken } from '../debugger/violations.ts';
import { cProgram } from '../export/c-program.ts';
import { itfText } from '../export/itf.ts';
import { raceText } from '../export/race.ts';
import type { Subject } from '../export/subject.ts';
import { animationSvgs, comicSvg, pictureSvg } from '../export/svg.ts';
import { paletteOf } from '../export/svg-theme.ts';
import { traceEvents } from '../export/trace-events.ts';
import type { Exported, ExportRequest } from './protocol.ts';

interface Open {
  readonly text: string;
  readonly run: Run;
  readonly broken: readonly Broken[];
}

export function exported({ text, run, broken }: Open, request: ExportRequest): Exported {
  const { form, name, link, tokens, theme, sources } = request;
  const at = Math.min(Math.max(0, request.at), run.steps.length);
  const subject: Subject = { name, text, run, at, broken, link };
  const palette = () => paletteOf(tokens, theme);
  const one = (made: string): Exported => ({ texts: [made], refused: '', line: 0 });
  switch (form) {
    case 'ascii':
      return one(raceText(subject, { steps: request.steps }));
    case 'c': {
      const made = cProgram({ name, text, without: run.machine.without }, run.machine.model, sources);
      return 'why' in made ? { texts: [], refused: made.why, line: made.line } : one(made.text);
    }
    case 'svg':
      return one(pictureSvg(subject, palette()));
    case 'comic':
      return one(comicSvg(subject, palette()));
    case 'frames':
      return { texts: animationSvgs(subject, palette()), refused: '', line: 0 };
    case 'itf':
      return one(itfText(subject));
    case 'perfetto':
      return one(traceEvents(subject));
  }
}
