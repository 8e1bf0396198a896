#!/usr/bin/env node
// The command line is TypeScript; npm's prepare step bundles it, and a newer source is bundled again here.
import { cliBundle, ensureCli } from '../scripts/build-cli.mjs';
import { pathToFileURL } from 'node:url';

await ensureCli();
await import(pathToFileURL(cliBundle).href);
