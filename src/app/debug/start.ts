/** The one debugger of the page. */
import { useStore } from 'zustand';
import { engine, session } from '../live.ts';
import { localShelf } from '../storage.ts';
import { createDebugging, type DebugState } from './debugging.ts';

export const debug = createDebugging(session, engine, localShelf());
export const useDebug = <T>(select: (state: DebugState) => T): T => useStore(debug.store, select);
