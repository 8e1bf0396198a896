/** The worker's side: one engine, requests in order, a cancel at once. */
import { createEngine } from './local.ts';
import { serve } from './serve.ts';
import { PROTOCOL_VERSION } from './protocol.ts';

declare const self: DedicatedWorkerGlobalScope;

const receive = serve(createEngine(), (reply) => self.postMessage(reply));
const wanted = self.name.replace(/^folioscope-/, '');

self.onmessage = (event: MessageEvent) => {
  // A page and a worker of two releases (one of them cached) must not talk past each other.
  if (self.name && wanted !== String(PROTOCOL_VERSION))
    throw new Error('Two versions of Folioscope met. Reload the page.');
  receive(event.data);
};
