/** The program that bin/folioscope.mjs starts. */
import { folioscope } from './folioscope.ts';

// A pipe that is closed early, as by `head`, ends the program without a trace.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
try {
  process.exitCode = await folioscope(process.argv.slice(2), {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    bytes(data) {
      if (!process.stdout.isTTY) process.stdout.write(data);
      return !process.stdout.isTTY;
    },
  });
} catch (problem) {
  // A bug of ours must not look like an expectation that failed: EX_SOFTWARE of sysexits.h.
  console.error('folioscope: this is a bug of Folioscope:', problem);
  process.exitCode = 70;
}
