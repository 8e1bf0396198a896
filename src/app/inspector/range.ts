/** `v5.9–v5.18`, of kernels that stand beside each other. */
export const range = (ids: readonly string[]): string =>
  ids.length === 1 ? (ids[0] ?? '') : `${ids[0] ?? ''}–${ids.at(-1) ?? ''}`;
