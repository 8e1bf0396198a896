// `npm start` and `npm test`. Plain node with no dependency, so both work in a clone where nothing is installed.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { giveNpmACache, install, root } from './install.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
const [command, ...args] = process.argv.slice(2);

process.chdir(root);
if (major < 20 || (major === 20 && minor < 19)) {
  console.log(`Folioscope needs Node 20.19 or newer; this is ${process.version}.`);
  if (command === 'test') console.log('0 passed, 1 failed');
  process.exit(1);
}
giveNpmACache();

if (command === 'start') {
  console.log(await install());
  // In this process, so that whoever ends it ends the server.
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  process.argv = [process.execPath, vite, ...args];
  await import(pathToFileURL(vite).href);
} else if (command === 'test') {
  const { testAll } = await import('./test-stages.mjs');
  await testAll(args);
} else {
  console.log('usage: node scripts/up.mjs start | test [stage...]');
  process.exit(2);
}
