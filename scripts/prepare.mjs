// Runs at the end of `npm ci` and `npm install`: builds the command line, and notes that the install is complete.
import { existsSync } from 'node:fs';
import { buildCli, cliEntry } from './build-cli.mjs';
import { markInstalled } from './install.mjs';

// A source tree with an error in it must still be installable; `npm test` reports the error with its place.
if (existsSync(cliEntry)) {
  await buildCli().catch((error) => console.error(`The command line could not be bundled: ${error.message}`));
}
if (['ci', 'install'].includes(process.env.npm_command)) markInstalled();
