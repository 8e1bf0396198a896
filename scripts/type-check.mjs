// Type-checks every project. Each one has its own globals, so a DOM name cannot slip into the core.
import { spawn } from 'node:child_process';

const tsc = 'node_modules/typescript/bin/tsc';
const projects = ['core', 'worker', 'app', 'node'];

/** TypeScript refuses an empty project; a folder that nobody has filled yet is no mistake. */
const emptyProject = /error TS18003/;

function check(project) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [tsc, '-p', `tsconfig.${project}.json`, '--pretty', 'false']);
    let text = '';
    child.stdout.on('data', (part) => (text += part));
    child.stderr.on('data', (part) => (text += part));
    child.on('error', (error) => resolve({ project, ok: false, text: String(error) }));
    child.on('close', (code) => resolve({ project, ok: code === 0 || emptyProject.test(text), text }));
  });
}

const results = await Promise.all(projects.map(check));
for (const { project, ok, text } of results) {
  if (!ok) console.log(`types: tsconfig.${project}.json\n${text.trim()}\n`);
}
console.log(`types: ${results.map(({ project, ok }) => `${project} ${ok ? 'ok' : 'FAILED'}`).join(', ')}`);
process.exit(results.every(({ ok }) => ok) ? 0 : 1);
