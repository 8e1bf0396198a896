// The parser and the compiler against texts that nobody would write: npm run bench:language [texts] [seed]
// Exit status 1 at the first text with which something is wrong. Prints how long the slowest one took.
import { readFileSync } from 'node:fs';
import { seeded } from '../src/evidence/prng.ts';
import { compileText } from '../src/scenario/compile.ts';
import { experiments } from '../src/scenario/experiments.ts';
import { wrongWith } from '../src/scenario/fuzz.ts';
import { gallery } from '../src/scenario/gallery/index.ts';
import { mutated } from '../src/scenario/mutate.ts';
import { known } from '../src/worker/local.ts';

const [count = 100_000, seed = 1] = process.argv.slice(2).map(Number);
const recorded = ['results', 'random'].flatMap((folder) =>
  experiments(readFileSync(`fixtures/recordings/${folder}/experiments.litmus`, 'utf8')),
);
const corpus = [...gallery.map((e) => e.text), ...recorded.map((e) => `@${e.name} ${e.about}\n${e.text}`)];
const { below } = seeded(seed);
let plans = 0,
  slowest = 0,
  longest = '';
const from = performance.now();
for (let i = 0; i < count; i++) {
  const text = mutated(corpus, below),
    began = performance.now();
  const wrong = wrongWith(text, known);
  const ms = performance.now() - began;
  if (ms > slowest) [slowest, longest] = [ms, text];
  if (compileText(text, known).plan !== null) plans++;
  if (wrong === '') continue;
  console.log(`text ${i} of seed ${seed}: ${wrong}\n${text}`);
  process.exit(1);
}
const seconds = ((performance.now() - from) / 1000).toFixed(0);
console.log(`${count} texts, seed ${seed}, ${seconds} s: ${plans} are scenarios, the others say why not.`);
console.log(`slowest: ${slowest.toFixed(0)} ms for ${longest.length} letters`);
