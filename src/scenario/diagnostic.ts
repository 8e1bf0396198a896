/** What is wrong with a text: where, what, and what to do. The protocol's `Diagnostic` has the same form. */
import { DIAGNOSTICS_MAX } from './limits.ts';

/** A place in the text. Lines and columns count from 1, columns in UTF-16 units as editors count them. */
export interface Span {
  readonly line: number;
  readonly column: number;
  /** Characters that are meant, at least 1. */
  readonly length: number;
}

export interface Diagnostic extends Span {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What to do, or ''. */
  readonly hint: string;
}

/** Gathers diagnostics in the order of their discovery; `sorted` gives them in the order of the text. */
export interface Problems {
  error(at: Span, message: string, hint?: string): void;
  warning(at: Span, message: string, hint?: string): void;
  failed(): boolean;
  sorted(): readonly Diagnostic[];
}

export function problems(): Problems {
  const found: Diagnostic[] = [];
  let errors = 0;
  const add = (severity: 'error' | 'warning', at: Span, message: string, hint = ''): void => {
    const { line, column } = at;
    found.push({ severity, line, column, length: Math.max(1, at.length), message, hint });
  };
  return {
    error: (at, message, hint) => {
      errors += 1;
      add('error', at, message, hint);
    },
    warning: (at, message, hint) => add('warning', at, message, hint),
    failed: () => errors > 0,
    sorted: () => shortened(found.sort((a, b) => a.line - b.line || a.column - b.column)),
  };
}

/** A text of noise has thousands of mistakes; nobody reads more than the first hundred. */
function shortened(all: readonly Diagnostic[]): readonly Diagnostic[] {
  const next = all[DIAGNOSTICS_MAX];
  if (next === undefined) return all;
  // An error must not hide behind warnings: whoever looks for errors has to find one.
  const severity = all.slice(DIAGNOSTICS_MAX).some((d) => d.severity === 'error') ? 'error' : 'warning';
  const message = `${all.length - DIAGNOSTICS_MAX} more from here on`;
  return [...all.slice(0, DIAGNOSTICS_MAX), { ...next, severity, message, hint: 'Mend the first ones.' }];
}

const NOT_MODELLED = 'not modelled yet: ';

/** Message for what the recorder can do and the models cannot. `isNotModelled` recognises it. */
export function notModelled(what: string): string {
  return NOT_MODELLED + what;
}

/**
 * The text is right, but asks for something that no model has yet; evidence counts it apart from mistakes.
 */
export function isNotModelled(diagnostic: Diagnostic): boolean {
  return diagnostic.message.startsWith(NOT_MODELLED);
}
