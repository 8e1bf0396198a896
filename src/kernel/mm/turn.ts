/** Operations that work on one page after the other: `op` stands for the page whose turn it is. */
import { op, turn_to, turned } from '../world.ts';

export const hasNextPage = (): boolean => turned() + 1 < op.pages;

/** Goes on to the next page of the operation; false after the last one. */
export function next_page(): boolean {
  if (!hasNextPage()) return false;
  turn_to(turned() + 1);
  return true;
}

/** Goes back to the page before; false at the first one. */
export function pageBefore(): boolean {
  if (turned() === 0) return false;
  turn_to(turned() - 1);
  return true;
}
