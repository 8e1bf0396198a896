/**
 * Our bug, not the user's: a rule of the machine itself was broken. Carries what is needed to reproduce it.
 */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}
