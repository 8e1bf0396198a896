declare module 'virtual:evidence' {
  /** All recordings, judged while this was built; null where nothing was (`scripts/evidence-plugin.ts`). */
  // oxlint-disable-next-line typescript/consistent-type-imports -- a declaration cannot import by a path
  const stored: import('../worker/protocol.ts').StoredEvidence | null;
  export default stored;
}

declare module 'virtual:verdicts' {
  /** What was worked out while this was built; null where nothing was (`scripts/verdicts-plugin.ts`). */
  // oxlint-disable-next-line typescript/consistent-type-imports -- a declaration cannot import by a path
  const stored: import('../worker/protocol.ts').StoredVerdicts | null;
  export default stored;
}

declare module 'virtual:reference' {
  /** Worked out while this was built (`scripts/reference-plugin.ts`). */
  // oxlint-disable-next-line typescript/consistent-type-imports -- as above
  const reference: import('../scenario/reference.ts').Reference;
  export default reference;
}

declare module 'virtual:glossary' {
  /** Read from docs/vocabulary.md while this was built (`scripts/glossary-plugin.ts`). */
  // oxlint-disable-next-line typescript/consistent-type-imports -- as above
  const terms: readonly import('../glossary/vocabulary.ts').Term[];
  export default terms;
}
