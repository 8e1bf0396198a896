/** How long somebody has talked, beside what was planned. */
export interface ClockWords {
  readonly elapsed: string;
  /** '' = nothing was planned. */
  readonly planned: string;
  readonly over: boolean;
}

export function clockWords(ms: number, minutes: number): ClockWords {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const elapsed = h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  return {
    elapsed,
    planned: minutes > 0 ? `of ${minutes} min` : '',
    over: minutes > 0 && seconds > minutes * 60,
  };
}
