/** Of the messages, docs/embed.md. */
const VERSION = 2;

/**
 * Steers a Folioscope in an <iframe> (its link has embed=1) from the page around it. Copy this file; it needs
 * nothing else. What it can do is in docs/embed.md.
 *
 *   import { folioscope } from './folioscope-embed.js';
 *   const view = folioscope(document.querySelector('iframe'));
 *   await view.load('#/s/vmsplice-leak?model=v5.7');
 *   view.onStep(({ at, last, says }) => console.log(at, last, says));
 *   await view.step();
 *
 * Every call gives a promise of the state after it: { title, model, at, last, position, says, broken, link,
 * lesson }; `lesson` is null, or { title, beat, beats, heading, prose }.
 *
 * @param {HTMLIFrameElement} frame
 */
export function folioscope(frame) {
  const { origin, protocol } = new URL(frame.src, location.href);
  // A page from a disk has no origin to speak of.
  const target = protocol === 'file:' ? '*' : origin;
  const waiting = new Map();
  const listeners = new Set();
  let next = 1;
  let begin;
  const ready = new Promise((resolve) => (begin = resolve));

  window.addEventListener('message', ({ source, data }) => {
    if (source !== frame.contentWindow || data?.folioscope !== VERSION) return;
    if (data.event === 'ready') begin(data.state);
    else if (data.event === 'step') for (const listener of listeners) listener(data.state);
    else if (waiting.has(data.id)) {
      const { resolve, reject } = waiting.get(data.id);
      waiting.delete(data.id);
      begin(data.state);
      if (data.error === undefined) resolve(data.state);
      else reject(new Error(data.error));
    }
  });

  function post(call, rest) {
    return new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve, reject });
      frame.contentWindow.postMessage({ folioscope: VERSION, id, call, ...rest }, target);
    });
  }
  const say = (call, rest = {}) => ready.then(() => post(call, rest));

  // It may have been ready before anybody listened.
  const ask = () => void post('state', {}).catch(() => undefined);
  frame.addEventListener('load', ask);
  ask();

  return {
    ready,
    /** @param {string} link as the address bar of Folioscope has it, or its part from # on */
    load: (link) => say('load', { link }),
    /** @param {number} by steps, back if negative */
    step: (by = 1) => say('step', { by }),
    /** @param {number | string} at a step, or a position such as 'child@munmap.end' */
    goto: (at) => say('goto', { at }),
    /** @param {number} to a beat of the lesson that is open, from 1 */
    beat: (to) => say('beat', { to }),
    play: () => say('play'),
    pause: () => say('pause'),
    state: () => say('state'),
    /** @returns a function that ends it */
    onStep(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
