/** Texts with the words of the vocabulary in them. */
import { Fragment, type ReactNode } from 'react';
import terms from 'virtual:glossary';
import { finderOf } from '../../glossary/find.ts';
import { Term } from './Term.tsx';

export type Explain = (texts: readonly string[], plain: (text: string) => ReactNode) => readonly ReactNode[];

const find = finderOf(terms);

export const explain: Explain = (texts, plain) =>
  find(texts).map((parts) =>
    parts.map((part, i) =>
      typeof part === 'string' ? (
        <Fragment key={i}>{plain(part)}</Fragment>
      ) : (
        <Term key={i} term={part.term} text={part.text} />
      ),
    ),
  );
