/** The way to what presents, which is loaded when somebody first presents. */
import type { Presenting } from './present/presenting.ts';

let asked: Promise<Presenting> | null = null;

export function presenting(): Promise<Presenting> {
  asked ??= import('./present/start.ts').then(({ present }) => present);
  return asked;
}
