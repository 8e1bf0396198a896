// Installs what package-lock.json says, when that is not what is there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules/.folioscope-installed');

/** What an install depends on: the lockfile, and the machine that its native tools were chosen for. */
function fingerprint() {
  const lockfile = readFileSync(join(root, 'package-lock.json'));
  const machine = `${process.platform} ${process.arch}`;
  return createHash('sha256').update(lockfile).update(machine).digest('hex');
}

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint();
}

export function markInstalled() {
  writeFileSync(stamp, fingerprint());
}

/** Returns what it did, in words; throws if npm failed. */
export async function install() {
  if (isInstalled()) return 'packages: up to date';
  return withLock(join(root, '.install.lock'), () => {
    if (isInstalled()) return 'packages: up to date';
    giveNpmACache();
    const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
    const windows = process.platform === 'win32';
    const { status, error } = spawnSync('npm', ['ci', ...flags], {
      cwd: root,
      stdio: 'inherit',
      shell: windows,
    });
    if (status !== 0) throw new Error(`npm ci failed${error ? `: ${error.message}` : ''}`);
    markInstalled();
    return 'packages: installed from the lockfile';
  });
}

/** An account without a home folder, as CI runners have, still needs a place for npm's cache. */
export function giveNpmACache() {
  if (process.env.npm_config_cache && canMakeOrWrite(process.env.npm_config_cache)) return;
  if (!isWritable(homedir()))
    process.env.npm_config_cache = join(tmpdir(), `npm-cache-${process.getuid?.() ?? 0}`);
}

const canMakeOrWrite = (folder) =>
  isWritable(folder) || (!existsSync(folder) && isWritable(join(folder, '..')));

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
