declare module 'virtual:verdicts' {
  /** What was worked out while this was built; null where nothing was (`scripts/verdicts-plugin.ts`). */
  // oxlint-disable-next-line typescript/consistent-type-imports -- a declaration cannot import by a path
  const stored: import('../worker/protocol.ts').StoredVerdicts | null;
  export default stored;
}
