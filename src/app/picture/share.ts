/** Structural sharing, so that a step redraws only what it changed. */
import { useState } from 'react';

/**
 * A scene arrives as a fresh copy after every step. Whatever is equal to the last one is taken from the
 * last one, so that everything drawn from it can see that it need not be drawn again.
 */
export function share<T>(before: unknown, now: T): T {
  if (Object.is(before, now) || typeof before !== 'object' || typeof now !== 'object') return now;
  if (before === null || now === null || Array.isArray(before) !== Array.isArray(now)) return now;
  const old = before as Record<string, unknown>;
  const fresh = now as Record<string, unknown>;
  const keys = Object.keys(fresh);
  const mixed: Record<string, unknown> = {};
  let same = keys.length === Object.keys(old).length;
  for (const key of keys) {
    mixed[key] = share(old[key], fresh[key]);
    if (mixed[key] !== old[key]) same = false;
  }
  if (same) return before as T;
  return (Array.isArray(now) ? keys.map((key) => mixed[key]) : mixed) as T;
}

interface Taken<T> {
  readonly now: T;
  readonly mixed: T;
}

/** A value of which everything that did not change is taken from the one before. */
export function useShared<T>(now: T): T {
  const [last, setLast] = useState<Taken<T>>({ now, mixed: now });
  if (Object.is(now, last.now)) return last.mixed;
  const mixed = share(last.mixed, now);
  if (mixed !== last.mixed) setLast({ now, mixed });
  return mixed;
}
