// Runs one node program of a test stage, and ends it with all that it started when it takes too long.
import { spawn } from 'node:child_process';

// A group of its own, so that a server or a browser below it can be ended with it.
const ownGroup = process.platform !== 'win32';
let current = null;

// Under CI=1 some tools colour even a file.
if (!process.stdout.isTTY && !process.env.FORCE_COLOR) process.env.NO_COLOR = '1';

function signal(child, name) {
  try {
    if (ownGroup) process.kill(-child.pid, name);
    else child.kill(name);
  } catch {
    // Already gone.
  }
}

/** Returns null if it ended with 0, else one line that says how it ended. */
export function runNode(args, { limit, env }) {
  return new Promise((resolve) => {
    const options = {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
      detached: ownGroup,
    };
    const child = spawn(process.execPath, args, options);
    current = child;
    let late = false;
    const timers = [
      // Playwright closes its browsers when asked, so it is asked before it is told.
      setTimeout(() => ((late = true), signal(child, 'SIGTERM')), limit),
      setTimeout(() => signal(child, 'SIGKILL'), limit + 10_000),
    ];
    const done = (failure) => {
      timers.forEach(clearTimeout);
      current = null;
      resolve(failure);
    };
    child.on('error', (error) => done(error.message));
    child.on('exit', (code, by) => {
      if (late) done(`took longer than ${limit / 60_000} minutes and was ended`);
      else done(code === 0 ? null : `ended with ${by ?? `status ${code}`}`);
    });
  });
}

export function killCurrent() {
  if (current) signal(current, 'SIGTERM');
}
