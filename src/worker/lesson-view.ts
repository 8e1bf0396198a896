/** A lesson as pictures and on paper. Loaded when it is first asked for; the open run is not touched. */
import { beatPicture, handoutOf } from '../export/handout.ts';
import { handoutHtml } from '../export/handout-html.ts';
import { paletteOf } from '../export/svg-theme.ts';
import { readLesson } from '../lessons/parser.ts';
import { stagesOf } from '../lessons/syntax.ts';
import { webDeflate } from './deflate.ts';
import type { LessonRequest, LessonView } from './protocol.ts';

/** Pixels that a small picture is drawn for: two columns, with letters that can be read on a phone. */
const SMALL = 360;

export async function lessonView(request: LessonRequest): Promise<LessonView> {
  const { text, id, tokens, theme, want, site } = request;
  const { lesson, diagnostics } = readLesson(text);
  const mistake = diagnostics.find((d) => d.severity === 'error');
  if (mistake !== undefined) throw new Error(`Line ${mistake.line} of the lesson: ${mistake.message}.`);
  const palette = paletteOf(tokens, theme),
    title = lesson.title.text;
  if (want === 'paper') {
    const named = id === '' ? { kind: 'inline' as const, text } : { kind: 'named' as const, id };
    const handout = await handoutOf(lesson, { palette, deflate: webDeflate, lesson: named, site });
    const html = handoutHtml(handout, String);
    return { title, html, pictures: handout.frames.map((frame) => frame.picture) };
  }
  const stage = stagesOf(lesson)[want];
  if (stage === undefined) throw new Error(`The lesson has no beat ${want + 1}.`);
  return { title, html: '', pictures: [beatPicture(stage, palette, SMALL)] };
}
