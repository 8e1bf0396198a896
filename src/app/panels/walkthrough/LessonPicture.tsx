/** Memory at the most telling beat of a lesson, drawn by the model when it is first seen. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { LessonEntry } from '../../../lessons/course/index.ts';
import { engine } from '../../live.ts';
import tokens from '../../theme/tokens.css?raw';
import { useTheme, type Shown } from '../../theme/useTheme.ts';

/** Lesson and theme, to a file of the page's own memory: as many as there are lessons, and kept. */
const drawn = new Map<string, Promise<string>>();

function draw(entry: LessonEntry, theme: Shown): Promise<string> {
  const key = `${entry.id} ${theme}`;
  const known = drawn.get(key);
  if (known) return known;
  const made = entry.text().then(async (text) => {
    const { pictures } = await engine.lesson({
      id: entry.id,
      text,
      tokens,
      theme,
      want: entry.picture - 1,
      site: '',
    });
    return URL.createObjectURL(new Blob([pictures[0]?.svg ?? ''], { type: 'image/svg+xml' }));
  });
  drawn.set(key, made);
  // Asked again when it is next seen.
  made.catch(() => drawn.delete(key));
  return made;
}

/** It says nothing that the words beside it do not say, so it has no name. */
export function LessonPicture({ entry }: { readonly entry: LessonEntry }): ReactNode {
  const theme = useTheme();
  const place = useRef<HTMLSpanElement>(null);
  const [seen, setSeen] = useState(false);
  const [url, setUrl] = useState('');
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((one) => one.isIntersecting)) setSeen(true);
    });
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (!seen) return;
    let current = true;
    // A course without its pictures is a course all the same.
    draw(entry, theme).then(
      (made) => current && setUrl(made),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [entry, theme, seen]);
  return (
    <span ref={place} className="lesson-picture">
      {url !== '' && <img src={url} alt="" />}
    </span>
  );
}
