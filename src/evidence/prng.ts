/** The generator of the debugger's random walks, for random scripts. */
export { seeded } from '../debugger/prng.ts';
export type { Prng } from '../debugger/prng.ts';
