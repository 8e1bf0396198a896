/** Dispatches requests to an engine. Apart from `host.ts`, so that tests can put a channel between. */
import type { Engine, Progress, Reply, Request } from './protocol.ts';

/** Errors of the language, not of the engine: somebody has to mend the program, not the scenario. */
const INTERNAL = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);

export function serve(engine: Engine, send: (reply: Reply) => void): (message: unknown) => void {
  const running = new Map<number, AbortController>();
  let tail: Promise<void> = Promise.resolve();

  const told =
    (id: number) =>
    (progress: Progress): void =>
      send({ id, kind: 'progress', progress });

  function dispatch(request: Exclude<Request, { call: 'cancel' }>, signal: AbortSignal): Promise<unknown> {
    switch (request.call) {
      case 'info':
        return engine.info();
      case 'open':
        return engine.open(request.request);
      case 'choose':
        return engine.choose(request.at, request.thread, request.choice);
      case 'frame':
        return engine.frame(request.at);
      case 'ask':
        return engine.ask(request.at, request.about);
      case 'versus':
        return engine.versus(request.at);
      case 'lens':
        return engine.lens(request.at, request.page);
      case 'seek':
        return engine.seek(request.position);
      case 'rules':
        return engine.rules(request.model, request.change);
      case 'compare':
        return engine.compare(request.model);
      case 'debug':
        return engine.debug(request.kind, request.ask as never);
      case 'export':
        return engine.export(request.request);
      case 'lesson':
        return engine.lesson(request.request);
      case 'import':
        return engine.import(request.request);
      case 'shrink':
        return engine.shrink(request.request, told(request.id), signal);
      case 'check':
        return engine.check(request.request, told(request.id), signal);
      case 'race':
      case 'map':
        return engine[request.call](request.request, told(request.id), signal);
      case 'offers':
        return engine.offers(request.request, told(request.id), signal);
      case 'survey':
      case 'litmus':
      case 'ablate':
        return engine[request.call](request.request, told(request.id), signal);
    }
  }

  async function answer(request: Exclude<Request, { call: 'cancel' }>, signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted();
      send({ id: request.id, kind: 'value', value: await dispatch(request, signal) });
    } catch (error) {
      const internal = !(error instanceof Error) || INTERNAL.has(error.name);
      send({
        id: request.id,
        kind: 'error',
        message: error instanceof Error ? error.message : String(error),
        internal,
      });
    } finally {
      running.delete(request.id);
    }
  }

  return (message) => {
    const request = message as Request;
    if (request.call === 'cancel') {
      running.get(request.cancels)?.abort(new Error('The check was stopped.'));
      return;
    }
    const abort = new AbortController();
    running.set(request.id, abort);
    tail = tail.then(() => answer(request, abort.signal));
  };
}
